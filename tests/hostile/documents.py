"""Pieces of documents, for the `make.py` of cases that are too large to be kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["operation", "write"]


def operation(
    answer: object = None,
    *,
    body: object = None,
    id: str = "doIt",
    tag: str = "things",
    parameters: Sequence[object] = (),
) -> dict[str, object]:
    """An operation.

    Args:
        answer: Schema of what comes back; nothing does without one.
        body: Schema of what is sent.
        id: Its operationId.
        tag: Its tag.
        parameters: Its parameters.
    """
    response: dict[str, object] = {"description": "Done."}
    if answer is not None:
        response["content"] = {"application/json": {"schema": answer}}
    made: dict[str, object] = {"operationId": id, "tags": [tag], "parameters": list(parameters)}
    if body is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return {**made, "responses": {"200": response}}


def write(paths: Mapping[str, object], schemas: Mapping[str, object] | None = None) -> None:
    """Write `spec.yaml`: as JSON, which is YAML too, and quick to write."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example"}],
        "paths": dict(paths),
        "components": {"schemas": dict(schemas or {})},
    }
    Path("spec.yaml").write_text(json.dumps(document, indent=0), "utf-8")
