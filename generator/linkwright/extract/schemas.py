"""Models, properties and parameters as schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from .facts import Api, Model, Place, Property
from .models import ModelIndex, Schema, flat
from .provenance import Flow, Trace
from .shapes import Listing, Nullable, Shape, Table
from .values import typed, whole

__all__ = ["SchemaWriter"]

#: Languages with one word for whole numbers and others.
_ONE_NUMBER = ("javascript", "typescript")


@dataclass(slots=True)
class SchemaWriter:
    """Writes schemas.

    Attributes:
        api: Resolved facts.
        index: Its models.
        trace: Collects what is written.
        prose: Whether descriptions are written.
    """

    api: Api
    index: ModelIndex
    trace: Trace
    prose: bool

    def add_prose(self, out: dict[str, object], text: str, key: str = "description") -> None:
        """Add a text, unless prose is left out."""
        if self.prose and text:
            out[key] = text

    def schema(self, found: Property) -> Schema:
        """The schema of a parameter or property, with its values and default."""
        schema = self.index.schema(found.shape, found.place.page)
        inner = found.shape.inner if isinstance(found.shape, Nullable) else found.shape
        if found.enum:
            target = schema
            if isinstance(inner, Listing) and isinstance(schema.get("items"), dict):
                target = cast("Schema", schema["items"])
            target.pop("$ref", None)
            kind = target.setdefault("type", "string")
            target["enum"] = [typed(v, {"type": kind}) for v in found.enum]
        if (
            schema.get("type") == "number"
            and self.api.language in _ONE_NUMBER
            and whole(found.example)
        ):
            schema["type"] = "integer"
            found.inferred("type", "whole-number-in-example")
        if found.default is not None and "$ref" not in schema:
            default = typed(found.default, schema)
            if default is not None:
                schema["default"] = default
        return schema

    def object_of(self, subject: str, fields: Iterable[Property], base: Place) -> Schema:
        """An object of some fields, with offsets from where it begins."""
        out: Schema = {"type": "object"}
        properties: dict[str, object] = {}
        required: list[object] = []
        for found in fields:
            wire = found.wire or found.name
            if flat(found.name) == "additionalproperties" and isinstance(found.shape, Table):
                out["additionalProperties"] = True
                self.trace.note(f"{subject}.{found.name}", found)
                continue
            schema = self.schema(found)
            self.add_prose(schema, found.description)
            if found.deprecated:
                schema["deprecated"] = True
            if found.read_only:
                schema["readOnly"] = True
            if found.example is not None and "$ref" not in schema:
                example = typed(found.example, schema)
                if example is not None and self.prose:
                    schema["examples"] = [example]
            schema["x-linkwright-source"] = self.trace.source(
                f"{subject}.{found.name}", found, base
            )
            properties[wire] = schema
            if found.required:
                required.append(wire)
        if properties:
            out["properties"] = properties
        if required:
            out["required"] = required
        return out

    def holds_file(self, shape: Shape, page: str) -> bool:
        """Whether a body has a field with the content of a file."""
        model = self.index.model_of(shape, page)
        if model is None:
            return False
        for found in model.properties:
            if self.index.schema(found.shape, model.place.page).get("format") == "binary":
                return True
            inner = self.index.model_of(found.shape, model.place.page)
            if inner is not None and {flat(p.name) for p in inner.properties} == {
                "content",
                "filename",
            }:
                return True
        return False

    def all_models(self) -> dict[str, object]:
        """Every model that is one of the API."""
        out: dict[str, object] = {}
        for model in self.api.models.values():
            if not model.plumbing:
                out[self.index.name_of(model)] = self._model(model)
        return out

    def unresolved(self) -> dict[str, object]:
        """Models that are linked and have no page, as named open objects."""
        out: dict[str, object] = {}
        for name, page in sorted(self.index.unresolved.items()):
            self.trace.missing(Place(page, 0), name, "schema", "linked, has no page")
            out[name] = {
                "type": "object",
                "additionalProperties": True,
                "x-linkwright-source": Flow(page=page, rule="link", missing=["schema"]),
            }
        return out

    def _model(self, model: Model) -> Schema:
        name = self.index.name_of(model)
        schema: Schema
        if model.enum:
            kind = "string"
            if all(re.fullmatch(r"-?\d{1,18}", v) for v in model.enum):
                kind = "integer"
            members = [typed(v, {"type": kind}) for v in model.enum]
            schema = {"type": kind, "enum": members}
            if model.null:
                schema = {"type": [kind, "null"], "enum": [*members, None]}
            if kind == "integer":
                model.inferred("type", "all-values-are-numbers")
        elif model.options:
            schema = {"oneOf": [self.index.schema(o, model.place.page) for o in model.options]}
            if len(model.options) == 1:
                schema = self.index.schema(model.options[0], model.place.page)
        else:
            schema = self.object_of(name, model.properties, model.place)
        out: Schema = {}
        if "$ref" in schema:
            schema = {"allOf": [schema]}
        self.add_prose(out, model.description)
        if model.deprecated:
            out["deprecated"] = True
        out = {**{k: v for k, v in schema.items() if k == "type"}, **out, **schema}
        out["x-linkwright-source"] = self.trace.source(name, model)
        return out
