"""What tells the variants of a union apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ..diagnostics import Collector
from ..ir.types import Declaration, Named, Nullable, Struct, Tag, Type, UnionOf
from ..openapi.model import Schema
from ..source.span import Span
from ..source.text import SpecText
from .compose import compose
from .graph import parts_of
from .wishes import last

__all__ = ["Members", "structs", "tag_of", "without_text"]

_TEXT = Schema(span=Span(""), pointer="", types=("string",))


@dataclass(frozen=True, slots=True)
class Members:
    """The variants of a union as schemas and as types, and what all other values are."""

    schemas: tuple[Schema, ...]
    types: tuple[Type, ...]
    other: str | None


def tag_of(
    schema: Schema,
    members: Members,
    schemas: Mapping[str, Schema],
    declarations: Mapping[str, Declaration],
    out: Collector,
) -> Tag | None:
    """The property that tells the variants apart, if there is one that can be used.

    That of the discriminator; or, without a discriminator, a required property that has a constant
    in each variant, a different one.
    """
    keys = [_struct_keys(type_, declarations) for type_ in members.types]
    if schema.discriminator is None:
        return None if None in keys else _constant_tag(members, schemas)
    discriminator = schema.discriminator
    tags: dict[SpecText, str] = {}
    for variant, type_, key in zip(members.schemas, members.types, keys, strict=True):
        inner = type_.inner if isinstance(type_, Nullable) else type_
        if (
            isinstance(inner, UnionOf)
            and inner.tag
            and inner.tag.wire == discriminator.property_name
        ):
            tags.update(inner.tag.keys)
        elif key is None or not (values := _values(variant, schema, members, schemas)):
            out.add(
                "W203",
                "the discriminator is not used: a variant is no object, or nothing says its value",
                discriminator.span,
            )
            return None
        else:
            tags.update((value, key) for value in values)
    return Tag(discriminator.property_name, tuple(tags.items()), members.other)


def structs(variants: Iterable[Type]) -> tuple[Type, ...]:
    """The variants of a union that has a tag, with those of unions of the same tag inside."""
    found: dict[Type, None] = {}
    for variant in variants:
        for part in variant.variants if isinstance(variant, UnionOf) else (variant,):
            found[part] = None
    return tuple(found)


def _struct_keys(type_: Type, declarations: Mapping[str, Declaration]) -> str | None:
    inner = type_.inner if isinstance(type_, Nullable) else type_
    if isinstance(inner, Named) and isinstance(declarations[inner.key], Struct):
        return inner.key
    return None


def _values(
    variant: Schema, whole: Schema, members: Members, schemas: Mapping[str, Schema]
) -> list[SpecText]:
    """The values that mean a variant: as mapped, else its own constants, else its name."""
    discriminator = whole.discriminator
    assert discriminator is not None
    refs = {variant.ref, *(part.ref for part in variant.all_of)} - {None}
    mapped = [value for value, ref in discriminator.mapping if ref in refs]
    if mapped:
        return mapped
    own = schemas[variant.ref] if variant.ref else variant
    # What a base says of the property is said of all who inherit from it; so it is of a variant
    # that is the base of another.
    others = {whole.pointer, *(v.ref for v in members.schemas)} - {own.pointer}
    bases = [part for part in parts_of(own, schemas) if part.pointer in others]
    common = {inner.pointer for base in bases for inner in parts_of(base, schemas)}
    fixed = _fixed(own, discriminator.property_name, schemas, common)
    return fixed or [SpecText(last(ref)) for ref in sorted(r for r in refs if r)]


def _fixed(
    variant: Schema,
    wire: SpecText,
    schemas: Mapping[str, Schema],
    common: Collection[str] = (),
) -> list[SpecText]:
    """The strings that a variant allows for a property, apart from what common parts say of it."""
    definitions = compose(variant, schemas).always.get(wire, ())
    for definition in reversed(definitions):
        if definition.holder.pointer in common:
            continue
        schema = definition.schema
        target = schemas[schema.ref] if schema.ref else schema
        if target.enum:
            return [SpecText(v.raw) for v in target.enum if isinstance(v.raw, str)]
    return []


def _constant_tag(members: Members, schemas: Mapping[str, Schema]) -> Tag | None:
    composites = [compose(variant, schemas) for variant in members.schemas]
    keys = [type_.key for type_ in members.types if isinstance(type_, Named)]
    if len(keys) < len(composites):
        return None
    for wire in composites[0].always:
        if not all(wire in c.required for c in composites):
            continue
        values = [_fixed(variant, wire, schemas) for variant in members.schemas]
        singles = [found[0] for found in values if len(found) == 1]
        if len(singles) == len(values) == len(set(singles)):
            return Tag(wire, tuple(zip(singles, keys, strict=True)))
    return None


def without_text(options: tuple[Schema, ...], schemas: Mapping[str, Schema]) -> tuple[Schema, ...]:
    """Options without plain text beside a list of known strings, which takes any other too."""
    targets = [schemas[o.ref] if o.ref else o for o in options]
    if not any(t.enum and all(isinstance(v.raw, str) for v in t.enum) for t in targets):
        return options
    return tuple(
        option
        for option, target in zip(options, targets, strict=True)
        if target
        != replace(
            _TEXT,
            span=target.span,
            pointer=target.pointer,
            description=target.description,
            title=target.title,
        )
    )
