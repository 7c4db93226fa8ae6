"""Words for messages, and JSON pointers."""

from __future__ import annotations

from ..source.document import Map, Node, Seq
from ..source.text import shown

__all__ = ["article", "describe", "join"]


def join(pointer: str, *parts: str) -> str:
    """Append parts to a JSON pointer."""
    return pointer + "".join("/" + p.replace("~", "~0").replace("/", "~1") for p in parts)


def article(noun: str) -> str:
    """A kind of object with its article; `info` and `components` have none."""
    if noun in ("info", "components"):
        return noun
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def describe(node: Node) -> str:
    """A node in two words, for messages."""
    if isinstance(node, Map):
        return "a mapping"
    if isinstance(node, Seq):
        return "a list"
    if node.value is None:
        return "null"
    return f"{type(node.value).__name__} {shown(str(node.value))!r}"
