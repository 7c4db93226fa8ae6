"""What can go wrong between a tree and a disk.

EmitError
├── LockError        the lock file cannot be trusted
│   └── NewerLock    it was written by a newer generator
├── OutputError      the folder cannot be read or written
├── EditedOutput     work done by hand would be lost
└── ForeignFolder    the folder is not ours
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .paths import visible

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["EditedOutput", "EmitError", "ForeignFolder", "LockError", "NewerLock", "OutputError"]

_SHOWN = 10


class EmitError(Exception):
    """Base of this stage; the text is one line for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(message, keep=""))


class LockError(EmitError):
    """The lock file is there and is unreadable or not ours."""


class NewerLock(LockError):
    """The lock file is of a format that only a newer generator knows."""


class OutputError(EmitError):
    """The folder is unsuitable, or the operating system refused."""


class EditedOutput(EmitError):
    """Files were edited or added by hand and would be overwritten or removed.

    Attributes:
        paths: The files, relative to the output folder, sorted.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(sorted(paths))
        named = ", ".join(self.paths[:_SHOWN])
        more = f" and {len(self.paths) - _SHOWN} more" if len(self.paths) > _SHOWN else ""
        super().__init__(f"changed by hand, would be overwritten or removed: {named}{more}")


class ForeignFolder(EmitError):
    """The folder holds files and no lock, so nothing in it is known to be ours.

    Attributes:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder} is not empty and was not written by linkwright")
