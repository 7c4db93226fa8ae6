"""The folder beside the output in which the next one is built, and the step from one to the other.

``out/.clients.linkwright-<random>/`` belongs to ``out/clients/`` and holds a marker, ``tree`` (the
folder being built) and, where two folders cannot be exchanged in one step, ``old`` for a moment.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .errors import OutputError
from .guard import staging_name
from .lock import LOCK_NAME

if TYPE_CHECKING:
    from .plan import Plan

__all__ = ["build", "leftovers", "open_staging", "settle", "swap"]

_MARKER: Final = ".linkwright-staging"
_MARKER_TEXT: Final = "Left by a linkwright run that was interrupted. The next run removes it.\n"


def open_staging(target: Path) -> Path:
    """Makes an empty staging folder that nobody else can look into."""
    staging = target.parent / f".{target.name}.linkwright-{secrets.token_hex(8)}"
    staging.mkdir(mode=0o700)
    (staging / _MARKER).write_text(_MARKER_TEXT, encoding="ascii")
    return staging


def leftovers(target: Path) -> list[Path]:
    """Lists staging folders of earlier runs. Only to be trusted by who holds the guard."""
    with os.scandir(target.parent) as entries:
        return sorted(
            Path(entry.path)
            for entry in entries
            if staging_name(target).fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
            # One without a marker is ours only if the run died before it wrote the marker.
            and (os.path.lexists(Path(entry.path, _MARKER)) or not os.listdir(entry.path))
        )


def build(staging: Path, target: Path, plan: Plan) -> None:
    """Builds the new folder. What stays is the very same file, so it keeps its times and mode."""
    tree = staging / "tree"
    tree.mkdir()
    for path in plan.folders:
        (tree / path).mkdir()
    for path in (*plan.unchanged, *plan.foreign):
        _carry(target / path, tree / path)
    for path, content in plan.written.items():
        with (tree / path).open("xb") as file:
            file.write(content)
    # Inner folders first, and only now: some may not be written to.
    for path in reversed(plan.folders):
        if path in plan.foreign_folders:
            shutil.copystat(target / path, tree / path)
        elif path in plan.before.folders:
            shutil.copymode(target / path, tree / path)
    if target.is_dir():
        shutil.copymode(target, tree)


def _carry(source: Path, place: Path) -> None:
    try:
        os.link(source, place, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        shutil.copy2(source, place, follow_symlinks=False)


def swap(staging: Path, target: Path, plan: Plan) -> None:
    """Puts the new folder in the place of the old one.

    One step on Linux. Elsewhere two, and `settle` puts the old one back if the second never came.
    Where the system moves no folders at all (those of a lower layer of overlayfs, as in a container
    image) file by file: a run killed in the midst of that leaves both old and new files, each
    whole, and the next run completes it.
    """
    tree = staging / "tree"
    if not os.path.lexists(target):
        tree.rename(target)
    elif not _exchange(tree, target):
        try:
            target.rename(staging / "old")
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _pour(tree, target, plan)
        else:
            tree.rename(target)
    _sync(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swaps two folders in one step, or tells that it cannot be done, for whatever reason."""
    if sys.platform != "linux":
        return False
    at_cwd, rename_exchange = -100, 2
    try:
        import ctypes

        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, ImportError, OSError):
        return False  # another C library, or a Python built without the means to call it
    first, second = (ctypes.c_char_p(os.fsencode(path)) for path in (one, other))
    status: int = rename(at_cwd, first, at_cwd, second, ctypes.c_uint(rename_exchange))
    return status == 0


def _pour(tree: Path, target: Path, plan: Plan) -> None:
    for path in plan.removed:
        (target / path).unlink()
    for path in sorted(plan.before.folders.difference(plan.folders), reverse=True):
        with suppress(OSError):  # somebody put a file there just now
            (target / path).rmdir()
    for path in plan.folders:
        (target / path).mkdir(exist_ok=True)
    # The lock comes last: to the next run what was replaced is right, and the rest unedited.
    for path in sorted(plan.written, key=lambda path: (path == LOCK_NAME, path)):
        (tree / path).replace(target / path)


def _sync(folder: Path) -> None:
    """Makes the step itself survive a power cut, where folders can be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def settle(staging: Path, target: Path) -> None:
    """Ends a run, whether it came to its end or was interrupted: one output, no staging.

    Raises:
        OutputError: The old output cannot be put back, because something else took its place.
    """
    old = staging / "old"
    if os.path.lexists(old) and os.path.lexists(staging / "tree"):
        try:
            old.rename(target)
        except OSError as error:
            raise OutputError(
                f"an earlier run was interrupted and {target} was made anew since; "
                f"the output from before is {old}: move one of the two away"
            ) from error
    # What cannot be removed now is tried again by the next run; the output itself is complete.
    with suppress(OSError):
        for entry in os.listdir(staging):
            if entry != _MARKER:
                _remove(staging / entry)
        (staging / _MARKER).unlink(missing_ok=True)
        staging.rmdir()


def _remove(path: Path) -> None:
    if not stat.S_ISDIR(path.lstat().st_mode):
        path.unlink()
        return
    # Folders of the user may be read-only, and these are no longer theirs: copies, or dropped.
    path.chmod(0o700)
    for folder, names, _ in os.walk(path):
        for inner in (Path(folder, name) for name in names):
            if not inner.is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(path)
