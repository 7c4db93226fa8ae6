"""Which parameters hold more levels than their style can write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..ir.types import (
    Alias,
    Declaration,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Struct,
    TupleOf,
    Type,
    UnionOf,
)

__all__ = ["is_nested"]


def is_nested(type_: Type, declarations: Mapping[str, Declaration]) -> bool:
    """Whether values of a type may have a list or an object inside a list or an object.

    RFC 6570, whose styles parameters have, writes one level; only `deepObject` goes on.
    """
    return any(
        _members(inner, declarations) is not None
        for outer in _bare(type_, declarations)
        for member in _members(outer, declarations) or ()
        for inner in _bare(member, declarations)
    )


def _members(type_: Type, declarations: Mapping[str, Declaration]) -> tuple[Type, ...] | None:
    """What is inside a list or an object; None for everything else."""
    match type_:
        case ListOf(inner) | MapOf(inner):
            return (inner,)
        case TupleOf(items):
            return items
        case Named(key) if isinstance(struct := declarations[key], Struct):
            extra = () if struct.extra is None else (struct.extra,)
            return (*(field.type for field in struct.fields), *extra)
        case _:
            return None


def _bare(type_: Type, declarations: Mapping[str, Declaration]) -> Iterator[Type]:
    """A type as its variants, without null and names of types that are no classes."""
    waiting, seen = [type_], set[str]()
    while waiting:
        match waiting.pop():
            case Nullable(inner):
                waiting.append(inner)
            case UnionOf(variants):
                waiting += variants
            case Named(key) if isinstance(alias := declarations[key], Alias):
                if key not in seen:
                    seen.add(key)
                    waiting.append(alias.type)
            case other:
                yield other
