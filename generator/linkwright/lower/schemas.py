"""Schemas become types and declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..diagnostics import Collector
from ..ir.types import (
    Anything,
    Constant,
    Declaration,
    Enumeration,
    Field,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    Tag,
    Type,
    UnionOf,
    Wish,
    json_type,
    nullable,
    union,
)
from ..openapi.model import Schema
from ..source.text import SpecText, SpecValue

__all__ = ["TypeTable"]

_STRING_FORMATS = {
    "date-time": ScalarKind.TIMESTAMP,
    "date": ScalarKind.DATE,
    "decimal": ScalarKind.DECIMAL_STRING,
}
_TIMESTAMPS = {"utc": ScalarKind.UTC_TIMESTAMP, "naive": ScalarKind.LOCAL_TIMESTAMP}
_PLAIN = {
    "integer": ScalarKind.INTEGER,
    "number": ScalarKind.FLOAT,
    "boolean": ScalarKind.BOOLEAN,
}


class TypeTable:
    """Lowers schemas, and keeps the declarations they give rise to.

    Identity is the JSON pointer of a schema: whatever refers to it gets the same declaration.
    Component schemas that are neither objects nor enumerations have no declaration; their type
    stands wherever they are referred to.
    """

    def __init__(self, schemas: Mapping[str, Schema], out: Collector) -> None:
        self._schemas = schemas
        self._out = out
        self._open: list[str] = []
        self.declarations: dict[str, Declaration] = {}

    def type_of(self, schema: Schema, wish: Wish) -> Type:
        """The type of a schema that should be called `wish` if it needs a name."""
        wish = _placed(schema, wish)
        inner = self._inner(schema, wish)
        return nullable(inner) if schema.nullable else inner

    def _inner(self, schema: Schema, wish: Wish) -> Type:
        if schema.boolean is not None:
            if not schema.boolean:
                self._out.add(
                    "E205", "a schema that allows nothing cannot be expressed", schema.span
                )
            return Anything()
        if schema.const is not None:
            return self._constant(schema, schema.const)
        if schema.enum is not None:
            return self._enumeration(schema, wish)
        if schema.ref is not None and not (schema.properties or schema.all_of or schema.required):
            return self._target(schema)
        if schema.properties or _merges(schema):
            return self._struct(schema, wish)
        if schema.all_of:
            return self.type_of(schema.all_of[0], wish)
        if schema.one_of or schema.any_of:
            return self._union(schema, wish)
        types = schema.types or _implied(schema)
        if not types:
            return Anything()
        return union(self._typed(schema, name, wish) for name in types)

    def _target(self, schema: Schema) -> Type:
        assert schema.ref is not None
        if schema.ref in self.declarations:
            return Named(schema.ref)
        if schema.ref in self._open:
            self._out.add(
                "W203",
                "this schema contains itself through schemas that are no objects; read as any value",
                schema.span,
            )
            return Anything()
        self._open.append(schema.ref)
        try:
            return self.type_of(self._schemas[schema.ref], _wish_at(schema.ref))
        finally:
            self._open.pop()

    def _constant(self, schema: Schema, value: SpecValue) -> Type:
        if isinstance(value.raw, (str, int)):
            return Constant(value)
        self._out.add(
            "W203", "a constant that is neither text nor integer; any value is taken", schema.span
        )
        return Scalar(ScalarKind.FLOAT) if isinstance(value.raw, float) else Anything()

    def _enumeration(self, schema: Schema, wish: Wish) -> Type:
        assert schema.enum is not None
        if len(schema.enum) == 1:
            return self._constant(schema, schema.enum[0])
        values = [v.raw for v in schema.enum]
        if not all(isinstance(v, str) for v in values):
            kinds = {json_type(v) for v in values}
            self._out.add(
                "W203",
                "an enum of values that are not strings; the values are not listed",
                schema.span,
            )
            kind = kinds.pop() if len(kinds) == 1 else None
            return Scalar(_PLAIN[kind]) if kind in _PLAIN else Anything()
        if schema.pointer not in self.declarations:
            self.declarations[schema.pointer] = Enumeration(
                key=schema.pointer,
                wish=wish,
                values=tuple(dict.fromkeys(SpecText(str(v)) for v in values)),
                description=schema.description,
                span=schema.span,
            )
        return Named(schema.pointer)

    def _struct(self, schema: Schema, wish: Wish) -> Type:
        key = schema.pointer
        if key not in self.declarations:
            # Declared before its fields are lowered: they may refer back to it.
            self.declarations[key] = struct = Struct(
                key=key,
                wish=wish,
                fields=(),
                extra=None,
                description=schema.description or schema.title,
                span=schema.span,
            )
            parts = list(self._parts(schema, ()))
            required = frozenset[SpecText]().union(*(p.required for p in parts))
            fields: dict[SpecText, Field] = {}
            for part in parts:
                for wire, child in part.properties:
                    fields[wire] = self._field(wire, child, wire in required, wish)
            additional = next(
                (p.additional for p in parts if isinstance(p.additional, Schema)), None
            )
            self.declarations[key] = Struct(
                key=key,
                wish=struct.wish,
                fields=tuple(fields.values()),
                extra=self.type_of(additional, wish.inside("Value")) if additional else None,
                description=struct.description,
                span=struct.span,
            )
        return Named(key)

    def _field(self, wire: SpecText, schema: Schema, required: bool, wish: Wish) -> Field:
        target = self._schemas[schema.ref] if schema.ref else schema
        type_ = self.type_of(schema, wish.inside(wire.raw))
        # What has a declaration of its own is described there.
        described = target if not isinstance(type_, Named) else schema
        return Field(
            wire=wire,
            type=type_,
            required=required,
            description=schema.description or described.description,
            deprecated=schema.deprecated or target.deprecated,
            secret=schema.secret or target.secret,
            given=schema.name if not _names_itself(schema) else None,
            span=schema.span,
        )

    def _parts(self, schema: Schema, seen: tuple[str, ...]) -> Iterator[Schema]:
        """The objects whose properties a struct has: its own last, so that they win."""
        if schema.pointer in seen:
            self._out.add("E205", "a schema cannot be composed of itself", schema.span)
            return
        seen = (*seen, schema.pointer)
        if schema.ref is not None:
            yield from self._parts(self._schemas[schema.ref], seen)
        for part in schema.all_of:
            yield from self._parts(part, seen)
        if schema.one_of or schema.any_of:
            self._out.add(
                "W203",
                "alternatives beside properties are not expressed, the properties are",
                schema.span,
            )
        yield schema

    def _union(self, schema: Schema, wish: Wish) -> Type:
        variants = schema.one_of or schema.any_of
        named = [v for v in variants if not _only_null(v)]
        types: list[Type] = [Nullable(Anything())] if len(named) < len(variants) else []
        for variant in named:
            own = wish if len(named) == 1 else wish.inside(_variant_name(variant))
            types.append(self.type_of(variant, own))
        if types and types[0] == Nullable(Anything()):
            if len(types) == 1:
                return types[0]
            return nullable(self._told_apart(schema, named, union(types[1:])))
        return self._told_apart(schema, named, union(types))

    def _told_apart(self, schema: Schema, variants: Sequence[Schema], found: Type) -> Type:
        """Add the discriminator to a union, if there is one that can be used."""
        discriminator = schema.discriminator
        if discriminator is None or not isinstance(found, UnionOf):
            return found
        keys = {v.ref: self._target(v) for v in variants if v.ref is not None}
        structs = {
            ref: type_.key
            for ref, type_ in keys.items()
            if isinstance(type_, Named) and isinstance(self.declarations[type_.key], Struct)
        }
        if len(structs) < len(found.variants):
            self._out.add(
                "W203",
                "the discriminator is not used: a variant is no object with a name of its own",
                discriminator.span,
            )
            return found
        tags = {value: structs[ref] for value, ref in discriminator.mapping if ref in structs}
        mapped = {ref for _, ref in discriminator.mapping}
        # A variant that is not mapped goes by its name.
        for ref, key in structs.items():
            if ref not in mapped:
                tags[SpecText(_last(ref))] = key
        return UnionOf(found.variants, Tag(discriminator.property_name, tuple(tags.items())))

    def _typed(self, schema: Schema, name: str, wish: Wish) -> Type:
        form = schema.format.raw if schema.format else None
        match name:
            case "object":
                if isinstance(schema.additional, Schema):
                    return MapOf(self.type_of(schema.additional, wish.inside("Value")))
                return MapOf(Anything())
            case "array":
                if schema.items is None:
                    return ListOf(Anything())
                return ListOf(self.type_of(schema.items, wish.inside("Item")))
            case "string":
                if schema.timestamp is not None:
                    return Scalar(_TIMESTAMPS[schema.timestamp])
                return Scalar(_STRING_FORMATS.get(form or "", ScalarKind.STRING))
            case "number" if form == "decimal":
                return Scalar(ScalarKind.DECIMAL_NUMBER)
            case _:
                return Scalar(_PLAIN[name])


def _last(pointer: str) -> str:
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _merges(schema: Schema) -> bool:
    """Whether schemas are combined into one object, rather than one wrapped to annotate it."""
    parts = len(schema.all_of) + (schema.ref is not None)
    return parts > 1 or (parts == 1 and bool(schema.required))


def _implied(schema: Schema) -> tuple[str, ...]:
    if schema.additional is not None:
        return ("object",)
    if schema.items is not None:
        return ("array",)
    return ("string",) if schema.timestamp else ()


def _only_null(schema: Schema) -> bool:
    return schema.nullable and not schema.types and schema.ref is None and not schema.enum


def _names_itself(schema: Schema) -> bool:
    """Whether `x-linkwright-name` on a property names the object or enum inside, not the property."""
    return schema.ref is None and bool(schema.properties or schema.enum)


def _wish_at(pointer: str) -> Wish:
    """What a schema that is referred to is called: after where it stands, from its component on.

    `/components/schemas/Push/definitions/Item` is `Push Item`; a repeated beginning is dropped, so
    that `Push/definitions/PushItem` is just that.
    """
    parts = [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]
    named = parts[2:3] if parts[:1] == ["components"] else []
    inner = parts[3:] if named else parts
    for part, before in zip(inner, [*parts[2:3], *inner], strict=False):
        if before == "content":
            continue  # a media type
        if part in _STRUCTURAL or part.isdecimal():
            if part == "items" and before not in ("properties", "definitions", "$defs"):
                named.append("Item")
        elif named and _folded(part).startswith(_folded(named[-1])):
            named[-1] = part
        else:
            named.append(part)
    return Wish(tuple(SpecText(part) for part in named) or (SpecText("Schema"),))


_SHARED = frozenset({"parameters", "responses", "requestBodies"})
_STRUCTURAL = frozenset(
    "properties definitions $defs schema items additionalProperties content allOf oneOf anyOf".split()
)


def _folded(text: str) -> str:
    """A name without case and punctuation, for comparing beginnings."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _variant_name(schema: Schema) -> str:
    """What tells an unnamed variant from its siblings: its title, or its first property."""
    if schema.title:
        return schema.title.raw
    if schema.properties:
        return schema.properties[0][0].raw
    return "Variant"


def _placed(schema: Schema, wish: Wish) -> Wish:
    """A schema that stands in a shared component is named after it, not after who uses it first."""
    if schema.name is not None:
        wish = Wish(wish.parts, schema.name)
    parts = schema.pointer.split("/")
    shared = parts[1:2] == ["components"] and parts[2] in _SHARED
    if shared and parts[-1] == "schema":
        return Wish(_wish_at(schema.pointer).parts, schema.name)
    return wish
