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
from urllib.parse import quote, quote_plus

from .operation import Param
from .values import UNSET

__all__ = [
    "SENT",
    "Unsendable",
    "cookie_pair",
    "form_bytes",
    "header_value",
    "json_bytes",
    "json_number",
    "local_moment",
    "path_segment",
    "plain_decimal",
    "query_pairs",
    "scalar",
]

SENT: Final = object()
"""The context in which a model is written to be sent, when whatever cannot be is refused."""

_HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_COOKIE_SAFE: Final = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_SEPARATORS: Final = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}
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


def path_segment(value: object) -> str:
    """Write a value so that it stays within one segment of a path."""
    text = scalar(value)
    if not text:
        raise Unsendable("is empty")
    if text.lower().replace("%2e", ".") in {".", ".."}:
        raise Unsendable("would change the path")
    return quote(text, safe="")


def query_pairs(param: Param, value: object) -> list[str]:
    """Write a query parameter as `name=value` pairs, encoded; none for an empty list."""
    name = quote(param.wire, safe="")
    explode = param.style == "form" if param.explode is None else param.explode
    if hasattr(value, "model_dump"):
        value = _dumped(value)
    if isinstance(value, Mapping):
        entries = _entries(cast("Mapping[object, object]", value))
        if param.style == "deepObject":
            return [f"{name}%5B{_quoted(key)}%5D={_quoted(item)}" for key, item in entries]
        if explode:
            return [f"{_quoted(key)}={_quoted(item)}" for key, item in entries]
        raise Unsendable("cannot be a mapping")
    if not _is_list(value):
        return [f"{name}={_quoted(value)}"]
    items = [_quoted(item) for item in cast("Iterable[object]", value)]
    if explode:
        return [f"{name}={item}" for item in items]
    if param.style not in _SEPARATORS:
        raise Unsendable("cannot be a list")
    return [f"{name}={_SEPARATORS[param.style].join(items)}"] if items else []


def header_value(value: object) -> str:
    """Write the value of a header."""
    items = cast("Iterable[object]", value) if _is_list(value) else (value,)
    text = ",".join(map(scalar, items))
    if not _HEADER_VALUE.fullmatch(text):
        raise Unsendable("holds characters that no header can carry")
    return text


def cookie_pair(name: str, value: object) -> str:
    """Write a cookie as `name=value`."""
    return f"{name}={quote(scalar(value), safe=_COOKIE_SAFE)}"


def json_bytes(value: object) -> bytes:
    """Write a JSON document: compact, in UTF-8, without NaN and Infinity."""
    try:
        text = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        raise Unsendable("holds text that is not valid Unicode") from None
    except RecursionError:
        raise Unsendable("is nested too deeply") from None
    except Unsendable:
        raise
    except ValueError:
        raise Unsendable("holds a number that JSON does not know") from None


def form_bytes(value: object) -> bytes:
    """Write a model or mapping as URL-encoded form; a list repeats its name."""
    tree = _plain(value)
    if not isinstance(tree, dict):
        raise Unsendable("must be a mapping")
    pairs: list[str] = []
    for name, entry in cast("dict[str, object]", tree).items():
        items = cast("list[object]", entry) if isinstance(entry, list) else [entry]
        key = quote_plus(_checked(name))
        pairs.extend(f"{key}={quote_plus(scalar(item))}" for item in items)
    return "&".join(pairs).encode()


def _plain(value: object) -> object:
    """Copy a value into what `json` writes, leaving out what is not set."""
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return json_number(value)
        case Mapping():
            entries = _entries(cast("Mapping[object, object]", value))
            return {key: _plain(item) for key, item in entries}
        case _ if _is_list(value):
            items = cast("Iterable[object]", value)
            return [_plain(item) for item in items if item is not UNSET]
        case date() | time():
            return value.isoformat()
        case _ if _is_uuid(value):
            return str(value)
        case _:
            return _dumped(value)


def _dumped(value: object) -> object:
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


def _entries(mapping: Mapping[object, object]) -> list[tuple[str, object]]:
    entries: list[tuple[str, object]] = []
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise Unsendable("holds a name that is not a string")
        if value is not UNSET:
            entries.append((str(key), value))
    return entries


def _is_list(value: object) -> bool:
    return isinstance(value, (Sequence, set, frozenset)) and not isinstance(
        value, (str, bytes, bytearray, memoryview)
    )


def _is_uuid(value: object) -> bool:
    # Imported here: `uuid` is slow to import, and few values get this far.
    from uuid import UUID

    return isinstance(value, UUID)


def _quoted(value: object) -> str:
    return quote(scalar(value), safe="")


def _checked(text: str) -> str:
    if "\0" in text:
        raise Unsendable("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unsendable("holds text that is not valid Unicode") from None
    return text
