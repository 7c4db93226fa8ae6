"""Which declarations have values that come from the provider."""

from __future__ import annotations

from collections.abc import Iterator

from ..ir.api import Api
from ..ir.types import (
    Alias,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Struct,
    TupleOf,
    Type,
    UnionOf,
)

__all__ = ["received"]


def received(api: Api) -> frozenset[str]:
    """Keys of declarations that are received, or that lists and mappings that are sent hold.

    Code can have annotated those with the name of their class in a place where nothing but that
    very class will do: as what a method gives, or as what is in a list.
    """
    found: set[str] = set()
    seen: set[tuple[str, bool]] = set()
    pending = list(_roots(api))
    while pending:
        type_, is_received = pending.pop()
        for key, held in _named(type_, held=False):
            exact = is_received or held
            if exact:
                found.add(key)
            if (key, is_received) not in seen:
                seen.add((key, is_received))
                declaration = api.declarations[key]
                if isinstance(declaration, Struct):
                    inside = [field.type for field in declaration.fields]
                    inside += [MapOf(declaration.extra)] if declaration.extra else []
                else:
                    inside = [declaration.type] if isinstance(declaration, Alias) else []
                pending += [(one, is_received) for one in inside]
    return frozenset(found)


def _roots(api: Api) -> Iterator[tuple[Type, bool]]:
    """Every type that goes over the wire, and whether it comes from there."""
    for event in api.events:
        yield event.type, True
    for resource in api.resources:
        for operation in resource.operations:
            for outcome in (*operation.successes, *operation.failures):
                if outcome.type is not None:
                    yield outcome.type, True
            if operation.paging is not None:
                yield operation.paging.item, True
            for media in operation.body.media if operation.body else ():
                yield media.type, False
            for param in operation.params:
                yield param.type, False


def _named(type_: Type, *, held: bool) -> Iterator[tuple[str, bool]]:
    match type_:
        case Named(key):
            yield key, held
        case Nullable(inner):
            yield from _named(inner, held=held)
        case ListOf(inner) | MapOf(inner):
            yield from _named(inner, held=True)
        case UnionOf(parts):
            for part in parts:
                yield from _named(part, held=held)
        case TupleOf(parts):
            for part in parts:
                yield from _named(part, held=True)
        case _:
            return
