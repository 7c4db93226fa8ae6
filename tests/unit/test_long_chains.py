"""What refers to what refers to what: the cost grows with the document, not with its square."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linkwright.config import Provider
from linkwright.pipeline import understand


def _ref(number: int) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/S{number}"}


def _property(number: int) -> dict[str, Any]:
    return {"type": "object", "properties": {f"p{number}": {"type": "string"}}}


CHAINS: dict[str, Callable[[int], dict[str, Any]]] = {
    "references": _ref,
    "allOf": lambda number: {"allOf": [_ref(number), _property(number)]},
    "objects": lambda number: {"type": "object", "properties": {"next": _ref(number)}},
}


@pytest.mark.parametrize("kind", CHAINS)
def test_a_chain_of_three_thousand_schemas_takes_a_moment(kind: str, tmp_path: Path) -> None:
    schemas = {f"S{n}": CHAINS[kind](n + 1) for n in range(3000)} | {"S3000": _property(3000)}
    sent = {"content": {"application/json": {"schema": _ref(0)}}}
    operation = {"operationId": "a", "requestBody": sent, "responses": {"204": {"description": ""}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Chain", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": schemas},
    }
    spec = tmp_path / "chain.json"
    spec.write_text(json.dumps(document), "utf-8")
    begun = time.process_time()
    understood = understand(Provider(name="chain", spec=spec))
    assert time.process_time() - begun < 4
    assert understood.view is not None
