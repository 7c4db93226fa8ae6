"""One writer at a time: a lock on a file beside the output folder, and what writers leave there."""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from .errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

__all__ = ["WAIT_SECONDS", "exclusive", "guard_path", "has_leftovers", "staging_name"]

WAIT_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.05


def guard_path(target: Path) -> Path:
    """The file that is locked while `target` is written; it goes away afterwards."""
    return target.parent / f".{target.name}.linkwright-lock"


def has_leftovers(target: Path) -> bool:
    """Tells whether an earlier run was interrupted, or another one is at work."""
    try:
        names = os.listdir(target.parent)
    except (FileNotFoundError, PermissionError):  # whoever may not look cannot write either
        return False
    # Names only: without the guard, what they name may be gone in a moment.
    return any(
        name == guard_path(target).name or staging_name(target).fullmatch(name) for name in names
    )


def staging_name(target: Path) -> re.Pattern[str]:
    """How the folders beside `target` are called in which the next output is built."""
    return re.compile(re.escape(f".{target.name}.linkwright-") + "[0-9a-f]{16}")


@contextmanager
def exclusive(target: Path, *, wait: float = WAIT_SECONDS) -> Generator[None]:
    """Holds off other processes and threads that write the same folder.

    The system drops the lock when a process dies, so a guard file left behind blocks nobody.

    Args:
        target: The output folder; its parent must be there.
        wait: Seconds to wait for another run.

    Raises:
        OutputError: Another run still holds the lock.
        OSError: The guard cannot be made.
    """
    path = guard_path(target)
    deadline = time.monotonic() + wait
    while (guard := _acquire(path)) is None:
        if time.monotonic() >= deadline:
            raise OutputError(f"another run is writing {target}; gave up after {wait:.0f} seconds")
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        # Removed while held: whoever waits on this very file notices in `_acquire`. Windows does
        # not remove open files, and there a file that somebody waits for is open.
        with suppress(OSError):
            os.unlink(path)
        os.close(guard)
        if sys.platform == "win32":
            with suppress(OSError):
                os.unlink(path)


def _acquire(path: Path) -> int | None:
    guard = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    held = False
    try:
        # A lock on a file that its last holder removed would protect nothing.
        held = _lock(guard) and _is_at(guard, path)
    finally:
        if not held:
            os.close(guard)
    return guard if held else None


if sys.platform == "win32":
    import msvcrt

    def _lock(guard: int) -> bool:
        try:
            msvcrt.locking(guard, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _lock(guard: int) -> bool:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _is_at(guard: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(guard), os.lstat(path))
    except FileNotFoundError:
        return False
