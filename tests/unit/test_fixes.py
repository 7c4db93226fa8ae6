"""The overlay that is proposed for errors: its targets are there, and filled in it helps."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from linkwright.config import Provider
from linkwright.diagnostics import Collector
from linkwright.openapi.overlay import apply_overlay
from linkwright.pipeline import understand
from linkwright.source.library import Library
from linkwright.source.load import load, parse
from tests.helpers import REPO

_REFUSED = sorted((REPO / "tests" / "cases" / "refused").glob("*/spec.yaml"))


@pytest.mark.parametrize("spec", _REFUSED, ids=lambda spec: spec.parent.name)
def test_what_is_proposed_can_be_applied(spec: Path) -> None:
    proposed = understand(Provider("acme", spec)).overlay
    for text in proposed.split("---\n") if proposed else ():
        out = Collector()
        apply_overlay(Library(load(spec, out), out), parse(text.encode(), "fix.yaml", out), out)
        assert out.found == []


_BROKEN = """\
openapi: 3.1.0
info: {title: T}
paths:
  /a/{id}:
    get:
      parameters:
      - {name: q, in: query, schema: {type: strnig}}
      - {name: old, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: D
          content: {application/json: {schema: {$ref: part.yaml}}}
"""


def test_filled_in_it_puts_the_document_right(tmp_path: Path) -> None:
    """Round by round, as a user would: each run says what is still wrong."""
    (tmp_path / "spec.yaml").write_text(_BROKEN)
    (tmp_path / "part.yaml").write_text("type: object\nproperties: {a: {type: [strnig]}}\n")
    overlays: list[Path] = []
    understood = understand(Provider("acme", tmp_path / "spec.yaml"))
    while understood.view is None and len(overlays) < 8:
        for text in understood.overlay.split("---\n"):
            overlays.append(tmp_path / f"fix{len(overlays)}.yaml")
            overlays[-1].write_text(_filled_in(text))
        understood = understand(Provider("acme", tmp_path / "spec.yaml", tuple(overlays)))
    assert understood.view is not None, understood.diagnostics


_PLACES = """\
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://a.example}]
paths:
  '/d/{x': {get: {responses: {'204': {description: D}}}}
  /a:
    get:
      responses:
        '2xy': {description: D}
        '200':
          description: D
          content:
            application/json:
              schema:
                oneOf: [{$ref: '#/components/schemas/A'}]
                discriminator: {propertyName: kind, mapping: {a.b: '#/components/schemas/B'}}
components: {schemas: {A: {type: object, properties: {kind: {type: string}}}}}
"""


def test_what_is_proposed_stands_where_the_error_is(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(_PLACES)
    understood = understand(Provider("acme", tmp_path / "spec.yaml"))
    get = "$.paths['/a'].get.responses"
    schema = f"{get}['200'].content['application/json'].schema"
    assert yaml.safe_load(understood.overlay)["actions"] == [
        {"target": get, "update": {"...": {"description": "D"}}},
        {
            "target": f"{schema}.discriminator.mapping",
            "update": {"a.b": "#/components/..."},
        },
        {"target": f"{get}['2xy']", "remove": True},
        {"target": "$.paths['/d/{x']", "remove": True},
    ]


@pytest.mark.parametrize("text", ["a\n::set-env name=x::y", "##[error]a", "a\n\n ##vso[b]"])
def test_text_of_strangers_is_no_command(tmp_path: Path, text: str) -> None:
    """Neither as a key that is repeated, nor in an answer that is."""
    responses = {"2xy": {"description": text}, text: {"description": "D"}}
    spec = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    paths = {"/a": {"get": {"deprecated": "x", "responses": responses}}}
    (tmp_path / "spec.yaml").write_text(yaml.safe_dump({**spec, "paths": paths}))
    overlay = understand(Provider("acme", tmp_path / "spec.yaml")).overlay
    assert "deprecated" in overlay
    assert "set-env" not in overlay
    assert "##" not in overlay


def _filled_in(text: str) -> str:
    overlay = yaml.safe_load(text)
    for action in overlay["actions"]:
        update = action.get("update", {})
        for key, value in update.items():
            if value == "...":
                update[key] = {"version": "1", "type": "string"}[key]
    return yaml.safe_dump(overlay)
