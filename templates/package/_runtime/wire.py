"""How Python values are written in URLs, headers and bodies. Pure.

Whatever cannot be written raises `Unsendable`, whose text says why and never shows the value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Final, cast

from .values import UNSET

__all__ = [
    "CHARSET",
    "HEADER_NAME",
    "HEADER_VALUE",
    "SENT",
    "Unsendable",
    "dumped",
    "entries",
    "is_list",
    "json_bytes",
    "json_number",
    "local_moment",
    "plain",
    "plain_decimal",
    "scalar",
]

SENT: Final = object()
"""The context in which a model is written to be sent, when whatever cannot be is refused."""

CHARSET: Final = re.compile(r";\s*charset=\"?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
"""The charset in a `Content-Type`."""

HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

_LONGEST_DECIMAL: Final = 1000


class Unsendable(ValueError):
    """A value that has no form on the wire."""


def plain_decimal(value: Decimal) -> str:
    """Write a decimal without exponent."""
    # Decimal("1E+999999999") is a few bytes here and a gigabyte when written out.
    if not value.is_finite() or abs(value.adjusted()) > _LONGEST_DECIMAL:
        raise Unsendable("is not a number that can be written out")
    return format(value, "f")


def json_number(value: Decimal) -> int | float:
    """Give the JSON number that equals a decimal."""
    text = plain_decimal(value)
    if value == value.to_integral_value():
        return int(value)
    number = float(text)
    if Decimal(repr(number)) != value:
        raise Unsendable("has more digits than a JSON number can be relied on to keep")
    return number


def local_moment(value: object) -> str:
    """Write a moment without zone as `YYYY-MM-DD HH:MM:SS`."""
    if not isinstance(value, datetime):
        raise Unsendable("must be a datetime, or its text")
    if value.tzinfo is not None:
        raise Unsendable("must have no zone: the provider documents none")
    return value.isoformat(sep=" ", timespec="seconds")


def scalar(value: object) -> str:
    """Write a single value as text."""
    match value:
        case Enum():
            return scalar(value.value)
        case bool():
            return "true" if value else "false"
        case str():
            return _checked(value)
        case int():
            return _digits(value)
        case float() if isfinite(value):
            return repr(value)
        case Decimal():
            return plain_decimal(value)
        case date() | time():
            return value.isoformat()
        case None:
            raise Unsendable("cannot be null")
        case _ if _is_uuid(value):
            return str(value)
        case _:
            raise Unsendable("is of a kind that cannot be sent")


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:
        # Python writes no more than some thousands of digits.
        raise Unsendable("has too many digits") from None


def json_bytes(value: object) -> bytes:
    """Write a JSON document: compact, in UTF-8, without NaN and Infinity."""
    try:
        text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        raise Unsendable("holds text that is not valid Unicode") from None
    except RecursionError:
        raise Unsendable("is nested too deeply") from None
    except Unsendable:
        raise
    except ValueError:
        raise Unsendable("holds a number that JSON does not know") from None


def plain(value: object) -> object:
    """Copy a value into what `json` writes, leaving out what is not set."""
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return json_number(value)
        case Mapping():
            given = entries(cast("Mapping[object, object]", value))
            return {key: plain(item) for key, item in given}
        case _ if is_list(value):
            items = cast("Iterable[object]", value)
            return [plain(item) for item in items if item is not UNSET]
        case date() | time():
            return value.isoformat()
        case _ if _is_uuid(value):
            return str(value)
        case _:
            return dumped(value)


def dumped(value: object) -> object:
    """Give a model as what `json` writes."""
    # Imported here: only models get this far, so pydantic is loaded already.
    from pydantic_core import PydanticSerializationError

    from .models import Model

    if not isinstance(value, Model):
        raise Unsendable("holds a value of a kind that cannot be sent")
    try:
        # Pydantic's warnings would quote values.
        return value.model_dump(
            mode="json", by_alias=True, exclude_unset=True, warnings=False, context=SENT
        )
    except (PydanticSerializationError, OverflowError):
        raise Unsendable("holds a value that cannot be written") from None


def entries(mapping: Mapping[object, object]) -> list[tuple[str, object]]:
    """Give what is set in a mapping, whose keys must be strings."""
    found: list[tuple[str, object]] = []
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise Unsendable("holds a name that is not a string")
        if value is not UNSET:
            found.append((str(key), value))
    return found


def is_list(value: object) -> bool:
    """Tell whether a value has members, rather than being text or bytes."""
    return isinstance(value, (Sequence, set, frozenset)) and not isinstance(
        value, (str, bytes, bytearray, memoryview)
    )


def _is_uuid(value: object) -> bool:
    # Imported here: `uuid` is slow to import, and few values get this far.
    from uuid import UUID

    return isinstance(value, UUID)


def _checked(text: str) -> str:
    if "\0" in text:
        raise Unsendable("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unsendable("holds text that is not valid Unicode") from None
    return text
