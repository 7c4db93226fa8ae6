"""Making mappings out of mappings. Nodes are never changed: documents share them."""

from __future__ import annotations

from collections.abc import Mapping

from ..source.document import Map, Node, Scalar, Seq, Value
from ..source.span import Span

__all__ = ["changed", "mapping", "sequence", "text_at"]


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


def text_at(node: Map, key: str) -> str | None:
    """The string under a key, or None."""
    found = node.entries.get(key)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None
