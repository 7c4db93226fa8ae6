"""Small values that generated signatures, models and answers are made of."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple, Self

__all__ = ["Headers", "Issue", "OpenEnum", "OpenIntEnum", "UNSET", "Unset"]

_REQUEST_ID_HEADERS: Final = (
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "correlation-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-amz-cf-id",
    "cf-ray",
)


_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
#: A quote that is not closed goes on to the end, so that no text is looked at twice.
_MEMBER: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[^,"])+', re.S)
_ESCAPED: Final = re.compile(r"\\(.)", re.S)


class Unset(enum.Enum):
    """The type of `UNSET`, for signatures: `limit: int | Unset = UNSET`."""

    # An enum with one member, because type checkers narrow `value is UNSET` for nothing else.
    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Not given, so not sent. `None`, by contrast, always means JSON null."""


class Issue(NamedTuple):
    """Where an answer is not as documented. Holds no value of the answer."""

    path: tuple[str | int, ...]
    """Names on the wire and positions in lists, from the object that was asked."""

    kind: str
    """The rule that is broken, as pydantic calls it: `missing`, `string_type`, `union_tag_invalid`."""


class OpenEnum(enum.StrEnum):
    """A string enum that keeps values newer than this package instead of refusing them.

    An unknown string becomes an instance that is no member: it equals, hashes and serialises as
    the string it holds, and `is_known` is false.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_ = value
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether this value was documented when this package was generated."""
        return self._value_ in type(self)._value2member_map_


class OpenIntEnum(enum.IntEnum):
    """An integer enum that keeps values newer than this package instead of refusing them.

    As with `OpenEnum`, an unknown number becomes an instance that is no member.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        unknown = int.__new__(cls, value)
        unknown._name_ = str(value)
        unknown._value_ = value
        return unknown

    @property
    def is_known(self) -> bool:
        """Whether this value was documented when this package was generated."""
        return self._value_ in type(self)._value2member_map_


class Headers(Mapping[str, str]):
    """The headers of an answer: read-only, found whatever the spelling of their case.

    Values of a repeated header are joined with `, `. The `repr` shows names only, since a header
    may hold a session.
    """

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items: dict[str, str] = {}
        for name, value in items:
            key = name.lower()
            self._items[key] = f"{self._items[key]}, {value}" if key in self._items else value

    def __getitem__(self, name: str) -> str:
        return self._items[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def members(self, name: str) -> tuple[str, ...]:
        """The members of a header that is a list, in the order they came; none if it is not there.

        Members are separated by commas. One in quotes may hold some, and is given without quotes.
        """
        parts = (found.strip(" \t") for found in _MEMBER.findall(self.get(name, "")))
        return tuple(
            _ESCAPED.sub(r"\1", part[1:-1]) if _QUOTED.fullmatch(part) else part
            for part in parts
            if part
        )

    @property
    def request_id(self) -> str | None:
        """What the provider calls this request, in a form that is safe to log."""
        for name in _REQUEST_ID_HEADERS:
            if value := self.get(name):
                # It goes into log lines, and the other side chose it.
                return "".join(char for char in value if char.isprintable())[:128]
        return None

    def __repr__(self) -> str:
        return f"Headers({', '.join(self._items)})"
