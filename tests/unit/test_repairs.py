"""Defects that can mean one thing only: mended, and said once each."""

from __future__ import annotations

import contextlib
import copy
from typing import Any, cast

import pytest

from linkwright.diagnostics import Collector, InputError
from linkwright.openapi.read import read
from linkwright.source.library import Library
from linkwright.source.load import parse
from tests.unit.test_versions import Json, bare, text_of

_SOUND: Json = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://a.example"}],
    "tags": [{"name": "t"}],
    "paths": {
        "/a/{id}": {
            "get": {
                "tags": ["t"],
                "deprecated": False,
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {
                    "200": {
                        "description": "D",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/S"}}
                        },
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "S": {
                "type": "object",
                "required": ["p"],
                "properties": {"p": {"type": "string"}, "q": {}},
                "additionalProperties": False,
            }
        },
        "securitySchemes": {
            "k": {"type": "apiKey", "in": "header", "name": "K"},
            "b": {"type": "http", "scheme": "bearer"},
        },
    },
}
_OPERATION = "paths./a/{id}.get"
_S = "components.schemas.S"
_P = {"p": {"type": "string"}, "q": {}}

#: What is changed in the sound document, and what then is said about it; it means the same.
_MENDED: list[tuple[str, Any, str]] = [
    ("servers", {"url": "https://a.example"}, "servers is a mapping"),
    ("servers.0", "https://a.example", "in place of a server; read as its url"),
    ("tags.0", "t", "in place of a tag; read as its name"),
    ("servers.0.url", "a.example", "has no scheme; read as https://a.example"),
    ("servers.0.url", "//a.example", "has no scheme; read as https://a.example"),
    ("servers.0.url", " https://a.example ", "an address of a server; read as https://a.example"),
    ("servers.0.url", "HTTPS://a.example", "an address of a server; read as https://a.example"),
    ("servers.0.url", "https://https://a.example", "read as https://a.example"),
    (f"{_OPERATION}.tags", "t", "tags is str 't'"),
    (f"{_OPERATION}.deprecated", "FALSE", "deprecated is a text"),
    (f"{_OPERATION}.deprecated", None, "deprecated says nothing"),
    (f"{_OPERATION}.parameters.0.in", "Path", "read in lower case"),
    (f"{_OPERATION}.parameters.0.required", False, "always required"),
    (f"{_OPERATION}.parameters.0.name", "ID", "the path names {id}; read so for 'ID'"),
    (f"{_OPERATION}.parameters.0.schema", "string", "in place of a schema; read as its type"),
    (f"{_OPERATION}.parameters.0.schema.type", "str", "'str' is not a type"),
    (f"{_OPERATION}.responses.200.content.application/json.schema.$ref", "S", "can only mean"),
    (
        f"{_OPERATION}.responses.200.content.application/json.schema.$ref",
        "#/definitions/S",
        "can only mean",
    ),
    (
        f"{_OPERATION}.responses.200",
        {"description": "D", "schema": {"$ref": "#/components/schemas/S"}},
        "schema stands in the response, as in Swagger 2.0",
    ),
    (
        f"{_OPERATION}.parameters.0",
        {"name": "id", "in": "path", "required": True, "type": "string"},
        "type stands in the parameter, as in Swagger 2.0",
    ),
    ("components.parameters", [], "parameters is an empty list"),
    (f"{_S}.required", "p", "required is a text"),
    (f"{_S}.additionalProperties", "false", "additionalProperties is a text"),
    (f"{_S}.properties.q", None, "null in place of a schema"),
    (f"{_S}.properties.q", [], "a list in place of a schema"),
    (f"{_S}.properties.q", {"type": "any"}, "'any' is not a type"),
    (f"{_S}.type", {"type": "object"}, "a schema stands in place of its type"),
    (f"{_S}.type", " Object ", "' Object ' is not a type; read as object"),
    (f"{_S}.required", ["p", None], "null is no property"),
    (
        f"{_OPERATION}.responses.200.content.application/json.schema.$ref",
        " #/components/schemas/S ",
        "blanks around the reference",
    ),
    ("components.securitySchemes.k.type", "apikey", "'apikey' is not a type; read as apiKey"),
    ("components.securitySchemes.k.type", "api_key", "'api_key' is not a type; read as apiKey"),
    ("components.securitySchemes.k.in", "Header", "read in lower case"),
    ("components.securitySchemes.b", {"type": "Bearer"}, "read as http with this scheme"),
    (
        "components.securitySchemes.b",
        {"type": "bearer", "scheme": "bearer"},
        "read as http with this scheme",
    ),
    ("components.securitySchemes.b.type", "HTTP", "'HTTP' is not a type; read as http"),
]


def read_without_places(document: Json) -> tuple[object, list[str]]:
    """The model, and what was said."""
    out = Collector()
    api = read(Library(parse(text_of(document), "spec.json", out), out), out)
    return bare(api), [f"{d.code} {d.message}" for d in out.found]


def changed(path: str, value: Any) -> Json:
    """The sound document with one value replaced; keys with a dot are not needed."""
    document = copy.deepcopy(_SOUND)
    *parents, last = path.split(".")
    node: Any = document
    for part in parents:
        node = node[int(part) if isinstance(node, list) else part]
    node[int(last) if isinstance(node, list) else last] = value
    return document


def test_the_sound_document_is_sound() -> None:
    assert read_without_places(_SOUND)[1] == []


@pytest.mark.parametrize(("path", "value", "said"), _MENDED)
def test_mended(path: str, value: Any, said: str) -> None:
    model, messages = read_without_places(changed(path, value))
    (message,) = messages
    assert message.startswith("W202 ")
    assert said in message
    assert model == read_without_places(_SOUND)[0]


def test_a_variable_that_nothing_declares_is_a_text() -> None:
    api, messages = read_without_places(changed(f"{_OPERATION}.parameters", []))
    assert messages == ["W202 the path names {id}, which nothing declares; read as a text"]
    (operation,) = cast("Any", api)["operations"]
    (parameter,) = operation["parameters"]
    assert (parameter["wire"], parameter["place"]) == ({"raw": "id"}, "path")
    assert parameter["schema"]["types"] == ["string"]


def test_null_is_no_parameter() -> None:
    (parameter,) = _SOUND["paths"]["/a/{id}"]["get"]["parameters"]
    model, messages = read_without_places(
        changed(f"{_OPERATION}.parameters", [parameter, None, None])
    )
    assert messages == ["W202 null is no parameter; read as absent"] * 2
    assert model == read_without_places(_SOUND)[0]


@pytest.mark.parametrize(
    ("written", "meant"), [("2xx", "2XX"), ("4Xx", "4XX"), ("Default", "default"), (" 404 ", "404")]
)
def test_a_status_in_other_letters(written: str, meant: str) -> None:
    answer = {"description": "D"}
    model, messages = read_without_places(changed(f"{_OPERATION}.responses", {written: answer}))
    assert messages == [f"W202 {written!r} is not a status; read as {meant}"]
    assert model == read_without_places(changed(f"{_OPERATION}.responses", {meant: answer}))[0]


def test_basic_in_3_is_of_http_and_in_2_right() -> None:
    model, messages = read_without_places(
        changed("components.securitySchemes.b", {"type": "basic"})
    )
    assert messages == ["W202 'basic' is not a type; read as http with this scheme"]
    right = {"type": "http", "scheme": "basic"}
    assert model == read_without_places(changed("components.securitySchemes.b", right))[0]


@pytest.mark.parametrize(
    ("said", "style"),
    [
        ({"collectionFormat": "csv"}, ("form", False)),
        ({"collectionFormat": "multi"}, ("form", True)),
        ({"collectionFormat": "pipes"}, ("pipeDelimited", False)),
        ({"collectionFormat": "multi", "explode": False}, ("form", False)),
        ({"style": "spaceDelimited", "explode": False}, ("spaceDelimited", False)),
        ({}, ("form", True)),
    ],
)
def test_a_list_without_a_schema_is_joined_as_it_says(said: Json, style: tuple[str, bool]) -> None:
    document = changed(f"{_OPERATION}.tags", ["t"])
    document["paths"]["/a/{id}"]["get"]["parameters"].append(
        {"name": "q", "in": "query", "type": "array", "items": {"type": "string"}, **said}
    )
    api, (message,) = read_without_places(document)
    assert message.startswith("W202 type stands in the parameter")
    parameter = cast("Any", api)["operations"][0]["parameters"][1]
    assert (parameter["style"], parameter["explode"]) == style
    assert parameter["schema"]["types"] == ["array"]
    assert parameter["schema"]["items"]["types"] == ["string"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("applicationjson;charset=utf-8", "application/json"),
        ("application.json", "application/json"),
        ("json", "application/json"),
        ("text-plain", "text/plain"),
        ("multipart/form/data", "multipart/form-data"),
    ],
)
def test_a_media_type_without_its_slash(written: str, meant: str) -> None:
    path = f"{_OPERATION}.requestBody"
    document = changed(path, {"content": {written: {"schema": {"type": "object"}}}})
    api, messages = read_without_places(document)
    assert messages == [f"W202 {written!r} is not a media type; read as {meant}"]
    (operation,) = cast("Any", api)["operations"]
    assert [media["media_type"]["raw"] for media in operation["body"]["content"]] == [meant]


def test_required_of_a_property_is_of_its_object() -> None:
    document = changed(_S, {"type": "object", "properties": _P, "additionalProperties": False})
    document["components"]["schemas"]["S"]["properties"] = {
        "p": {"type": "string", "required": True},
        "q": {"required": "false"},
    }
    model, messages = read_without_places(document)
    assert model == read_without_places(_SOUND)[0]
    assert [m.partition(";")[0] for m in messages] == ["W202 required stands in a property"] * 2


def test_a_keyword_among_the_properties_is_one_of_the_object() -> None:
    properties = {**_P, "additionalProperties": False}
    document = changed(_S, {"type": "object", "required": ["p"], "properties": properties})
    model, messages = read_without_places(document)
    assert model == read_without_places(_SOUND)[0]
    assert len(messages) == 1


#: What may mean several things, and is refused.
_REFUSED: list[tuple[str, Any]] = [
    (f"{_OPERATION}.tags", {"t": 1}),
    (f"{_OPERATION}.deprecated", "perhaps"),
    (f"{_OPERATION}.parameters.0.in", "body"),
    (f"{_OPERATION}.parameters.0.name", "other"),
    (f"{_OPERATION}.parameters", [{"name": "id", "in": "query", "schema": {"type": "string"}}]),
    ("servers.0.url", "localhost:8080"),
    ("servers.0.url", "192.168.0.1/v1"),
    ("servers.0.url", "openapi.yaml"),
    ("servers.0.url", "../v1"),
    ("servers.0.url", "ftp://a.example"),
    (f"{_OPERATION}.parameters.0.schema", "Thing"),
    (f"{_OPERATION}.parameters.0.schema.type", "thing"),
    (f"{_OPERATION}.responses.200.content.application/json.schema.$ref", "T"),
    (f"{_OPERATION}.responses.200", 200),
    (_OPERATION, None),
    (f"{_S}.required", {"p": True}),
    (f"{_S}.properties", [{"name": "p"}]),
    (f"{_S}.properties.q", 5),
    (f"{_S}.required", [None, 1]),
    (f"{_OPERATION}.responses", {"2xx": {"description": "A"}, "2XX": {"description": "B"}}),
    (f"{_OPERATION}.responses", {"2xy": {"description": "A"}}),
    ("components.securitySchemes.b", {"type": "bearer", "scheme": "basic"}),
    ("components.securitySchemes.b", {"type": "token"}),
]


@pytest.mark.parametrize(("path", "value"), _REFUSED)
def test_unclear(path: str, value: Any) -> None:
    out = Collector()
    with contextlib.suppress(InputError):
        read(Library(parse(text_of(changed(path, value)), "spec.json", out), out), out)
    assert {"E202", "E204", "E206"} & {d.code for d in out.found}
