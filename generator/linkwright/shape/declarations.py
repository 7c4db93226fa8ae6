"""Declarations become models (for the model generator) and dictionary forms of bodies."""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import assert_never

from ..diagnostics import Collector
from ..ir.api import Api
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
    Type,
    UnionOf,
    json_type,
)
from .annotations import SCALAR_TYPES, Annotations, tagged
from .imports import names_in
from .layout import WIDTH
from .literals import Code, docstring, prose, string, string_of
from .names import FIELD_RESERVED, Scope, attribute, class_name, constant
from .views import BodyView, FieldView, ModelsView, ModelView

__all__ = ["RUNTIME", "assign_classes", "bodies", "field_names", "models"]

#: Stands for the runtime package in what the model generator writes; it knows no relative imports.
RUNTIME = "linkwright_runtime"
_REF = "#/components/schemas/"
_WRAP = 94


def assign_classes(api: Api, out: Collector) -> dict[str, Code]:
    """A class name for every declaration, by its key; clashes are E301."""
    scope = Scope("schemas", out)
    names: dict[str, Code] = {}
    for key, declaration in sorted(
        api.declarations.items(), key=lambda kv: (kv[0].count("/"), kv[0])
    ):
        wish = declaration.wish
        name = class_name((wish.given,) if wish.given else wish.parts)
        names[key] = scope.take(name, declaration.span)
    return names


def models(api: Api, classes: Mapping[str, Code], out: Collector) -> ModelsView:
    """The models module: a document for the model generator, and what is added to its classes."""
    schemas: dict[str, object] = {}
    unions: dict[str, Code] = {}
    views: list[ModelView] = []
    by_name = sorted(api.declarations.items(), key=lambda kv: classes[kv[0]])
    for key, declaration in by_name:
        match declaration:
            case Struct():
                schema, view = _struct(declaration, classes, unions, out)
            case Enumeration():
                schema, view = _enumeration(declaration, classes[key], out)
            case _:
                assert_never(declaration)
        schemas[classes[key]] = schema
        views.append(view)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "0"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    return ModelsView(document, tuple(views), unions)


def field_names(struct: Struct, out: Collector) -> dict[str, Code]:
    """Python names of a struct's fields, by wire name; clashes are E301."""
    scope = Scope("properties of one object", out)
    return {
        f.wire.raw: scope.take(attribute(f.given or f.wire, FIELD_RESERVED), f.span)
        for f in struct.fields
    }


def _struct(
    struct: Struct, classes: Mapping[str, Code], unions: dict[str, Code], out: Collector
) -> tuple[dict[str, object], ModelView]:
    names = field_names(struct, out)
    fields: dict[str, FieldView] = {}
    for field in struct.fields:
        name = names[field.wire.raw]
        added = [f"alias={string(field.wire)}"] if name != field.wire.raw else []
        if field.secret:
            added.append("repr=False")
        metadata = Code(f"Field({', '.join(added)})") if added else None
        fields[name] = FieldView(_field_doc(field), metadata)
    schema: dict[str, object] = {
        "type": "object",
        "properties": {names[f.wire.raw]: _schema(f.type, classes, unions) for f in struct.fields},
    }
    required = [names[f.wire.raw] for f in struct.fields if f.required]
    if required:
        schema["required"] = required
    lines = prose(struct.description, _WRAP)
    doc = docstring(lines, 4) if lines else None
    return schema, ModelView(classes[struct.key], doc, fields, {})


def _field_doc(field: Field) -> Code | None:
    lines = prose(field.description, _WRAP)
    if field.deprecated:
        lines = ["Deprecated.", *([""] if lines else []), *lines]
    return docstring(lines, 4) if lines else None


def _enumeration(
    enumeration: Enumeration, name: Code, out: Collector
) -> tuple[dict[str, object], ModelView]:
    plain = {wire.raw: constant(wire) for wire in enumeration.values}
    count = Counter(plain.values())
    names: dict[str, Code] = {}
    for wire in enumeration.values:
        member = plain[wire.raw]
        if count[member] > 1:
            # Values that differ in case or punctuation only are told apart by how they are written.
            member = Code(f"{member}_{_spelling(wire.raw)}")
        if member in names.values():
            out.add(
                "E301",
                f"two values of this enum want the name {member!r}",
                enumeration.span,
                help=f"one of them is {wire.shown!r}",
            )
        names[wire.raw] = member
    members = [names[wire.raw] for wire in enumeration.values]
    schema: dict[str, object] = {
        "type": "string",
        "enum": [wire.raw for wire in enumeration.values],
        "x-enum-varnames": members,
    }
    lines = prose(enumeration.description, _WRAP) or ["Known values; others are kept as they come."]
    values: dict[str, Code] = {
        m: string(wire) for m, wire in zip(members, enumeration.values, strict=True)
    }
    return schema, ModelView(name, docstring(lines, 4), {}, values)


def _spelling(text: str) -> str:
    """What a name forgets: case and punctuation. `wrongPass` is `LLLLLULLL`."""
    return "".join("U" if c.isupper() else "L" if c.isalnum() else f"{ord(c):X}" for c in text[:40])


def _schema(type_: Type, classes: Mapping[str, Code], unions: dict[str, Code]) -> dict[str, object]:
    """A type in the words of the model generator.

    It has none for a union with a tag: a placeholder is, which goes to `unions`.
    """
    match type_:
        case Anything():
            return {}
        case Scalar(kind):
            return _scalar_schema(kind)
        case Constant(value):
            # Not a constant for the decoder: an answer that says otherwise must not be refused.
            kind_name = json_type(value.raw)
            return {"type": kind_name} if kind_name else {}
        case Named(key):
            return {"$ref": _REF + classes[key]}
        case ListOf(item):
            return {"type": "array", "items": _schema(item, classes, unions)}
        case MapOf(inner):
            return {
                "type": "object",
                "additionalProperties": _schema(inner, classes, unions) or True,
            }
        case UnionOf(variants, tag) if tag is not None:
            text = " | ".join(classes[v.key] for v in variants if isinstance(v, Named))
            name = f"Union_{len(unions)}_"
            unions[name] = tagged(type_, text, classes)
            return {"type": "string", "customTypePath": f"{RUNTIME}.types.{name}"}
        case UnionOf(variants):
            return {"anyOf": [_schema(v, classes, unions) for v in variants]}
        case Nullable(UnionOf(variants, None)):
            return {"anyOf": [*(_schema(v, classes, unions) for v in variants), {"type": "null"}]}
        case Nullable(inner):
            given = _schema(inner, classes, unions)
            return {"anyOf": [given, {"type": "null"}]} if given else {}
        case _:
            assert_never(type_)


def _scalar_schema(kind: ScalarKind) -> dict[str, object]:
    plain = {
        ScalarKind.STRING: "string",
        ScalarKind.INTEGER: "integer",
        ScalarKind.FLOAT: "number",
        ScalarKind.BOOLEAN: "boolean",
    }
    if kind in plain:
        return {"type": plain[kind]}
    return {"type": "string", "customTypePath": f"{RUNTIME}.types.{SCALAR_TYPES[kind]}"}


def bodies(api: Api, classes: Mapping[str, Code], annotations: Annotations) -> tuple[BodyView, ...]:
    """The dictionary form of every struct that a request body reaches."""
    reached: set[str] = set()
    wanted = [
        operation.body.type
        for resource in api.resources
        for operation in resource.operations
        if operation.body
    ]
    while wanted:
        for key in _named(wanted.pop()):
            declaration = api.declarations[key]
            if key not in reached and isinstance(declaration, Struct):
                reached.add(key)
                wanted.extend(field.type for field in declaration.fields)
    ordered = sorted(reached, key=lambda k: f"{classes[k]}Dict")
    return tuple(_body(api.declarations[k], classes[k], annotations) for k in ordered)


def _named(type_: Type) -> Iterator[str]:
    match type_:
        case Named(key):
            yield key
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            yield from _named(inner)
        case UnionOf(variants):
            for variant in variants:
                yield from _named(variant)
        case _:
            return


def _body(struct: Declaration, name: Code, annotations: Annotations) -> BodyView:
    assert isinstance(struct, Struct)
    items = tuple(annotations.item(field.type) for field in struct.fields)
    hidden = names_in(items) | {"NotRequired"}
    functional = not all(_is_key(f.wire.raw, hidden) for f in struct.fields)
    line = _functional_line if functional else _class_line
    lines = [f"`{name}` as a plain dictionary, with the names of the wire."]
    if struct.extra is not None:
        lines += ["", "Further keys are allowed; a type checker takes them in any other mapping."]
    return BodyView(
        Code(f"{name}Dict"),
        docstring(lines, 4),
        tuple(line(f, item) for f, item in zip(struct.fields, items, strict=True)),
        items,
        functional,
    )


def _functional_line(field: Field, item: Code) -> Code:
    # A string, since it is evaluated at import and may name what comes later.
    type_ = string_of(item)
    return Code(f"{string(field.wire)}: " + (type_ if field.required else f"NotRequired[{type_}]"))


def _class_line(field: Field, item: Code) -> Code:
    line = f"{field.wire.raw}: {item if field.required else f'NotRequired[{item}]'}"
    if field.required or 4 + len(line) <= WIDTH:
        return Code(line)
    return Code(f"{field.wire.raw}: NotRequired[\n        {item}\n    ]")


def _is_key(name: str, hidden: frozenset[str]) -> bool:
    """Whether a wire name can be an attribute of a class, unchanged, and hides nothing there."""
    return (
        name not in hidden
        and name.isidentifier()
        and name.isascii()
        and not keyword.iskeyword(name)
        and not name.startswith("__")
    )
