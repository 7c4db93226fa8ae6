"""Strings that came from an input file, as a type that cannot be printed by accident.

Code injection through a spec is always the same mistake: a string of the document is put into
source text as if it were ours. `SpecText` is therefore not a `str`: formatting, concatenating or
rendering it raises. Text gets out of it in three ways only, each named: the literal and name
gates of the *shape* stage read `raw`, and messages use `shown`, which cannot control a terminal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

__all__ = ["SpecText", "SpecValue", "disarmed", "shown"]

_LIMIT = 120
#: What CI systems take for a command: GitHub at the beginning of a line, white space not counted,
#: and in its older form, like Azure Pipelines and TeamCity, anywhere.
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#(?:\w*)\[)", re.M)


@dataclass(frozen=True, slots=True, order=True)
class SpecText:
    """One string of an input document.

    Attributes:
        raw: The string itself. Only the gates of *shape* and lookups may read it.
    """

    raw: str

    def __bool__(self) -> bool:
        return bool(self.raw)

    def __str__(self) -> NoReturn:
        raise TypeError("text of a spec must pass a gate (linkwright.shape.literals) to be written")

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError("text of a spec must pass a gate (linkwright.shape.literals) to be written")

    @property
    def shown(self) -> str:
        """The string made safe for a message: escaped, bounded, on one line."""
        return shown(self.raw)


def shown(text: str, limit: int = _LIMIT) -> str:
    """Make untrusted text safe to print: one line, no control or direction characters, bounded.

    Terminals act on escape sequences and CI systems on lines such as `::set-env`; neither can be
    formed from what this returns.
    """
    head = text[:limit]
    escaped = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in head
    )
    return disarmed(escaped) + ("…" if len(text) > limit else "")


def disarmed(text: str) -> str:
    """Text in which CI systems find no commands, whatever line of it they look at."""
    if "::" not in text and "##" not in text:
        return text
    return _COMMAND.sub(lambda m: r"\x23" if m[1] is None else rf"{m[1]}\x3a", text)


@dataclass(frozen=True, slots=True)
class SpecValue:
    """One JSON value of an input document (a default, an enum member, a constant).

    Attributes:
        raw: None, bool, int, float, str, or lists and dicts of these. Only the literal gate of
            *shape* and comparisons may read it.
    """

    raw: object

    def __str__(self) -> NoReturn:
        raise TypeError(
            "a value of a spec must pass a gate (linkwright.shape.literals) to be written"
        )

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError(
            "a value of a spec must pass a gate (linkwright.shape.literals) to be written"
        )
