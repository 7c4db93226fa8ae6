"""Declarations become models: kinds of fields for the model generator, and what it cannot say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from ..diagnostics import Collector
from ..ir.api import Api
from ..ir.types import (
    Alias,
    Anything,
    Constant,
    Enumeration,
    Field,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    TupleOf,
    Type,
    UnionOf,
    json_type,
)
from ..source.text import SpecText, SpecValue
from .annotations import SCALAR_TYPES, Annotations
from .classes import modules
from .literals import Code, docstring, prose, string, string_of, value
from .model_views import (
    AliasView,
    FieldView,
    KindView,
    ModelsView,
    ModelView,
)
from .names import (
    FIELD_RESERVED,
    Scope,
    Wanted,
    attribute,
    constant,
    digested,
    spelled,
    tell_apart,
)

__all__ = ["RUNTIME", "field_names", "member_names", "models"]

#: Stands for the runtime package in what the model generator writes; it knows no relative imports.
RUNTIME = "linkwright_runtime"
_WRAP = 94
#: Longest default, and most values, that a docstring repeats.
_SHOWN_DEFAULT = 200
_SHOWN_VALUES = 20


def models(
    api: Api, classes: Mapping[str, Code], annotations: Annotations, out: Collector
) -> ModelsView:
    """The models of a provider: classes, and the kinds of fields that they have."""
    return replace(_Models(api, classes, annotations, out).view(), modules=modules(api, classes))


def field_names(struct: Struct, out: Collector) -> dict[str, Code]:
    """Python names of a struct's fields, by wire name; clashes of given names are E301."""
    names = tell_apart({field.wire.raw: _wanted(field) for field in struct.fields})
    scope = Scope("properties of one object", out)
    return {f.wire.raw: scope.take(names[f.wire.raw], f.span) for f in struct.fields}


def _wanted(field: Field) -> Wanted:
    if field.given:
        return Wanted((attribute(field.given, FIELD_RESERVED),))
    name = attribute(field.wire, FIELD_RESERVED)
    return Wanted((name, spelled(name, field.wire), digested(name, field.wire.raw)), 1)


class _Models:
    def __init__(
        self, api: Api, classes: Mapping[str, Code], annotations: Annotations, out: Collector
    ) -> None:
        self._api = api
        self._classes = classes
        self._annotations = annotations
        self._out = out
        self._kinds: list[KindView] = []
        self._known: dict[str, int] = {}  # their numbers, by what they say

    def view(self) -> ModelsView:
        views: list[ModelView] = []
        aliases: list[AliasView] = []
        by_name = sorted(self._api.declarations.items(), key=lambda kv: self._classes[kv[0]])
        for key, declaration in by_name:
            name = self._classes[key]
            match declaration:
                case Struct():
                    views.append(self._struct(declaration, name))
                case Enumeration():
                    views.append(self._enumeration(declaration, name))
                case Alias():
                    text = string_of(self._annotations.modelled(declaration.type))
                    doc = _doc(declaration.description, declaration.deprecated, 0)
                    aliases.append(
                        AliasView(
                            name,
                            text,
                            doc or docstring(["Has a name since it may contain itself."], 0),
                        )
                    )
                case _:
                    assert_never(declaration)
        return ModelsView(tuple(self._kinds), tuple(views), tuple(aliases), {})

    def _struct(self, struct: Struct, class_: Code) -> ModelView:
        names = field_names(struct, self._out)
        fields: dict[Code, FieldView] = {}
        for field in struct.fields:
            name = names[field.wire.raw]
            added = [f"alias={string(field.wire)}"] if name != field.wire.raw else []
            if field.secret:
                added.append("repr=False")
            metadata = Code(f"Field({', '.join(added)})") if added else None
            parts: dict[Code, str] = {}
            kind = self._kind(KindView(self._schema(field.type, parts), field.required))
            fields[name] = FieldView(
                _field_doc(field), metadata, kind, tuple(parts), field.wire.raw
            )
        extra = self._annotations.modelled(struct.extra) if struct.extra else None
        return ModelView(
            class_, _doc(struct.description, struct.deprecated, 4), fields, {}, {}, None, extra
        )

    def _enumeration(self, enumeration: Enumeration, class_: Code) -> ModelView:
        names = member_names(enumeration)
        scope = Scope("values of one enum", self._out)
        members: dict[str, Code] = {}
        docs: dict[str, Code] = {}
        for given, about in zip(enumeration.values, enumeration.descriptions, strict=True):
            member = scope.take(names[_text_of(given)], enumeration.span)
            members[member] = value(given)
            if lines := prose(about, _WRAP):
                docs[member] = docstring(lines, 4)
        doc = _doc(enumeration.description, enumeration.deprecated, 4)
        known = docstring(["Known values; others are kept as they come."], 4)
        base = Code("OpenIntEnum" if enumeration.integers else "OpenEnum")
        return ModelView(class_, doc or known, {}, members, docs, base, None)

    def _kind(self, kind: KindView) -> int:
        """The number of a kind of field."""
        said = json.dumps([kind.required, kind.schema])
        number = self._known.setdefault(said, len(self._kinds))
        if number == len(self._kinds):
            self._kinds.append(kind)
        return number

    def _schema(self, type_: Type, parts: dict[Code, str]) -> dict[str, object]:
        """A type in the words of the model generator, with placeholders for what it need not know.

        Args:
            type_: The type.
            parts: What stands behind the placeholders; is added to.
        """
        match type_:
            case Anything():
                return {}
            case Scalar(kind):
                return _scalar_schema(kind)
            case Constant(given):
                # Not a constant for the decoder: an answer that says otherwise must not be refused.
                kind_name = json_type(given.raw)
                return {"type": kind_name} if kind_name else {}
            case ListOf(item):
                return {"type": "array", "items": self._inner(item, parts)}
            case MapOf(inner):
                return {"type": "object", "additionalProperties": self._inner(inner, parts) or True}
            case UnionOf(variants, None):
                return {"anyOf": [self._schema(v, parts) for v in variants]}
            case Nullable(UnionOf(variants, None)):
                return {"anyOf": [*(self._schema(v, parts) for v in variants), {"type": "null"}]}
            case Nullable(inner):
                given_schema = self._schema(inner, parts)
                return {"anyOf": [given_schema, {"type": "null"}]} if given_schema else {}
            case Named() | TupleOf() | UnionOf():
                return self._placeholder(type_, parts)
            case _:
                assert_never(type_)

    def _inner(self, type_: Type, parts: dict[Code, str]) -> dict[str, object]:
        """What is in a list or a map; one more of them is a placeholder, so that kinds are few."""
        nested = isinstance(type_, (ListOf, MapOf))
        return self._placeholder(type_, parts) if nested else self._schema(type_, parts)

    def _placeholder(self, type_: Type, parts: dict[Code, str]) -> dict[str, object]:
        text = self._annotations.modelled(type_)
        name = parts.setdefault(text, f"Type_{len(parts)}_")
        return {"type": "string", "customTypePath": f"{RUNTIME}.types.{name}"}


def _doc(description: SpecText | None, deprecated: bool, indent: int) -> Code | None:
    lines = prose(description, _WRAP)
    if deprecated:
        lines = ["Deprecated.", *([""] if lines else []), *lines]
    return docstring(lines, indent) if lines else None


def _field_doc(field: Field) -> Code | None:
    lines = prose(field.description, _WRAP)
    if field.deprecated:
        lines = ["Deprecated.", *([""] if lines else []), *lines]
    noted = list(_notes(field))
    if noted:
        lines += [*([""] if lines else []), *noted]
    return docstring(lines, 4) if lines else None


def _notes(field: Field) -> list[str]:
    """What the type does not say: documented values, and what the provider takes by default."""
    lines: list[str] = []
    if field.known:
        literals = [_shown(known) for known in field.known[:_SHOWN_VALUES]]
        if all(literals):
            more = ", ..." if len(field.known) > _SHOWN_VALUES else ""
            word = "Always" if len(literals) == 1 else "One of"
            lines += prose(SpecText(f"{word} {', '.join(literals)}{more}."), _WRAP)
    if field.default is not None and field.default.raw is not None:
        shown = _shown(field.default)
        if shown:
            lines += prose(SpecText(f"Default: {shown}."), _WRAP)
    return lines


def _shown(given: SpecValue) -> str:
    """A value as a docstring repeats it; empty where it is too long or has no literal."""
    try:
        literal = value(given)
    except (ValueError, TypeError):
        return ""
    return f"`{literal}`" if len(literal) <= _SHOWN_DEFAULT and "`" not in literal else ""


def _text_of(given: SpecValue) -> str:
    return str(given.raw)


def _member(text: str, given: SpecText | None) -> Wanted:
    name = constant(SpecText(text))
    derived = (name, spelled(name, SpecText(text)), digested(name, text))
    if given is None:
        return Wanted(derived, rank=1)
    return Wanted((constant(given), *derived))


def member_names(enumeration: Enumeration) -> dict[str, Code]:
    """Python names of an enumeration's values, by their text."""
    named = zip(enumeration.values, enumeration.names, strict=True)
    return tell_apart({_text_of(v): _member(_text_of(v), name) for v, name in named})


def _scalar_schema(kind: ScalarKind) -> dict[str, object]:
    plain = {
        ScalarKind.STRING: "string",
        ScalarKind.INTEGER: "integer",
        ScalarKind.FLOAT: "number",
        ScalarKind.BOOLEAN: "boolean",
        ScalarKind.FILE: "string",
    }
    if kind in plain:
        return {"type": plain[kind]}
    return {"type": "string", "customTypePath": f"{RUNTIME}.types.{SCALAR_TYPES[kind]}"}
