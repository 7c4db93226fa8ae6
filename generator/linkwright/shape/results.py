"""What a successful call gives."""

from __future__ import annotations

from ..ir.api import Operation
from ..ir.types import Anything, Type, nullable, union
from ..source.text import SpecText

__all__ = ["accepted", "result_type"]


def accepted(operation: Operation) -> tuple[SpecText, ...]:
    """The media types that a caller may choose from; empty where there is no choice."""
    found = dict.fromkeys(
        media.media_type
        for outcome in operation.successes
        if len(outcome.media) > 1
        for media in outcome.media
    )
    return tuple(found)


def result_type(operation: Operation, media_type: SpecText | None = None) -> Type | None:
    """The union over the documented successes.

    Args:
        operation: What is called.
        media_type: What is asked for, where there is a choice.
    """
    types: list[Type | None] = []
    for outcome in operation.successes:
        chosen = next((m for m in outcome.media if m.media_type == media_type), None)
        types.append(chosen.type if chosen else outcome.type)
    given = [t for t in types if t is not None]
    if not given:
        return None
    joined = union(given)
    if None in types and not isinstance(joined, Anything):
        return nullable(joined)
    return joined
