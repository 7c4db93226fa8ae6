"""The strings of a document that go over the wire, and must come out as they went in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast
from urllib.parse import unquote

__all__ = ["wire_strings"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")


def wire_strings(document: object) -> set[str]:
    """Paths, names of parameters and properties, values of enums, of what the operations reach."""
    return set(_Walk(document).document())


class _Walk:
    def __init__(self, document: object) -> None:
        self._root = document
        self._seen: set[int] = set()

    def document(self) -> Iterator[str]:
        for path, item in _members(_at(self._root, "paths")):
            item = self._follow(item)
            shared = _items(_at(item, "parameters"))
            for method in _METHODS:
                operation = _at(item, method)
                if operation is not None:
                    yield path
                    yield from self._operation(operation, shared)

    def _operation(self, operation: object, shared: list[object]) -> Iterator[str]:
        for parameter in (*shared, *_items(_at(operation, "parameters"))):
            parameter = self._follow(parameter)
            name = str(_at(parameter, "name"))
            owned = ("accept", "content-type", "authorization")
            if _at(parameter, "in") != "header" or name.lower() not in owned:
                yield name
                yield from self._schema(_at(parameter, "schema"))
        body = self._follow(_at(operation, "requestBody"))
        for _, media in _members(_at(body, "content")):
            yield from self._schema(_at(media, "schema"))
        for _, response in _members(_at(operation, "responses")):
            for _, media in _members(_at(self._follow(response), "content")):
                yield from self._schema(_at(media, "schema"))

    def _schema(self, schema: object) -> Iterator[str]:
        waiting = [schema]
        while waiting:
            schema = waiting.pop()
            if not isinstance(schema, dict) or id(cast(object, schema)) in self._seen:
                continue
            members = cast("dict[str, object]", schema)
            self._seen.add(id(members))
            if "$ref" in members:
                waiting.append(self._follow(members))
            properties = _members(members.get("properties"))
            yield from (name for name, _ in properties)
            values = [v for v in _items(members.get("enum")) if v is not None]
            if len(values) > 1 and all(isinstance(v, str) for v in values):
                yield from cast("list[str]", values)
            waiting += [child for _, child in properties]
            waiting += [members.get("items"), members.get("additionalProperties")]
            waiting += [c for key in ("allOf", "oneOf", "anyOf") for c in _items(members.get(key))]

    def _follow(self, node: object) -> object:
        for _ in range(100):
            ref = _at(node, "$ref")
            if not isinstance(ref, str) or not ref.startswith("#/"):
                return node
            node = self._root
            for part in unquote(ref[2:]).split("/"):
                node = _at(node, part.replace("~1", "/").replace("~0", "~"))
        return None


def _at(node: object, key: str) -> object:
    return cast("dict[str, object]", node).get(key) if isinstance(node, dict) else None


def _members(node: object) -> list[tuple[str, object]]:
    return list(cast("dict[str, object]", node).items()) if isinstance(node, dict) else []


def _items(node: object) -> list[object]:
    return cast("list[object]", node) if isinstance(node, list) else []
