"""Comparing a folder with its lock, and with a tree."""

from __future__ import annotations

import io
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import OutputError
from .paths import LOCK_NAME, visible
from .scan import Scan, intact, read, same, scan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from .lock import Lock
    from .tree import OutputTree

__all__ = ["FolderState", "diff", "inspect"]


@dataclass(frozen=True, slots=True)
class FolderState:
    """How a folder differs from its lock; relative paths, each sorted.

    Attributes:
        edited: Files whose content is not what was written, and whatever stands in their place.
        missing: Files that were written and are gone.
        extra: Files that were not written by us. Never those of the user's ``_custom`` folders, nor
            what interpreters and tools leave behind.
    """

    edited: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether the folder is exactly what the lock says."""
        return not (self.edited or self.missing or self.extra)


def inspect(folder: Path, lock: Lock) -> FolderState:
    """Compares a folder with its lock. ``templates/package/_verify.py`` keeps the same rules.

    CRLF for LF is no edit (Git's ``autocrlf``). A link, a folder or a pipe in the place of a file
    is one. Empty folders do not count.

    Raises:
        OutputError: The folder cannot be read.
    """
    try:
        found = scan(folder, everything=False)
        edited = [
            path
            for path, locked in lock.files.items()
            if path in found.folders
            or (path in found.leaves and not intact(read(folder, path, found.leaves[path]), locked))
        ]
    except OSError as error:
        raise _unreadable(folder, error) from error
    missing = lock.files.keys() - found.leaves.keys() - found.folders
    extra = found.leaves.keys() - lock.files.keys() - {LOCK_NAME}
    return FolderState(tuple(sorted(edited)), tuple(sorted(missing)), tuple(sorted(extra)))


def diff(
    folder: Path,
    tree: OutputTree,
    *,
    only: Collection[str] | None = None,
    leave_out: Collection[str] = (),
) -> str:
    """Shows what writing a tree would change: from the folder (``a/``) to the tree (``b/``).

    New and dropped files are one line each, changed ones a unified diff in which control and
    bidi characters are spelled out. CRLF for LF is no change.

    Args:
        folder: The output folder.
        tree: What it shall hold.
        only: The paths to look at; all of them if not given.
        leave_out: Paths that are not looked at.

    Returns:
        Text that ends in a newline, or nothing if there is no difference.

    Raises:
        OutputError: The folder cannot be read.
    """
    try:
        found = scan(folder, everything=False)
        paths = sorted(tree.files.keys() | (found.leaves.keys() - {LOCK_NAME}))
        paths = [p for p in paths if (only is None or p in only) and p not in leave_out]
        return "".join(
            visible(part) for path in paths for part in _change(folder, path, found, tree)
        )
    except OSError as error:
        raise _unreadable(folder, error) from error


def _change(folder: Path, path: str, found: Scan, tree: OutputTree) -> Iterator[str]:
    wanted = tree.files.get(path)
    if wanted is None:
        yield f"dropped: {visible(path, keep='')}\n"
    elif path in found.folders:
        yield f"edited: {path} is a folder\n"
    elif path not in found.leaves:
        yield f"new: {path}\n"
    elif (content := read(folder, path, found.leaves[path])) is None:
        large = stat.S_ISREG(found.leaves[path].mode)
        yield f"edited: {path} is {'too large to be one' if large else 'not a regular file'}\n"
    elif not same(content, wanted):
        yield from _unified(path, content, wanted)


def _unified(path: str, content: bytes, wanted: bytes) -> Iterator[str]:
    import difflib  # only when there is something to show

    old, new = _text(content), _text(wanted)
    if old is None or new is None:
        yield f"Binary files a/{path} and b/{path} differ\n"
        return
    # Split at LF only, unlike `splitlines`.
    before, after = list(io.StringIO(old)), list(io.StringIO(new))
    for line in difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _text(content: bytes) -> str | None:
    try:
        return None if b"\0" in content else content.replace(b"\r\n", b"\n").decode()
    except UnicodeDecodeError:
        return None


def _unreadable(folder: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot read {error.filename or folder}: {error.strerror}")
