"""Going through the parts of a value of the IR."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import TypeVar, cast

__all__ = ["children", "find"]

T = TypeVar("T")


def children(node: object) -> tuple[object, ...]:
    """The members of a tuple, or the fields of a dataclass, without the types of expressions."""
    if isinstance(node, tuple):
        return cast("tuple[object, ...]", node)
    if is_dataclass(node):
        return tuple(getattr(node, f.name) for f in fields(node) if f.name != "type")
    return ()


def find(node: object, kind: type[T]) -> Iterator[T]:
    """Everything of one class in a value, from the outside in."""
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, kind):
            yield part
        stack.extend(reversed(children(part)))
