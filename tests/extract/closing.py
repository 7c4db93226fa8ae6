"""Documented facts of reference pages, and whether a hand-made spec has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkwright.extract.models import flat

__all__ = ["differences"]


def _resolved(spec: Mapping[str, Any], node: Any) -> Any:
    while node is not None and "$ref" in node:
        target: Any = spec
        reference: str = node["$ref"]
        for part in reference.removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def _inferred(node: Mapping[str, Any]) -> set[str]:
    source = node.get("x-linkwright-source", {})
    return {*source.get("inferred", {}), *source.get("missing", [])}


def _types(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    """The types a schema allows, through references and choices."""
    schema = _resolved(spec, schema)
    found: set[str] = set()
    for key in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(key, ()):
            found |= _types(spec, option)
    kind = schema.get("type")
    found.update([kind] if isinstance(kind, str) else kind or [])
    return found - {"null"}


def _values(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    schema = _resolved(spec, schema)
    if "items" in schema:
        return _values(spec, schema["items"])
    found = [str(v) for v in schema.get("enum", ())]
    for key in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(key, ()):
            found += _values(spec, option)
    return found


def _name(content: Mapping[str, Any]) -> str:
    for media in content.values():
        reference = media.get("schema", {}).get("$ref", "")
        return flat(reference.rsplit("/", 1)[-1])
    return ""


def _operations(spec: Mapping[str, Any]) -> dict[tuple[str, str], tuple[dict[str, Any], list[Any]]]:
    found: dict[tuple[str, str], tuple[dict[str, Any], list[Any]]] = {}
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method in ("get", "put", "post", "delete", "patch"):
                shared = item.get("parameters", [])
                found[method, flat_path(path)] = operation, shared
    return found


def flat_path(path: str) -> str:
    """A path whose placeholders compare without case and punctuation."""
    parts = path.split("/")
    return "/".join(f"{{{flat(p)}}}" if p.startswith("{") else p for p in parts)


def differences(pages: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[str]:
    """Every documented fact of an extracted document that a spec does not have, as one line.

    Args:
        pages: What was extracted; facts it infers do not count.
        spec: The reviewed specification.
    """
    theirs = _operations(spec)
    for (method, path), (operation, _) in _operations(pages).items():
        where = f"{method} {path}"
        if (method, path) not in theirs:
            yield f"{where}: operation"
            continue
        mine, shared = theirs[method, path]
        yield from _parameters(where, operation, spec, [*shared, *mine.get("parameters", ())])
        yield from _body(where, operation, spec, mine)
        yield from _answers(where, operation, spec, mine)


def _parameters(
    where: str, operation: Mapping[str, Any], spec: Mapping[str, Any], have: list[Any]
) -> Iterator[str]:
    known = {flat(p["name"]): p for p in (_resolved(spec, p) for p in have)}
    for parameter in operation.get("parameters", ()):
        inferred = _inferred(parameter)
        what = f"{where}: {parameter['name']}"
        mine = known.get(flat(parameter["name"]))
        if mine is None:
            yield what
            continue
        if "in" not in inferred and mine["in"] != parameter["in"]:
            yield f"{what}: in {parameter['in']}"
        if "required" not in inferred and mine.get("required", False) != parameter.get(
            "required", False
        ):
            yield f"{what}: required {parameter.get('required', False)}".lower()
        schema = parameter["schema"]
        if "type" not in inferred and _types({}, schema) - _types(spec, mine["schema"]):
            yield f"{what}: type {schema.get('type')}"
        missing = [v for v in _values({}, schema) if v not in _values(spec, mine["schema"])]
        if missing:
            yield f"{what}: enum {', '.join(missing)}"


def _body(
    where: str, operation: Mapping[str, Any], spec: Mapping[str, Any], mine: Mapping[str, Any]
) -> Iterator[str]:
    body = operation.get("requestBody")
    if body is None:
        return
    inferred = _inferred(body)
    have = _resolved(spec, mine.get("requestBody"))
    if have is None:
        yield f"{where}: body"
        return
    if "required" not in inferred and have.get("required", False) != body.get("required", False):
        yield f"{where}: body: required {body.get('required', False)}".lower()
    if "media" not in inferred:
        for media in body["content"]:
            if media not in have["content"]:
                yield f"{where}: body: {media}"
    name = _name(body["content"])
    if "in" not in inferred and name and name != _name(have["content"]):
        yield f"{where}: body: schema {name}"


def _answers(
    where: str, operation: Mapping[str, Any], spec: Mapping[str, Any], mine: Mapping[str, Any]
) -> Iterator[str]:
    inferred = _inferred(operation)
    for status, answer in operation["responses"].items():
        have = mine["responses"].get(status)
        if have is None and "status" in inferred and status[0] == "2":
            have = next((a for s, a in mine["responses"].items() if s[0] == "2"), None)
        if have is None and "status" in inferred and status[0] == "2":
            continue
        if have is None:
            yield f"{where}: status {status}"
            continue
        have = _resolved(spec, have)
        name = _name(answer.get("content", {}))
        if "returns" not in inferred and name and name != _name(have.get("content", {})):
            yield f"{where}: {status}: schema {name}"
    if "security" in operation and "security" not in inferred:
        wanted = bool(operation["security"])
        if wanted != bool(mine.get("security", spec.get("security"))):
            yield f"{where}: security {wanted}".lower()
