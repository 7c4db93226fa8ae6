"""Hostile values reach a server byte for byte, whatever they would mean in source code."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import pytest
from click.testing import CliRunner

from linkwright.cli import main
from tests.behaviour.server import Loopback, answer_json, running

#: What templates, string literals, f-strings, URLs, shells or terminals would take for something else. (NUL is refused.)
VALUES = (
    "\"\"\" + pwned() + '''",
    "a\\",
    "\\N{BULLET}\\x41\\101\\u0041",
    "line\nbreak\r\nand\ttab",
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "{x!r:{y}}%s%(x)s$x${x}`x`",
    "\u202egnp\u2066\u200b\ufeff",
    "\x01\x1b[31m\x7f\x85\u2028",
    "::set-output name=a::b",
    "##vso[task.complete]",
    "a&b=c#d?e/f;g+h %41%2F",
    "\U0001f3f4\U000e0067 ﬁ e\u0301",
    "' or ''='",
    "__import__('os').system('id')",
    " leading and trailing ",
    "None",
    "# coding: utf-7",
)
#: Names of headers are tokens.
HEADER = "X-!#$%&'*+.^_`|~"


def document() -> dict[str, Any]:
    """Each value as the name of a query parameter, as a constant, a default, a value of an enumeration, a
    name of a property, and a part of a path.
    """
    names = [f"{n}{value}" for n, value in enumerate(VALUES)]
    parameters: list[Any] = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    ]
    parameters += [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    parameters += [
        {
            "name": f"const{n}",
            "in": "query",
            "required": True,
            "schema": {"type": "string", "const": value},
        }
        for n, value in enumerate(VALUES)
    ]
    parameters += [{"name": HEADER, "in": "header", "schema": {"type": "string"}}]
    enumeration = {"type": "string", "enum": list(VALUES)}
    parameters += [
        {"name": "chosen", "in": "query", "schema": {"type": "array", "items": enumeration}}
    ]
    thing = {
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in names},
            **{
                f"default{n}": {"type": "string", "default": value}
                for n, value in enumerate(VALUES)
            },
            "kind": enumeration,
        },
    }
    answer = {"200": {"description": "x", "content": {"application/json": {"schema": thing}}}}
    operation = {
        "operationId": "send",
        "tags": ["things"],
        "parameters": parameters,
        "requestBody": {"content": {"application/json": {"schema": thing}}},
        "responses": answer,
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example"}],
        "paths": {"/" + quote("a'\"\\{%b", safe="'") + "/{id}/'\"\\": {"post": operation}},
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The client."""
    folder = tmp_path_factory.mktemp("wire")
    (folder / "spec.json").write_text(json.dumps(document()))
    arguments = ["generate", "--spec", str(folder / "spec.json"), "--name", "wired"]
    ran = CliRunner().invoke(main, [*arguments, "--out", str(folder / "wired_clients")])
    assert ran.exit_code == 0, ran.output
    sys.path.insert(0, str(folder))
    yield importlib.import_module("wired_clients.wired")
    sys.path.remove(str(folder))


@pytest.fixture
def server() -> Iterator[Loopback]:
    """Sends back the body it got."""
    with running() as loopback:
        loopback.reset(lambda received: answer_json(200, json.loads(received.body or b"{}")))
        yield loopback


def test_values_survive(package: Any, server: Loopback) -> None:
    body = {f"{n}{value}": value for n, value in enumerate(VALUES)} | {"kind": VALUES[0]}
    operations = importlib.import_module("wired_clients.wired.operations")
    names = {p.name: p.wire for p in operations.SEND.params}
    queries = {name: wire for name, wire in names.items() if wire[:1].isdigit()}
    assert sorted(queries.values()) == sorted(f"{n}{value}" for n, value in enumerate(VALUES))
    header = next(name for name, wire in names.items() if wire == HEADER)
    with closing(package.Wired(base_url=server.url)) as client:
        given = {name: f"<{wire}>" for name, wire in queries.items()}
        result = client.things.send(
            VALUES[4], **given, **{header: "ok"}, chosen=list(VALUES), body=body
        )
    (received,) = server.received
    (path,) = document()["paths"]
    assert unquote(received.path) == unquote(path).replace("{id}", VALUES[4])
    assert received.path.count("/") == path.count("/")
    pairs = parse_qsl(received.query, keep_blank_values=True, strict_parsing=True)
    assert sorted(pairs) == sorted(
        [
            *((wire, f"<{wire}>") for wire in queries.values()),
            *((f"const{n}", value) for n, value in enumerate(VALUES)),
            *(("chosen", value) for value in VALUES),
        ]
    )
    assert received.header(HEADER) == "ok"
    assert received.json == body
    kind: Any = result.kind
    assert kind.is_known
    assert str(kind) == VALUES[0]
    assert json.loads(result.model_dump_json(by_alias=True, exclude_unset=True)) == body


@pytest.mark.usefixtures("package")
def test_enumerations_and_models_hold_every_value() -> None:
    models = vars(importlib.import_module("wired_clients.wired.models"))
    enums: list[Any] = [v for v in models.values() if hasattr(v, "__members__")]
    assert any({str(member.value) for member in enum} >= set(VALUES) for enum in enums)
    thing: Any = next(m for m in models.values() if "kind" in getattr(m, "model_fields", ()))
    wires: set[str] = {field.alias or name for name, field in thing.model_fields.items()}
    assert {f"{n}{value}" for n, value in enumerate(VALUES)} <= wires
