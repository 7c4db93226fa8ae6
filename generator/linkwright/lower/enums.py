"""Enumerations and constants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from ..ir.types import (
    Anything,
    Constant,
    Declaration,
    Enumeration,
    ListOf,
    MapOf,
    Named,
    Scalar,
    ScalarKind,
    Type,
    Wish,
    json_type,
    union,
)
from ..openapi.enum_notes import notes_of_constants
from ..openapi.model import Schema
from ..source.text import SpecValue

__all__ = ["enumeration", "fixed_values", "of_constants"]

_PLAIN = {
    "number": ScalarKind.FLOAT,
    "boolean": ScalarKind.BOOLEAN,
}


def enumeration(
    schema: Schema, values: Sequence[SpecValue], wish: Wish, into: dict[str, Declaration]
) -> Type:
    """The type of a schema that lists its values, declared in `into` where it needs a name.

    Strings and integers become enumerations; other values have none in Python, and their types
    stand alone. Of a list of both, the strings have the name.
    """
    distinct = list({_identity(v): v for v in values}.values())
    if len(distinct) == 1:
        return _single(distinct[0])
    strings = [v for v in distinct if isinstance(v.raw, str)]
    integers = [v for v in distinct if json_type(v.raw) == "integer"]
    types: list[Type] = []
    if strings:
        types.append(_declared(schema, strings, schema.pointer, wish, into))
    if integers and len(integers) + len(strings) == len(distinct) and len(integers) > 1:
        own = wish.inside("Number") if strings else wish
        key = f"{schema.pointer}?numbers" if strings else schema.pointer
        types.append(_declared(schema, integers, key, own, into))
    elif integers and not any(isinstance(v.raw, float) for v in distinct):
        types.append(Scalar(ScalarKind.INTEGER))
    kinds = dict.fromkeys(json_type(v.raw) for v in distinct)
    types += [Scalar(_PLAIN[kind]) for kind in kinds if kind in _PLAIN]
    types += [_single(v) for v in distinct if json_type(v.raw) is None]
    return union(types)


def fixed_values(variants: Iterable[Schema]) -> tuple[SpecValue, ...]:
    """The values of variants that are a constant each: all strings, or all integers; else none."""
    found: list[SpecValue] = []
    for variant in variants:
        single = variant.enum is not None and len(variant.enum) == 1 and not variant.nullable
        if not single:
            return ()
        found.extend(cast("tuple[SpecValue]", variant.enum))
    kinds = {json_type(value.raw) for value in found}
    return tuple(found) if kinds in ({"string"}, {"integer"}) else ()


def of_constants(
    schema: Schema,
    variants: Sequence[Schema],
    values: tuple[SpecValue, ...],
    wish: Wish,
    into: dict[str, Declaration],
) -> Type:
    """The type of a union whose variants are `values`, one each."""
    noted = replace(schema, notes=tuple(notes_of_constants(variants)))
    return enumeration(noted, values, wish, into)


def _identity(value: SpecValue) -> tuple[str, str]:
    # 1, 1.0 and True are equal in Python, and not in JSON.
    return (type(value.raw).__name__, repr(value.raw))


def _single(value: SpecValue) -> Type:
    match value.raw:
        case bool() | int() | str():
            return Constant(value)
        case float():
            return Scalar(ScalarKind.FLOAT)
        case list():
            return ListOf(Anything())
        case dict():
            return MapOf(Anything())
        case _:
            return Anything()


def _declared(
    schema: Schema,
    values: Sequence[SpecValue],
    key: str,
    wish: Wish,
    into: dict[str, Declaration],
) -> Type:
    if len(values) == 1:
        return Scalar(ScalarKind.STRING)
    if key not in into:
        # Of a value that is listed twice, the first entry counts.
        notes = {_identity(note.value): note for note in reversed(schema.notes)}
        said = [notes.get(_identity(value)) for value in values]
        into[key] = Enumeration(
            key=key,
            wish=wish,
            values=tuple(values),
            names=tuple(note.name if note else None for note in said),
            descriptions=tuple(note.description if note else None for note in said),
            description=schema.description or schema.title,
            deprecated=schema.deprecated,
            span=schema.span,
        )
    return Named(key)
