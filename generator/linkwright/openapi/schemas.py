"""Reading of schema objects, and of every schema that a reference reaches."""

from __future__ import annotations

from ..source.document import Node, Scalar, Seq
from ..source.limits import MAX_VARIANTS
from ..source.text import SpecText, shown
from .cursor import Cursor, Source, describe, join
from .enum_notes import notes_beside
from .model import Discriminator, Schema
from .nodes import text_at

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
        enum = tuple(cursor.literal(n) for n, _ in cursor.items("enum"))
        if "enum" in cursor and not enum:
            self._source.out.add("E202", "an enum needs at least one value", cursor.span)
        const = cursor.value("const")
        if const is not None:
            enum = (const,)
        prefix = self._children(cursor, "prefixItems") or self._listed_items(cursor)
        return Schema(
            span=cursor.span,
            pointer=pointer,
            ref=self._ref(cursor),
            types=types,
            nullable=nullable or any(v.raw is None for v in enum),
            format=cursor.text("format"),
            enum=tuple(v for v in enum if v.raw is not None) or None,
            notes=notes_beside(cursor, enum) if enum else (),
            default=cursor.value("default"),
            properties=tuple(
                (SpecText(key), self.read(child, at))
                for key, _, child, at in cursor.members("properties")
            ),
            required=frozenset(cursor.texts("required")),
            additional=self._additional(cursor),
            patterns=tuple(
                self.read(child, at) for _, _, child, at in cursor.members("patternProperties")
            ),
            items=self._items(cursor, prefix),
            prefix=prefix,
            closed=self._closed(cursor, len(prefix)),
            all_of=self._children(cursor, "allOf"),
            one_of=self._children(cursor, "oneOf"),
            any_of=self._children(cursor, "anyOf"),
            conditional=self._conditional(cursor),
            discriminator=self._discriminator(cursor),
            title=cursor.text("title"),
            description=cursor.text("description"),
            deprecated=cursor.flag("deprecated"),
            read_only=cursor.flag("readOnly"),
            write_only=cursor.flag("writeOnly"),
            secret=cursor.flag("x-linkwright-secret"),
            name=cursor.text("x-linkwright-name"),
            timestamp=cursor.choice("x-linkwright-timestamp", ("utc", "naive")),
            content=self._json_content(cursor),
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

    def _json_content(self, cursor: Cursor) -> Schema | None:
        media_type = text_at(cursor.node, "contentMediaType") or ""
        essence = media_type.partition(";")[0].strip().lower()
        if essence != "application/json" and not essence.endswith("+json"):
            return None
        return self._child(cursor, "contentSchema")

    def _additional(self, cursor: Cursor) -> Schema | bool | None:
        for key in ("additionalProperties", "unevaluatedProperties"):
            node = cursor.node.entries.get(key)
            if isinstance(node, Scalar) and isinstance(node.value, bool):
                return node.value
            if node is not None:
                return self._child(cursor, key)
        return None

    def _listed_items(self, cursor: Cursor) -> tuple[Schema, ...]:
        """`items` as a list, which is how older drafts wrote `prefixItems`."""
        if isinstance(cursor.node.entries.get("items"), Seq):
            return self._children(cursor, "items")
        return ()

    def _items(self, cursor: Cursor, prefix: tuple[Schema, ...]) -> Schema | None:
        """The schema of all members, or of those behind the prefix."""
        listed = isinstance(cursor.node.entries.get("items"), Seq)
        if listed or ("items" not in cursor and prefix):
            return self._child(cursor, "additionalItems")
        return self._child(cursor, "items")

    def _closed(self, cursor: Cursor, length: int) -> bool:
        most = cursor.value("maxItems")
        ends = [cursor.node.entries.get(key) for key in ("items", "additionalItems")]
        return any(isinstance(node, Scalar) and node.value is False for node in ends) or (
            most is not None and isinstance(most.raw, int) and most.raw <= length
        )

    def _conditional(self, cursor: Cursor) -> tuple[Schema, ...]:
        branches = [self._child(cursor, key) for key in ("then", "else")]
        dependent = [self.read(child, at) for _, _, child, at in cursor.members("dependentSchemas")]
        return (*(b for b in branches if b is not None), *dependent)

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
        heirs = self._heirs(cursor, inner)
        wire = inner.need_text("propertyName")
        return Discriminator(wire, tuple(mapping), inner.span, heirs)

    def _heirs(self, cursor: Cursor, discriminator: Cursor) -> tuple[str, ...]:
        """Who inherits from a base; one that lists its alternatives names them itself."""
        if "oneOf" in cursor or "anyOf" in cursor:
            return ()
        heirs = self._source.heirs(cursor)
        if len(heirs) > MAX_VARIANTS:
            self._source.out.add(
                "W204",
                f"{len(heirs):,} schemas inherit from this, more than {MAX_VARIANTS}; those that "
                "`mapping` does not name are read as this base",
                discriminator.span,
            )
            return ()
        for heir in heirs:
            self._wanted.setdefault(heir.pointer, heir.node)
        return tuple(heir.pointer for heir in heirs)
