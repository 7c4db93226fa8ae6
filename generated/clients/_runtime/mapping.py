"""Small steps of a facade between its own values and those of a provider."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

from .values import UNSET, Unset

if TYPE_CHECKING:
    from .operation import RequestOptions

__all__ = [
    "EARLIEST",
    "address",
    "digits",
    "given",
    "joined",
    "keyed",
    "lookup",
    "moment",
    "needed",
    "only",
    "same_owner",
    "spread",
    "text",
    "written",
]

T = TypeVar("T")
K = TypeVar("K")

EARLIEST: Final = datetime.min.replace(tzinfo=UTC)
"""Stands for a time that is not known where times are compared."""

_DIGITS: Final = re.compile(r"[0-9]{1,19}")


def given(value: T | None) -> T | Unset:
    """An optional argument as a provider's client takes it: none is not sent."""
    return UNSET if value is None else value


def keyed(options: RequestOptions | None, key: str | None) -> RequestOptions | None:
    """Options of a call with a key that makes it safe to repeat."""
    if key is None:
        return options
    return {**(options or {}), "idempotency_key": key}


def text(value: object) -> str | None:
    """An id or a state as plain text, if there is one. Of a number, no digit is ever lost."""
    return None if value is None else str(value)


def written(value: object) -> str:
    """An id as plain text.

    Raises:
        FacadeError: The provider left it out, though it is documented to be there.
    """
    if value is None:
        from .failures import FacadeError

        raise FacadeError("the answer lacks what is documented to be there")
    return str(value)


def digits(value: str, name: str) -> int:
    """Text that the provider takes as a positive number.

    Raises:
        InvalidArgument: It is none.
    """
    if not _DIGITS.fullmatch(value) or not value.strip("0"):
        from .failures import InvalidArgument

        raise InvalidArgument(f"`{name}` must be digits")
    return int(value)


def moment(value: str | None) -> datetime | None:
    """A time as RFC 3339 writes it; None for what is none, and for an empty string."""
    if not value:
        return None
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value))
    except ValueError:
        return None


def lookup(table: Mapping[K, T], key: K | None, other: T, null: T | Unset = UNSET) -> T:
    """A value of a table.

    Args:
        table: By what a provider may send.
        key: What it sent.
        other: For what is not in the table; nothing that is no string is.
        null: For none, if that is not like anything else that is unknown.
    """
    if key is None:
        return other if null is UNSET else null
    try:
        return table.get(key, other)
    except TypeError:
        return other


def needed(value: T | None, name: str) -> T:
    """An argument that may be left out elsewhere, but not here.

    Raises:
        InvalidArgument: It is missing.
    """
    if value is None:
        from .failures import InvalidArgument

        raise InvalidArgument(f"`{name}` is missing")
    return value


def spread(values: Mapping[str, str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Names and values that a user gave, as members of a request.

    Args:
        values: By name.
        reserved: Names that mean something else to the provider.

    Raises:
        InvalidArgument: A name is reserved, or there is no value at all.
    """
    from .failures import InvalidArgument

    if not values:
        raise InvalidArgument("at least one value is needed")
    wrong = sorted(set(values) & set(reserved))
    if wrong:
        raise InvalidArgument(f"{', '.join(wrong)}: the provider takes it for something else")
    return dict(values)


def only(values: Mapping[str, str] | None, *names: str) -> None:
    """Refuse names that the provider does not know, which would be lost in silence.

    Raises:
        InvalidArgument: There is such a name.
    """
    if values and not values.keys() <= set(names):
        from .failures import InvalidArgument

        raise InvalidArgument(f"only these names can be given: {', '.join(names)}")


def same_owner(owner: str | None, found: str | None) -> None:
    """Refuse an owner that was named, but is not the one the provider knows.

    Raises:
        ForeignOwner: They differ.
    """
    if owner is not None and found is not None and owner != found:
        from .failures import ForeignOwner

        raise ForeignOwner("it belongs to another owner than the one that was named")


def joined(*parts: object) -> str | None:
    """Texts one after the other; None if all values between them are none.

    Args:
        parts: Texts and values by turns, beginning with a text.
    """
    if all(value is None for value in parts[1::2]):
        return None
    return "".join("" if part is None else str(part) for part in parts)


def address(base: str, query: Mapping[str, object]) -> str:
    """A URL with a query; parts that are None are left out."""
    pairs = [
        f"{quote(name, safe='')}={quote(str(value), safe='')}"
        for name, value in query.items()
        if value is not None
    ]
    return f"{base}?{'&'.join(pairs)}" if pairs else base
