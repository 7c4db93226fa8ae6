"""Whether a value fits where it is put, and what has to be done to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from ...ir.expressions import (
    Attr,
    Cast,
    Constantly,
    Expr,
    Member,
)
from ...ir.facade import (
    facade_key,
)
from ...ir.types import (
    Anything,
    Constant,
    Enumeration,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Type,
    UnionOf,
    nullable,
)
from ...source.span import Span
from ...source.text import SpecText, SpecValue, shown
from .world import World, near

__all__ = ["LOST", "bare", "constant", "fit", "is_null"]

#: What stands for a value that was complained about: nothing more is said of it.
LOST: Final = Constantly(SpecValue(None), Anything())

_STRING = Scalar(ScalarKind.STRING)
_MOMENTS = {ScalarKind.TIMESTAMP, ScalarKind.UTC_TIMESTAMP, ScalarKind.LOCAL_TIMESTAMP}


def bare(type_: Type) -> Type:
    """A type without null."""
    return type_.inner if isinstance(type_, Nullable) else type_


def is_null(type_: Type) -> bool:
    """Whether null is among the values of a type."""
    return isinstance(type_, Nullable)


def fit(world: World, given: Expr, want: Type, span: Span, what: str) -> Expr:
    """`given` in the form of `want`; E503 where it has none.

    Args:
        world: Takes complaints.
        given: A value.
        want: What is expected there.
        span: Of the mapping.
        what: What is filled, for messages.
    """
    if given is LOST:
        return given
    done = _cast(world, given, bare(want), what)
    if done is None:
        world.bad(
            "E503",
            f"{what} is {world.told(want)}, but this is {world.told(given.type)}",
            span,
            help="choose another path, or write a hook: {hook: name, with: [...]}",
            there=_there(world, given),
        )
        return given
    if is_null(done.type) and not is_null(want) and not isinstance(want, Anything):
        world.bad(
            "E503",
            f"{what} must not be null, but this may be",
            span,
            help=f"first: [{_shown_path(given)}, {{const: ...}}], or let {what} be null",
            there=_there(world, given),
        )
    if isinstance(done, Cast) and done.kind == "text" and is_null(want):
        # What is documented to be there may be missing all the same, and here it may be.
        return replace(done, type=nullable(done.type))
    return done


def _cast(world: World, given: Expr, want: Type, what: str) -> Expr | None:
    have = bare(given.type)
    name = what.split()[-1]
    if have == want == _STRING and _documented(given):
        return Cast("text", given, name, _STRING)
    if isinstance(want, Anything) or have == want:
        return given
    if isinstance(given, Constantly) and given.value.raw is None:
        return replace(given, type=nullable(want))
    match want, have:
        case Scalar(kind), Scalar(other):
            return _cast_scalar(given, kind, other, name)
        case Scalar(ScalarKind.STRING), Named(key):
            if isinstance(_declared(world, key), Enumeration):
                return Cast("text", given, name, _like(given.type, _STRING))
            return None
        case Scalar(ScalarKind.STRING), Constant(value) if isinstance(value.raw, str):
            return given
        case Scalar(ScalarKind.STRING), UnionOf(variants):
            if all(v in (_STRING, Scalar(ScalarKind.INTEGER)) for v in variants):
                return Cast("text", given, name, _like(given.type, _STRING))
            return None
        case Named(key), Scalar(ScalarKind.STRING):
            # Enumerations of providers are open, and their parameters take plain strings.
            return given if isinstance(_declared(world, key), Enumeration) else None
        case UnionOf(variants), _:
            return given if have in variants else None
        case ListOf(item), ListOf(inner):
            return given if _list_fits(world, item, inner) else None
        case MapOf(item), MapOf(inner):
            return given if item == inner or isinstance(item, Anything) else None
        case _:
            return None


def _documented(given: Expr) -> bool:
    """Whether a value is there by the word of the provider's document only: ids have been missing."""
    return (
        isinstance(given, Attr)
        and not given.struct.startswith(facade_key(""))
        and not is_null(given.type)
    )


def _list_fits(world: World, want: Type, have: Type) -> bool:
    if want == have or isinstance(want, Anything):
        return True
    is_enum = isinstance(want, Named) and isinstance(_declared(world, want.key), Enumeration)
    return is_enum and have == _STRING


def _cast_scalar(given: Expr, want: ScalarKind, have: ScalarKind, name: str) -> Expr | None:
    if want in _MOMENTS and have in _MOMENTS:
        return given
    match want, have:
        case ScalarKind.STRING, ScalarKind.INTEGER:
            return Cast("text", given, name, _like(given.type, _STRING))
        case ScalarKind.TIMESTAMP, ScalarKind.STRING:
            return Cast("moment", given, name, nullable(Scalar(want)))
        case ScalarKind.INTEGER, ScalarKind.STRING:
            return Cast("digits", given, name, _like(given.type, Scalar(want)))
        case ScalarKind.FLOAT, ScalarKind.INTEGER:
            return given
        case ScalarKind.LOCAL_TIMESTAMP, ScalarKind.TIMESTAMP:
            return given
        case _:
            return None


def _like(type_: Type, inner: Type) -> Type:
    return nullable(inner) if is_null(type_) else inner


def _declared(world: World, key: str) -> object:
    return world.api.declarations.get(key)


def constant(world: World, value: SpecValue, want: Type, span: Span, what: str) -> Expr:
    """A constant of a type; E503 where it is none."""
    raw = value.raw
    inner = bare(want)
    if raw is None or raw == []:
        if (raw is None and is_null(want)) or (raw == [] and isinstance(inner, ListOf)):
            return Constantly(value, want)
    elif isinstance(inner, Named) and isinstance(raw, str):
        return _member(world, SpecText(raw), inner, span, what)
    elif isinstance(inner, ListOf) and isinstance(raw, list):
        if all(isinstance(item, str) for item in cast("list[object]", raw)):
            return Constantly(value, inner)
    elif isinstance(inner, Constant):
        if inner.value == value:
            return Constantly(value, inner)
    elif isinstance(inner, Scalar) and _is(raw, inner.kind):
        return Constantly(value, inner)
    written = repr(value.raw)
    world.bad(
        "E503",
        f"{what} is {world.told(want)}, which {shown(written)} is not",
        span,
        help="put another constant there",
    )
    return Constantly(value, want)


def _member(world: World, value: SpecText, want: Named, span: Span, what: str) -> Expr:
    facade = {facade_key(n): e for n, e in world.names.enums.items()}
    if want.key in facade:
        known = [v for v, _ in facade[want.key].values]
        if value not in known:
            world.out.add(
                "E503",
                f"{what} is {world.told(want)}, which has no value {value.shown!r}",
                span,
                help=near(value.raw, [v.raw for v in known]),
            )
        return Member(want.key, value, want)
    declared = _declared(world, want.key)
    if isinstance(declared, Enumeration):
        world.value(declared, value, span)
        return Member(want.key, value, want)
    world.bad("E503", f"{what} is {world.told(want)}, and takes no constant", span)
    return Constantly(SpecValue(value.raw), _STRING)


def _is(raw: object, kind: ScalarKind) -> bool:
    match kind:
        case ScalarKind.STRING:
            return isinstance(raw, str)
        case ScalarKind.BOOLEAN:
            return isinstance(raw, bool)
        case ScalarKind.INTEGER:
            return isinstance(raw, int) and not isinstance(raw, bool)
        case _:
            return False


def _shown_path(given: Expr) -> str:
    wire = getattr(given, "wire", None)
    return wire.shown if isinstance(wire, SpecText) else "..."


def _there(world: World, given: Expr) -> tuple[Span, str] | None:
    """Where the provider's document says what the value is."""
    wire, key = getattr(given, "wire", None), getattr(given, "struct", None)
    struct = world.api.declarations.get(key) if isinstance(key, str) else None
    for one in getattr(struct, "fields", ()):
        if one.wire == wire:
            return one.span, f"{one.wire.shown} is {world.told(one.type)} here"
    return None
