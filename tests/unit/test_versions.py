"""One description in the words of several versions is one and the same model."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwright.diagnostics import Collector
from linkwright.openapi.read import read
from linkwright.source.library import Library
from linkwright.source.load import parse

Json = dict[str, Any]

_TYPES: list[Json] = [
    {"type": "string"},
    {"type": "string", "format": "date"},
    {"type": "integer", "format": "int64"},
    {"type": "number"},
    {"type": "boolean"},
    {"type": "string", "enum": ["a", "b"]},
]
_SCALARS = st.sampled_from(_TYPES)
#: collectionFormat -> style and explode
_LISTS = {"csv": ("form", False), "multi": ("form", True), "pipes": ("pipeDelimited", False)}


def model(document: Json) -> object:
    """What is read from a document, without places; nothing may be said about it."""
    out = Collector()
    library = Library(parse(text_of(document), "spec.json", out), out)
    found = bare(read(library, out))
    assert out.found == []
    return found


def text_of(document: Json) -> bytes:
    """A document as JSON."""
    return json.dumps(document).encode()


def bare(value: object) -> object:
    """A model without places."""
    if is_dataclass(value):
        names = [f.name for f in fields(value) if f.name != "span"]
        return {name: bare(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [bare(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, dict):
        return {k: bare(v) for k, v in cast("dict[str, object]", value).items()}
    return value


@st.composite
def apis(draw: st.DrawFn) -> tuple[Json, Json]:
    """A small API in the words of Swagger 2.0 and of OpenAPI 3.1."""
    old: Json = {
        "swagger": "2.0",
        "info": {"title": "T", "version": "1"},
        "host": "a.example",
        "basePath": "/v1",
        "schemes": ["https"],
        "definitions": {},
        "paths": {},
    }
    new: Json = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://a.example/v1"}],
        "components": {"schemas": {}},
        "paths": {},
    }
    for name in draw(st.sets(st.sampled_from(["Ant", "Bee"]), min_size=1)):
        properties = draw(st.dictionaries(st.sampled_from("pq"), _SCALARS))
        schema: Json = {"type": "object", "properties": properties}
        nullable = draw(st.booleans())
        old["definitions"][name] = schema | ({"x-nullable": True} if nullable else {})
        new["components"]["schemas"][name] = schema | (
            {"type": ["object", "null"]} if nullable else {}
        )
    for path in draw(st.sets(st.sampled_from(["/a", "/b"]), min_size=1)):
        one, other = draw(_operations(sorted(old["definitions"])))
        old["paths"][path], new["paths"][path] = {"post": one}, {"post": other}
    return old, new


@st.composite
def _operations(draw: st.DrawFn, schemas: list[str]) -> tuple[Json, Json]:
    old: Json = {"parameters": [], "responses": {}}
    new: Json = {"parameters": [], "responses": {}}
    for name in draw(st.sets(st.sampled_from(["x", "y", "z"]))):
        about = {"name": name, "in": "query", "required": draw(st.booleans())}
        schema = draw(_SCALARS)
        form = draw(st.sampled_from([None, *_LISTS]))
        if form is None:
            old["parameters"].append(about | schema)
            new["parameters"].append(about | {"schema": schema})
            continue
        items = {"type": "array", "items": schema}
        style, explode = _LISTS[form]
        old["parameters"].append(about | items | {"collectionFormat": form})
        new["parameters"].append(about | {"schema": items, "style": style, "explode": explode})
    name = draw(st.sampled_from(schemas))
    match draw(st.sampled_from(["none", "body", "form"])):
        case "body":
            old["parameters"].append(
                {"name": "b", "in": "body", "schema": {"$ref": f"#/definitions/{name}"}}
            )
            schema = {"$ref": f"#/components/schemas/{name}"}
            new["requestBody"] = {"content": {"application/json": {"schema": schema}}}
        case "form":
            field = draw(_SCALARS)
            old["parameters"].append({"name": "f", "in": "formData", "required": True} | field)
            schema = {"type": "object", "properties": {"f": field}, "required": ["f"]}
            form_type = "application/x-www-form-urlencoded"
            new["requestBody"] = {"required": True, "content": {form_type: {"schema": schema}}}
        case _:
            pass
    for status in draw(st.sets(st.sampled_from(["200", "404", "default"]), min_size=1)):
        described = {"description": "D"}
        old["responses"][status] = described | {"schema": {"$ref": f"#/definitions/{name}"}}
        schema = {"$ref": f"#/components/schemas/{name}"}
        content = {"application/json": {"schema": schema}}
        new["responses"][status] = described | {"content": content}
    return old, new


@settings(max_examples=60, deadline=None)
@given(apis())
def test_swagger_2_reads_as_its_twin(twins: tuple[Json, Json]) -> None:
    old, new = twins
    assert model(old) == model(new)


def _with(version: str, schema: Json) -> Json:
    content = {"application/json": {"schema": schema}}
    responses = {"200": {"description": "D", "content": content}}
    return {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": responses}}},
    }


_NULLABLE: list[tuple[Json, Json]] = [
    ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ({"type": "number", "nullable": False}, {"type": "number"}),
    (
        {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        {"type": "integer", "exclusiveMinimum": 0},
    ),
    (
        {"type": "string", "nullable": True, "enum": ["a", None]},
        {"type": ["string", "null"], "enum": ["a", None]},
    ),
]


@pytest.mark.parametrize(("old", "new"), _NULLABLE)
def test_openapi_3_0_reads_as_its_twin(old: Json, new: Json) -> None:
    assert model(_with("3.0.3", old)) == model(_with("3.1.0", new))
    assert model(_with("3.1.0", new)) == model(_with("3.2.0", new))
