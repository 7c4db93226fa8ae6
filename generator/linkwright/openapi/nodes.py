"""Making mappings out of mappings. Nodes are never changed: documents share them."""

from __future__ import annotations

from collections.abc import Mapping

from ..source.document import Map, Node, Scalar, Seq, Value
from ..source.span import Span

__all__ = ["changed", "mapping", "measure", "sequence", "text_at"]


def changed(node: Map, changes: Mapping[str, Node | None]) -> Map:
    """A mapping with some entries replaced, added, or (by None) left out."""
    entries, keys = dict(node.entries), dict(node.keys)
    for key, child in changes.items():
        if child is None:
            entries.pop(key, None)
            keys.pop(key, None)
        else:
            entries[key] = child
            keys.setdefault(key, child.span)
    return Map(entries, keys, node.span)


def mapping(span: Span, **values: Node | Value) -> Map:
    """A mapping that stands for what is written at a place; keys that are no words go by `changed`."""
    entries = {
        key: value if isinstance(value, (Map, Seq, Scalar)) else Scalar(value, span)
        for key, value in values.items()
    }
    return Map(dict(entries), {key: node.span for key, node in entries.items()}, span)


def sequence(span: Span, *items: Node | Value) -> Seq:
    """A list, likewise."""
    return Seq(
        tuple(i if isinstance(i, (Map, Seq, Scalar)) else Scalar(i, span) for i in items), span
    )


def measure(node: Node) -> tuple[int, int]:
    """How many values a node is, itself among them, and how many levels, aliases expanded."""
    known: dict[int, tuple[int, int]] = {}

    def of(node: Node) -> tuple[int, int]:
        if isinstance(node, Scalar):
            return 1, 0
        if id(node) not in known:
            children = node.entries.values() if isinstance(node, Map) else node.items
            sizes = [of(child) for child in children]
            height = 1 + max((height for _, height in sizes), default=0)
            known[id(node)] = 1 + sum(size for size, _ in sizes), height
        return known[id(node)]

    return of(node)


def text_at(node: Map, key: str) -> str | None:
    """The string under a key, or None."""
    found = node.entries.get(key)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None
