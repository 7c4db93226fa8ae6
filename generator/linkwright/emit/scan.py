"""What lies in a folder. Symbolic links are leaves: they are seen and never followed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .lock import digest
from .paths import MAX_FILE, ignored

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Leaf", "Scan", "intact", "read", "same", "scan"]


class Leaf(NamedTuple):
    """What changes when somebody touches a file, and does not when it is hard-linked."""

    mode: int
    inode: int
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at a folder; two are equal if nothing was touched in between.

    Attributes:
        leaves: Everything that is not a folder, by relative POSIX path.
        folders: Relative POSIX paths of the folders, without the root.
    """

    leaves: Mapping[str, Leaf]
    folders: frozenset[str]


def scan(folder: Path, *, everything: bool) -> Scan:
    """Looks at a folder; one that is not there is empty.

    Args:
        folder: The root; it alone may be reached through a link.
        everything: Also look at what is the user's own or a tool's (see `paths.ignored`).

    Raises:
        OSError: A folder cannot be listed.
    """
    leaves: dict[str, Leaf] = {}
    folders: set[str] = set()
    pending = [""] if os.path.lexists(folder) else []
    while pending:
        prefix = pending.pop()
        with os.scandir(folder / prefix) as entries:
            for entry in entries:
                path = prefix + entry.name
                is_folder = entry.is_dir(follow_symlinks=False)
                # A folder `x.pyc` is no bytecode; what is in it counts.
                if not everything and ignored(path + "/" if is_folder else path):
                    continue
                if is_folder:
                    folders.add(path)
                    pending.append(path + "/")
                else:
                    status = entry.stat(follow_symlinks=False)
                    leaves[path] = Leaf(
                        status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns
                    )
    return Scan(leaves, frozenset(folders))


def read(folder: Path, path: str, leaf: Leaf) -> bytes | None:
    """Reads a leaf, or gives None if it is no file, or larger than any of ours."""
    fits = stat.S_ISREG(leaf.mode) and leaf.size <= MAX_FILE
    return (folder / path).read_bytes() if fits else None


def same(content: bytes | None, wanted: bytes) -> bool:
    """Tells whether content is what we would write.

    Line endings do not count: a checkout with Git's ``autocrlf`` holds CRLF where we wrote LF, and
    is neither edited nor in need of being written again.
    """
    return content is not None and wanted in (content, content.replace(b"\r\n", b"\n"))


def intact(content: bytes | None, locked: str | None) -> bool:
    """Tells whether content has the digest of the lock, line endings not counted (see `same`)."""
    if content is None or locked is None:
        return False
    return digest(content) == locked or (
        b"\r\n" in content and digest(content.replace(b"\r\n", b"\n")) == locked
    )
