"""What the parts of a method mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...ir.expressions import (
    Choose,
    Needed,
    Var,
)
from ...ir.walk import children
from .gathered import free_variables

__all__ = ["mentions", "needed_in"]


def mentions(parts: Iterable[object]) -> set[str]:
    """Names of the variables in some steps and values."""
    return {v.name for part in parts for v in free_variables(part)}


def needed_in(part: object) -> Iterator[Needed]:
    """Arguments that a value needs in any case, whatever its conditions say."""
    if isinstance(part, Needed):
        if isinstance(part.of, Var):
            yield part
    elif isinstance(part, Choose):
        return
    else:
        for child in children(part):
            yield from needed_in(child)
