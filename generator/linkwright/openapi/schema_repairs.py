"""Defects of schemas whose meaning is beyond doubt. Part of `repairs`."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Collector
from ..source.document import Map, Node, Scalar, Seq
from ..source.text import shown
from .nodes import changed, mapping, sequence

__all__ = ["TYPE_WORDS", "mend_schema"]

#: What people write for a type, in lower case -> `type` and `format`; no type means any value.
TYPE_WORDS: dict[str, tuple[str | None, str | None]] = {
    **{word: (word, None) for word in "string number integer boolean object array null".split()},
    **dict.fromkeys(("any", "mixed"), (None, None)),
    **dict.fromkeys(("int", "int32"), ("integer", "int32")),
    **dict.fromkeys(("int64", "long", "bigint"), ("integer", "int64")),
    **dict.fromkeys(("float", "double"), ("number", "double")),
    "decimal": ("number", None),
    "bool": ("boolean", None),
    **dict.fromkeys(("str", "text"), ("string", None)),
    **dict.fromkeys(("date-time", "datetime", "timestamp"), ("string", "date-time")),
    "date": ("string", "date"),
    "uuid": ("string", "uuid"),
    **dict.fromkeys(("file", "binary"), ("string", "binary")),
    **dict.fromkeys(("dict", "map", "hash"), ("object", None)),
    "list": ("array", None),
}
_TYPES = frozenset("string number integer boolean object array null".split())
#: Keywords that end up among the properties when a line is indented too far.
_FLAGS = frozenset("additionalProperties nullable deprecated readOnly writeOnly".split())
_TEXTS = frozenset("type description title format".split())


def mend_schema(node: Map, version: str, out: Collector) -> Map:
    """A schema as it was meant; the same object where there is nothing to mend."""
    nested = node.entries.get("type")
    if isinstance(nested, Map) and "type" in nested.entries:
        out.add("W202", "a schema stands in place of its type; read as this schema", nested.span)
        node = changed(node, nested.entries)
    changes: dict[str, Node | None] = {}
    entries = node.entries
    if "type" in entries:
        changes.update(_type(entries["type"], entries, out))
    if "required" in entries and not isinstance(entries["required"], Seq):
        changes["required"] = _required(entries["required"], out)
    elif isinstance(listed := entries.get("required"), Seq):
        names = [n for n in listed.items if not isinstance(n, Scalar) or n.value is not None]
        if len(names) < len(listed.items):
            out.add("W202", "null is no property; read as absent from required", listed.span)
            node = changed(node, {"required": sequence(listed.span, *names)})
    if "additionalProperties" in entries:
        mended = _additional(entries["additionalProperties"], out)
        if mended is not entries["additionalProperties"]:
            changes["additionalProperties"] = mended
    if isinstance(entries.get("discriminator"), Scalar):
        changes["discriminator"] = _discriminator(entries["discriminator"], version, out)
    items = entries.get("items")
    if isinstance(items, Seq) and not items.items:
        out.add("W202", "items is an empty list; read as items of any kind", items.span)
        changes["items"] = None
    if "x-nullable" in entries and "nullable" not in entries:
        changes["nullable"] = entries["x-nullable"]
    properties = entries.get("properties")
    if isinstance(properties, Map):
        changes.update(_properties(node, properties, version, out))
    return changed(node, changes) if changes else node


def _type(
    node: Node, entries: dict[str, Node], out: Collector
) -> Iterator[tuple[str, Node | None]]:
    """`type` in words of other languages, or null without quotes."""
    if isinstance(node, Seq):
        items = [dict(_type(item, {}, out)).get("type", item) for item in node.items]
        if items != list(node.items):
            yield "type", sequence(node.span, *(item for item in items if item is not None))
        return
    if not isinstance(node, Scalar):
        return
    if node.value is None:
        out.add("W202", "the type null is written without quotes; read as 'null'", node.span)
        yield "type", Scalar("null", node.span)
        return
    if not isinstance(node.value, str) or node.value in _TYPES:
        return
    known = TYPE_WORDS.get(node.value.strip().lower())
    if known is None:
        return
    type_, format_ = known
    said = type_ or "any value"
    out.add("W202", f"{shown(node.value)!r} is not a type; read as {said}", node.span)
    yield "type", None if type_ is None else Scalar(type_, node.span)
    if format_ is not None and "format" not in entries:
        yield "format", Scalar(format_, node.span)


def _required(node: Node, out: Collector) -> Node | None:
    """`required` that is no list: of a property, it is about that property."""
    if not isinstance(node, Scalar):
        return node
    if isinstance(node.value, str) and node.value.lower() not in ("true", "false"):
        out.add("W202", "required is a text; read as a list of it alone", node.span)
        return sequence(node.span, node)
    # The object it is a property of has seen it already.
    out.add("W202", "required belongs to the object whose property this is; read so", node.span)
    return None


def _additional(node: Node, out: Collector) -> Node | None:
    if (isinstance(node, Seq) and not node.items) or (
        isinstance(node, Scalar) and node.value is None
    ):
        out.add("W202", "additionalProperties says nothing; read as absent", node.span)
        return None
    said = node.value.lower() if isinstance(node, Scalar) and isinstance(node.value, str) else ""
    if said in ("true", "false"):
        out.add("W202", "additionalProperties is a text; read as a flag", node.span)
        return Scalar(said == "true", node.span)
    return node


def _discriminator(node: Node, version: str, out: Collector) -> Node:
    if version != "2.0":
        out.add(
            "W202", "discriminator is a text, as in Swagger 2.0; read as its property", node.span
        )
    return mapping(node.span, propertyName=node)


def _properties(
    node: Map, properties: Map, version: str, out: Collector
) -> Iterator[tuple[str, Node | None]]:
    """Keywords among the properties, and properties that say themselves that they are required."""
    changes: dict[str, Node | None] = {}
    required: list[Node] = []
    for name, child in properties.entries.items():
        if isinstance(child, Map):
            flag = child.entries.get("required")
            if isinstance(flag, Scalar) and str(flag.value).lower() in ("true", "false"):
                out.add("W202", "required stands in a property; read as of its object", flag.span)
                changes[name] = changed(child, {"required": None})
                if str(flag.value).lower() == "true":
                    required.append(Scalar(name, flag.span))
        elif name not in node.entries and _misplaced(name, child, version):
            out.add(
                "W202",
                f"{name} stands among the properties; read as a keyword of their object",
                properties.keys[name],
                help="indent it less, beside `properties`",
            )
            changes[name] = None
            yield name, child
    if changes:
        yield "properties", changed(properties, changes)
    if required:
        before = node.entries.get("required")
        others = before.items if isinstance(before, Seq) else ()
        yield "required", sequence(node.span, *others, *required)


def _misplaced(name: str, child: Node, version: str) -> bool:
    """Whether this is a keyword of the object, and cannot be a schema of a property."""
    if name == "required":
        return isinstance(child, Seq)
    if not isinstance(child, Scalar):
        return False
    if isinstance(child.value, bool):
        # From 3.1 on, `true` is a schema that allows everything; `false` would be a property that
        # may never be there, which nobody declares.
        return name in _FLAGS and (child.value is False or version in ("2.0", "3.0"))
    if not isinstance(child.value, str) or name not in _TEXTS:
        return False
    # `title: string` among the properties is a property in short, not a title.
    return child.value == "object" if name == "type" else child.value.lower() not in TYPE_WORDS
