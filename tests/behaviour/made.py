"""Values made from schemas, where a document has no example that its own schema allows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias, cast

from .wire import Node, Spec

__all__ = ["Way", "made"]

Way: TypeAlias = Literal["request", "answer"]

#: Below this, only what is required; far below, nothing ends a circle but an empty list.
_FULL: Final = 4
_DEEPEST: Final = 12
_ONE_WAY: Final = {"request": "readOnly", "answer": "writeOnly"}
_TEXTS: Final = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T09:30:00Z",
    "email": "made@vendor.example",
    "uri": "https://vendor.example/made",
    "url": "https://vendor.example/made",
    "uuid": "8a210b68-6988-41ed-a1eb-0242ac120002",
    "decimal": "12.5",
    "sql-date": "2026-01-31",
    "sql-date-time": "2026-01-31 09:30:00",
    "time": "09:30:00Z",
}


def made(spec: Spec, schema: Any, way: Way, depth: int = 0) -> Any:
    """Make a value that a schema asks for. Whether it is one is for a validator to say."""
    node = _flat(spec, schema)
    for certain in ("const", "enum"):
        if certain in node:
            return node["const"] if certain == "const" else node["enum"][0]
    for choice in ("oneOf", "anyOf"):
        if node.get(choice):
            rest = {key: value for key, value in node.items() if key not in {choice, "nullable"}}
            parts = [one for one in node[choice] if _kind(_flat(spec, one)) != "null"]
            values = (made(spec, {"allOf": [rest, part]}, way, depth) for part in parts)
            # Alternatives may overlap, and then the first is not one of `oneOf`.
            first = next(values)
            if len(parts) == 1 or not spec.violations(node, first):
                return first
            return next((one for one in values if not spec.violations(node, one)), first)
    match _kind(node):
        case "object":
            return _object(spec, node, way, depth)
        case "array":
            few = node.get("minItems", 0 if depth > _FULL else 1)
            return [made(spec, node.get("items", True), way, depth + 1) for _ in range(few)]
        case "integer":
            return int(_number(node, 7))
        case "number":
            return _number(node, 12.5)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _text(node)


def _flat(spec: Spec, schema: Any) -> dict[str, Any]:
    """One node with what its references and all of `allOf` say, the nearer winning."""
    if not isinstance(schema, Mapping):
        return {}
    node = dict(cast("Node", schema))
    parts: list[Any] = list(node.pop("allOf", ()))
    if isinstance(node.get("$ref"), str):
        parts.append(spec.resolve({"$ref": node.pop("$ref")}))
    for part in parts:
        other = _flat(spec, part)
        properties = dict(other.get("properties", {}))
        for name, nearer in node.get("properties", {}).items():
            both = {"allOf": [nearer, properties[name]]} if name in properties else nearer
            properties[name] = both
        required = [*other.get("required", ()), *node.get("required", ())]
        node = {**other, **node}
        if properties:
            node["properties"] = properties
        if required:
            node["required"] = required
    return node


def _kind(node: Node) -> str:
    kind = node.get("type")
    if isinstance(kind, list):
        return str(next((one for one in cast("list[str]", kind) if one != "null"), "null"))
    if kind is None and node.get("format") == "decimal":
        return "number"
    if kind is None:
        return "object" if "properties" in node else "array" if "items" in node else "string"
    return str(kind)


def _object(spec: Spec, node: Node, way: Way, depth: int) -> dict[str, Any]:
    required = set(node.get("required", ()))
    found: dict[str, Any] = {}
    for name, part in node.get("properties", {}).items():
        if part is False:
            continue
        # What goes one way only may still be demanded by those who know only JSON Schema.
        few = depth > _FULL or _flat(spec, part).get(_ONE_WAY[way]) is True
        if depth <= _DEEPEST and (name in required or not few):
            found[name] = made(spec, part, way, depth + 1)
    # Vendors demand what they do not describe.
    found |= dict.fromkeys(sorted(required - node.get("properties", {}).keys()), "made")
    rest = node.get("additionalProperties")
    if not found and isinstance(rest, Mapping) and depth <= _FULL:
        found["made"] = made(spec, rest, way, depth + 1)
    return found


def _number(node: Node, usual: float) -> float:
    low, high = node.get("minimum"), node.get("maximum")
    value = usual if low is None else max(usual, low)
    return value if high is None else min(value, high)


def _text(node: Node) -> str:
    if "pattern" in node:
        for example in (node.get("example"), *node.get("examples", ())):
            if isinstance(example, str) and re.search(node["pattern"], example):
                return example
    text = _TEXTS.get(str(node.get("format")), "made")
    text = text.ljust(int(node.get("minLength", 0)), "x")
    return text[: int(node.get("maxLength", len(text)))]
