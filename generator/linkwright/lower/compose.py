"""Objects that are composed of several schemas, as the properties they have in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..openapi.model import Schema
from ..source.text import SpecText
from .graph import content, is_object, parts_of
from .wishes import last

__all__ = [
    "Composite",
    "Definition",
    "choices",
    "compose",
    "inherits",
    "lists",
    "merged",
    "speaking",
    "with_base",
]


@dataclass(frozen=True, slots=True)
class Definition:
    """What one schema says of a property.

    Attributes:
        schema: The property's schema.
        holder: The schema that has it among its properties.
    """

    schema: Schema
    holder: Schema


@dataclass(frozen=True, slots=True)
class Composite:
    """An object after `allOf`, alternatives and conditions.

    Attributes:
        always: What is said of each property whatever the alternative, bases first.
        sometimes: What alternatives and conditions say of further properties.
        required: Names of properties that always come.
        extra: Schemas of properties that have no name.
    """

    always: Mapping[SpecText, tuple[Definition, ...]]
    sometimes: Mapping[SpecText, tuple[Definition, ...]]
    required: frozenset[SpecText]
    extra: tuple[Schema, ...]


def compose(schema: Schema, schemas: Mapping[str, Schema]) -> Composite:
    """Collect what an object is made of.

    Properties of alternatives (`oneOf`, `anyOf`) and of conditions are there, none of them
    required: which of them go together is not expressed.
    """
    always = parts_of(schema, schemas)
    seen = {part.pointer for part in always}
    waiting = [a for part in always for a in _alternatives(part, schema, schemas)]
    sometimes: list[Schema] = []
    while waiting:
        for part in parts_of(waiting.pop(0), schemas):
            if part.pointer not in seen:
                seen.add(part.pointer)
                sometimes.append(part)
                waiting.extend(_alternatives(part, schema, schemas))
    named = _definitions(always)
    return Composite(
        always=named,
        sometimes={w: d for w, d in _definitions(sometimes).items() if w not in named},
        required=frozenset[SpecText]().union(*(part.required for part in always)),
        extra=tuple(_extra([*always, *sometimes])),
    )


def _definitions(parts: Iterable[Schema]) -> dict[SpecText, tuple[Definition, ...]]:
    found: dict[SpecText, tuple[Definition, ...]] = {}
    for part in parts:
        for wire, child in part.properties:
            found[wire] = (*found.get(wire, ()), Definition(child, part))
    return found


def _extra(parts: Iterable[Schema]) -> Iterable[Schema]:
    for part in parts:
        yield from part.patterns
        if isinstance(part.additional, Schema):
            yield part.additional


def _alternatives(part: Schema, whole: Schema, schemas: Mapping[str, Schema]) -> tuple[Schema, ...]:
    """Alternatives and conditions of a part; none if the whole is one of the alternatives.

    A base that lists those who inherit from it says nothing about any one of them.
    """
    found = (*part.one_of, *part.any_of)
    if any(v.ref == whole.pointer or v.pointer == whole.pointer for v in found):
        found = ()
    return tuple(
        one for one in (*found, *part.conditional) if not inherits(one, whole.pointer, schemas)
    )


def inherits(variant: Schema, base: str, schemas: Mapping[str, Schema]) -> bool:
    """Whether an alternative is composed of the schema that lists it."""
    return any(part.pointer == base for part in parts_of(variant, schemas))


def choices(schema: Schema) -> tuple[Schema, ...]:
    """Alternatives of a schema that say more than a constraint; null, nothing, repetitions aside."""
    found: dict[object, Schema] = {}
    for variant in (*schema.one_of, *schema.any_of):
        only_null = variant.nullable and not (content(variant) or variant.ref or variant.all_of)
        bare = not (variant.ref or variant.all_of or _typing(variant))
        if only_null or variant.boolean is False or bare:
            continue
        found.setdefault(_form(variant), variant)
    return tuple(found.values())


def _typing(schema: Schema) -> bool:
    """Whether it says more than which properties are required."""
    return content(replace(schema, required=frozenset(), conditional=()))


def _form(schema: Schema) -> object:
    """Something that is equal for schemas that say the same, wherever they stand."""
    additional = schema.additional
    return (
        schema.ref,
        schema.boolean,
        schema.types,
        schema.nullable,
        schema.format,
        schema.title,
        repr(schema.enum),
        tuple((key, _form(child)) for key, child in schema.properties),
        schema.required,
        _form(additional) if isinstance(additional, Schema) else additional,
        schema.timestamp,
        schema.name,
        _form(schema.items) if schema.items else None,
        *(
            tuple(_form(child) for child in group)
            for group in (
                schema.patterns,
                schema.prefix,
                schema.all_of,
                schema.one_of,
                schema.any_of,
                schema.conditional,
            )
        ),
    )


def own_part(schema: Schema) -> Schema:
    """A schema without what it refers to or is composed of."""
    return replace(schema, ref=None, all_of=())


def speaking(schema: Schema, schemas: Mapping[str, Schema]) -> list[Schema]:
    """The parts of a composed schema that say something of the type, the schema's own last."""
    parts = list(schema.all_of)
    if schema.ref is not None:
        target = schemas[schema.ref]
        parts.insert(0, Schema(span=schema.span, pointer=target.pointer, ref=target.pointer))
    found = [part for part in parts if any(content(inner) for inner in parts_of(part, schemas))]
    own = own_part(schema)
    if content(own):
        found.append(own)
    return found


def merged(key: str, definitions: tuple[Definition, ...], schemas: Mapping[str, Schema]) -> Schema:
    """One schema of everything that is said of a property, bases first.

    What says nothing of the type leaves the type of the others; objects are put together; of
    anything else, the last that speaks wins, since it refines what it inherits.

    Args:
        key: Identity of a schema that has to be put together.
        definitions: What is said, at least one thing.
        schemas: What references reach.
    """
    if len(definitions) == 1:
        return definitions[0].schema
    given = [d.schema for d in definitions]
    talking = [s for s in given if any(content(p) for p in parts_of(s, schemas))]
    if len(talking) < 2:
        return talking[0] if talking else given[-1]
    final = talking[-1]
    reached = {part.pointer for part in parts_of(final, schemas)}
    others = [s for s in talking[:-1] if (s.ref or s.pointer) not in reached]
    if others and all(_objects(s, schemas) for s in (*others, final)):
        return Schema(
            span=final.span,
            pointer=key,
            all_of=(*others, final),
            nullable=final.nullable,
            description=final.description,
            name=final.name,
        )
    return final


def _objects(schema: Schema, schemas: Mapping[str, Schema]) -> bool:
    parts = parts_of(schema, schemas)
    return any(p.properties for p in parts) and all(
        is_object(p) for p in parts if p.types or p.properties
    )


def with_base(schema: Schema, variant: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """An alternative together with the properties that stand beside all of them."""
    base = replace(
        schema, pointer=f"{schema.pointer}?base", one_of=(), any_of=(), discriminator=None
    )
    target = schemas[variant.ref] if variant.ref else variant
    return Schema(
        span=variant.span,
        pointer=f"{schema.pointer}&{target.pointer}",
        all_of=(base, variant),
        title=SpecText(last(variant.ref)) if variant.ref else variant.title,
        description=variant.description or target.description or schema.description,
    )


def lists(base: Schema, pointer: str) -> bool:
    """Whether a schema names another as one of its alternatives, or in its discriminator."""
    found = {v.ref for v in (*base.one_of, *base.any_of)}
    if base.discriminator:
        found |= {ref for _, ref in base.discriminator.mapping} | {*base.discriminator.heirs}
    return pointer in found
