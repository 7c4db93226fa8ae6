"""The complete output, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .paths import ancestors, check_path

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OutputTree"]


@dataclass(frozen=True, slots=True)
class OutputTree:
    """Every file of the output but the lock. Made by `of`, which checks.

    Attributes:
        files: Content by relative POSIX path, sorted by path.
    """

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> OutputTree:
        """Checks that the tree can exist, unchanged, on every file system.

        Raises:
            ValueError: A path is unsafe or not portable, or two paths cannot stand side by side.
                Paths are named by us and not by a spec, so this is a bug of the generator.
        """
        spelling: dict[str, str] = {}
        for path in files:
            check_path(path)
            for name in (path, *ancestors(path)):
                if (other := spelling.setdefault(name.casefold(), name)) != name:
                    raise ValueError(f"differ only in case: {other!r} and {name!r}")
            for folder in ancestors(path):
                if folder in files:
                    raise ValueError(f"both a file and a folder: {folder!r}")
        return cls(dict(sorted(files.items())))
