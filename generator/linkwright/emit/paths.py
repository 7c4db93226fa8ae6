"""Rules for paths inside an output folder: which we write, and which belong to the user."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..source.text import disarmed

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LOCK_NAME", "MAX_FILE", "ancestors", "check_path", "ignored", "visible"]

LOCK_NAME: Final = "linkwright.lock"
#: Bytes that no file of an output has: one that has more is none of ours, and is not read.
MAX_FILE: Final = 64 * 1024 * 1024

# Left alone wherever they stand: the user's own corner, and what tools leave behind.
_IGNORED_NAMES: Final = frozenset(
    {"_custom", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"}
)
_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
# Windows reserves these with any suffix: `aux.py` cannot be checked out there.
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_MAX_LENGTH: Final = 200


def check_path(path: str) -> None:
    """Refuses a path that is not relative, portable and ours to write.

    ``templates/package/_verify.py`` keeps the same rules.

    Raises:
        ValueError: Says which rule is broken.
    """
    if len(path) > _MAX_LENGTH:
        raise ValueError(f"a path is longer than {_MAX_LENGTH} characters: '{path}'")
    for part in path.split("/"):
        if not _PART.fullmatch(part) or part.endswith("."):
            raise ValueError(f"not a portable relative path: '{path}'")
        if _DEVICE.fullmatch(part):
            raise ValueError(f"reserved on Windows: '{path}'")
    if path.casefold() == LOCK_NAME:
        raise ValueError(f"the lock does not hold itself: '{path}'")
    if ignored(path):
        raise ValueError(f"belongs to the user or a tool, not to the output: '{path}'")


def ignored(path: str) -> bool:
    """Tells whether a file is none of our business: never reported, always kept."""
    return path.endswith(".pyc") or not _IGNORED_NAMES.isdisjoint(path.split("/"))


def ancestors(path: str) -> Iterator[str]:
    """Yields the folders a path lies in, the innermost first."""
    while (cut := path.rfind("/")) >= 0:
        path = path[:cut]
        yield path


def visible(text: str, *, keep: str = "\n\t") -> str:
    """Spells out what a terminal or a CI system would obey or hide."""
    if text.isascii() and text.isprintable():
        return disarmed(text)
    return disarmed(
        "".join(
            (
                char
                if char.isprintable() or char in keep
                else char.encode("unicode_escape").decode("ascii")
            )
            for char in text
        )
    )
