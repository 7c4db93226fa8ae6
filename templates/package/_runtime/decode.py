"""From bytes to a typed value, whatever became of the specification since.

The common case is one call of pydantic, straight from the bytes. Only if that fails, the answer is
parsed again and mended (see `mend`): what is not as documented stays as it came, and is noted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, Self, cast

from pydantic import ValidationError

from .mend import adapter_of, details, mend
from .models import Model, issues_in
from .operation import TypeSource
from .values import Issue

__all__ = ["Undecodable", "decode"]

# A number of more digits than a float is sure to keep, where a value can stand. The first pattern
# finds every such number and a few others, ten times faster.
_PERHAPS_LONG: Final = re.compile(rb"\.(?:(?<=[0-9]{8}\.)[0-9]|[0-9]{9})")
_LONG: Final = re.compile(rb"(?:^|[:,\[\s])-?(?=[0-9.]{17})[0-9]+\.")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_NEW_VARIANT: Final = "union_tag_invalid"
"""Providers add variants; a dictionary that names one is read as such where it stands, also outermost."""
_SURELY_KEPT: Final = 15
_SHOWN_FAULTS: Final = 5
_DEEPEST: Final = 200
"""Pydantic's own limit for the nesting of JSON; what is parsed here is held to it, too."""


class Undecodable(ValueError):
    """There is no value in it. The text says why, without a word of the answer."""


def decode(
    source: TypeSource, content: bytes, *, strict: bool = False
) -> tuple[Any, tuple[Issue, ...]]:
    """Decode a body. Gives the value, and what in it is not as documented.

    Args:
        source: The documented type.
        content: The body.
        strict: Whether to refuse what is not as documented, instead of keeping it.

    Raises:
        Undecodable: It is no JSON, not even the outermost value has the documented shape, or
            `strict` refuses it.
    """
    adapter = adapter_of(source, source)
    try:
        if _PERHAPS_LONG.search(content) and _LONG.search(content):
            return _with_plain_floats(adapter.validate_python(_parsed(content))), ()
        return adapter.validate_json(content), ()
    except ValidationError as error:
        if strict:
            raise Undecodable(_faults(details(error))) from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise Undecodable(_unreadable(error)) from None
    notes: list[Issue] = []
    try:
        value = mend(source(), _parsed(content), (), notes)
    except (ValueError, RecursionError, OverflowError) as error:
        raise Undecodable(_unreadable(error)) from None
    if any(not note.path and note.kind != _NEW_VARIANT for note in notes):
        raise Undecodable(_faults(notes))
    return _with_plain_floats(value), (*notes, *issues_in(value))


def _parsed(content: bytes) -> Any:
    """Parse JSON more patiently than pydantic: any Unicode encoding, numbers of any length."""
    value = json.loads(content, parse_float=_number, parse_int=_whole)
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in _children(one)]
        if not level:
            return value
    raise ValueError("nested too deeply")


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()


def _whole(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        # Longer than Python reads. Kept as its digits: as a `Decimal`, pydantic would make an
        # integer of it, in a time that grows with the square of its length.
        return text


def _number(text: str) -> float:
    # So few digits are kept by any float.
    return float(text) if len(text) <= _SURELY_KEPT else _ExactFloat(text)


class _ExactFloat(float):
    """A float that knows how it was written: pydantic makes decimals from its text."""

    _text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number._text = text
        return number

    def __str__(self) -> str:
        return self._text


def _with_plain_floats(value: Any) -> Any:
    """Replace what no type has used up: pydantic cannot write floats that are more than that."""
    root: list[Any] = [value]
    stack: list[Any] = [root]
    while stack:
        one = stack.pop()
        if isinstance(one, Model):
            stack += (one.__dict__, one.__pydantic_extra__ or {})
            continue
        listed = isinstance(one, list)
        for key, item in enumerate(cast("list[Any]", one)) if listed else one.items():
            if type(item) is _ExactFloat:
                one[key] = float(item)
            elif isinstance(item, (Model, dict, list)):
                stack.append(item)
    return root[0]


def _faults(found: Sequence[Issue]) -> str:
    shown = [f"{_location(one.path)} {one.kind}".lstrip() for one in found[:_SHOWN_FAULTS]]
    more = len(found) - len(shown)
    return "; ".join(shown) + (f"; {more} more" if more else "")


def _location(parts: tuple[int | str, ...]) -> str:
    # A part may be a key that the provider chose, so what does not look like a name is masked.
    return ".".join(
        str(part) if isinstance(part, int) or _PLAIN_KEY.fullmatch(part) else "?" for part in parts
    )


def _unreadable(error: Exception) -> str:
    return f"no readable JSON ({type(error).__name__})"
