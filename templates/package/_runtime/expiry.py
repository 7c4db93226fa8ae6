"""How long tokens live, and how providers say that one no longer does. Pure."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from .operation import Expired
    from .settle import Answer

__all__ = ["parse", "parse_lifetime", "says_expired"]


def says_expired(expired: tuple[Expired, ...], answer: Answer) -> bool:
    """Tell whether an answer is one of those that mean an expired token."""
    return any(
        one.status == answer.status and (not one.path or _at(answer.content, one.path) == one.value)
        for one in expired
    )


def _at(content: bytes, path: tuple[str, ...]) -> object:
    value = parse(content)
    for part in path:
        if isinstance(value, dict):
            value = cast("dict[str, object]", value).get(part)
        elif isinstance(value, list) and part.isdecimal():
            value = next(iter(cast("list[object]", value)[int(part) :]), None)
        else:
            return None
    return value


def parse(content: bytes) -> object:
    """Read a JSON body; what cannot be read is `None`."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def parse_lifetime(lifetime: object) -> float:
    """Read a lifetime in seconds: none is for ever, and one that makes no sense is over at once."""
    if lifetime is None:
        return math.inf
    try:
        seconds = float(cast("Any", lifetime))
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return 0.0 if math.isnan(seconds) else seconds
