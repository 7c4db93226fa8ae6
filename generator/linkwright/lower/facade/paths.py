"""Paths of a mapping, followed through the facade's and the provider's declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...ir.expressions import (
    Attr,
    Entry,
    Expr,
    Var,
)
from ...ir.types import MapOf, Named, Struct, Type, UnionOf, nullable
from ...mapping.syntax import Path
from ...source.span import Span
from ...source.text import SpecText
from .fitting import LOST, bare, is_null
from .world import World, near

__all__ = ["Native", "Scope", "follow"]


@dataclass(frozen=True, slots=True)
class Native:
    """What a resource is mapped from, and what its mapping needs besides."""

    sources: tuple[Type, ...]
    context: tuple[Var, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean at one place.

    Attributes:
        variables: By the first part of a path.
        subject: What a path starts from that begins with none of them.
        operation: Name of the running operation.
        paged: Variables that are pages of items, not lists.
    """

    variables: Mapping[str, Expr]
    subject: Expr | None = None
    operation: str | None = None
    paged: frozenset[str] = frozenset()

    def inside(self, subject: Var) -> Scope:
        """Likewise inside a list or an object."""
        return replace(self, variables={**self.variables, subject.name: subject}, subject=subject)


def follow(world: World, path: Path, scope: Scope) -> Expr:
    """What a path leads to; E502 where it leads nowhere."""
    first, *rest = path.parts
    if first.raw == "settings" and rest:
        first, *rest = SpecText(f"settings.{rest[0].raw}"), *rest[1:]
    current = scope.variables.get(first.raw)
    if current is None:
        if scope.subject is None:
            _bad(
                world,
                "E502",
                f"{first.shown!r} is no argument, setting or step here",
                path.span,
                near(first.raw, list(scope.variables)),
            )
            return LOST
        current, rest = scope.subject, list(path.parts)
    for part in rest:
        if current is LOST:
            return LOST
        found = _step(world, current, part, path)
        if found is None:
            return LOST
        current = found
    return current


def _step(world: World, of: Expr, part: SpecText, path: Path) -> Expr | None:
    span = path.span
    lost = is_null(of.type)
    match bare(of.type):
        case MapOf(inner):
            return Entry(of, part, nullable(inner))
        case Named(key) if key.startswith("facade:"):
            return _facade_step(world, of, key, part, span)
        case Named() | UnionOf() as type_:
            keys = [v.key for v in _variants(type_) if isinstance(v, Named)]
            structs = [world.api.declarations.get(k) for k in keys]
            if len(structs) == len(_variants(type_)) and all(
                isinstance(s, Struct) for s in structs
            ):
                fields = [world.property(s, part, span) for s in structs if isinstance(s, Struct)]
                if any(f is None for f in fields):
                    return None
                types = [
                    f.type if f.required else nullable(f.type) for f in fields if f is not None
                ]
                if len({bare(t) for t in types}) > 1:
                    _bad(
                        world,
                        "E503",
                        f"{part.shown} is of different types in the sources",
                        span,
                        "write a hook",
                    )
                type_found = bare(types[0])
                if lost or any(is_null(t) for t in types):
                    type_found = nullable(type_found)
                return Attr(of, keys[0], part, type_found)
        case _:
            pass
    _bad(
        world,
        "E502",
        f"{'.'.join(p.shown for p in path.parts)}: {world.told(of.type)} has no properties, so no "
        f"{part.shown!r}",
        span,
        "end the path before it",
    )
    return None


def _facade_step(world: World, of: Expr, key: str, part: SpecText, span: Span) -> Expr | None:
    record = world.names.records.get(key.removeprefix("facade:"))
    for one in record.fields if record else ():
        if one.name == part.raw:
            return Attr(of, key, part, nullable(one.type) if is_null(of.type) else one.type)
    _bad(world, "E502", f"{world.title(key)} has no field {part.shown!r}", span, None)
    return None


def _variants(type_: Type) -> tuple[Type, ...]:
    return type_.variants if isinstance(type_, UnionOf) else (type_,)


def _bad(world: World, code: str, message: str, span: Span, help: str | None) -> None:
    world.bad(code, message, span, help=help)
