"""Reading of schema objects, and of every schema that a reference reaches."""

from __future__ import annotations

from ..source.document import Node, Scalar, Seq
from ..source.text import SpecText, SpecValue, shown
from .cursor import Cursor, Source, describe, join, plain
from .model import Discriminator, Schema

__all__ = ["SchemaReader"]

_TYPES = ("string", "number", "integer", "boolean", "object", "array")


class SchemaReader:
    """Reads schemas and remembers which others they refer to."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._wanted: dict[str, Node] = {}

    def read(self, node: Node, pointer: str) -> Schema:
        """One schema; what it refers to is read by `reached`."""
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return Schema(span=node.span, pointer=pointer, boolean=node.value)
        cursor = self._source.cursor(node, pointer, "schema")
        cursor.account()
        types, nullable = self._types(cursor)
        enum = tuple(SpecValue(plain(n)) for n, _ in cursor.items("enum"))
        if "enum" in cursor and not enum:
            self._source.out.add("E202", "an enum needs at least one value", cursor.span)
        const = cursor.value("const")
        return Schema(
            span=cursor.span,
            pointer=pointer,
            ref=self._ref(cursor),
            types=types,
            nullable=nullable or any(v.raw is None for v in enum),
            format=cursor.text("format"),
            enum=tuple(v for v in enum if v.raw is not None) or None,
            const=None if const is not None and const.raw is None else const,
            default=cursor.value("default"),
            properties=tuple(
                (SpecText(key), self.read(child, at))
                for key, _, child, at in cursor.members("properties")
            ),
            required=frozenset(cursor.texts("required")),
            additional=self._additional(cursor),
            items=self._child(cursor, "items"),
            all_of=self._children(cursor, "allOf"),
            one_of=self._children(cursor, "oneOf"),
            any_of=self._children(cursor, "anyOf"),
            discriminator=self._discriminator(cursor),
            title=cursor.text("title"),
            description=cursor.text("description"),
            deprecated=cursor.flag("deprecated"),
            secret=cursor.flag("x-linkwright-secret"),
            name=cursor.text("x-linkwright-name"),
            timestamp=cursor.choice("x-linkwright-timestamp", ("utc", "naive")),
        )

    def reached(self) -> dict[str, Schema]:
        """Every schema that was referred to so far, and those these refer to."""
        found: dict[str, Schema] = {}
        while self._wanted:
            pointer, node = self._wanted.popitem()
            if pointer not in found:
                found[pointer] = self.read(node, pointer)
        return dict(sorted(found.items()))

    def _ref(self, cursor: Cursor) -> str | None:
        target = cursor.string("$ref")
        if target is None:
            return None
        span = cursor.node.entries["$ref"].span
        node, pointer = self._source.find(target, span)
        self._wanted.setdefault(pointer, node)
        return pointer

    def _types(self, cursor: Cursor) -> tuple[tuple[str, ...], bool]:
        node = cursor.node.entries.get("type")
        nullable = cursor.flag("nullable")
        if nullable and self._source.version(cursor.node) in ("3.1", "3.2"):
            self._source.out.add(
                "W202",
                "`nullable` is not a keyword of OpenAPI 3.1; read as a type that allows null",
                cursor.node.keys["nullable"],
                help="write type: [<type>, 'null']",
            )
        if node is None:
            return (), nullable
        items = node.items if isinstance(node, Seq) else (node,)
        types: list[str] = []
        for item in items:
            value = item.value if isinstance(item, Scalar) else None
            # A bare `null` instead of the string 'null' is a common slip with one meaning.
            if value == "null" or (isinstance(item, Scalar) and value is None):
                nullable = True
            elif isinstance(value, str) and value in _TYPES:
                types.append(value)
            else:
                self._source.out.add(
                    "E202",
                    f"{describe(item)} is not a type",
                    item.span,
                    help=f"a type is one of {', '.join(_TYPES)}, null",
                )
        return tuple(types), nullable

    def _child(self, cursor: Cursor, key: str) -> Schema | None:
        node = cursor.node.entries.get(key)
        return None if node is None else self.read(node, join(cursor.pointer, key))

    def _children(self, cursor: Cursor, key: str) -> tuple[Schema, ...]:
        return tuple(self.read(node, at) for node, at in cursor.items(key))

    def _additional(self, cursor: Cursor) -> Schema | bool | None:
        node = cursor.node.entries.get("additionalProperties")
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        return self._child(cursor, "additionalProperties")

    def _discriminator(self, cursor: Cursor) -> Discriminator | None:
        node = cursor.node.entries.get("discriminator")
        if node is None:
            return None
        inner = self._source.cursor(node, join(cursor.pointer, "discriminator"), "discriminator")
        inner.account()
        mapping: list[tuple[SpecText, str]] = []
        for key, _, child, _ in inner.members("mapping"):
            if not isinstance(child, Scalar) or not isinstance(child.value, str):
                self._source.out.add("E202", f"{shown(key)} must map to a string", child.span)
                continue
            target, pointer = self._source.find_schema(child.value, child.span)
            self._wanted.setdefault(pointer, target)
            mapping.append((SpecText(key), pointer))
        return Discriminator(inner.need_text("propertyName"), tuple(mapping), inner.span)
