"""Documents as positioned values: what YAML and JSON have in common, with places.

The values are tuples, since a large document has a million of them and their making counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from .span import Span

__all__ = ["Document", "Map", "Node", "Scalar", "Seq", "Value", "plain"]

Value: TypeAlias = str | int | float | bool | None


class Scalar(NamedTuple):
    """A leaf, resolved by the YAML 1.2 core schema."""

    value: Value
    span: Span


class Seq(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    span: Span


class Map(NamedTuple):
    """A mapping in document order; keys are the text of their scalars (`200:` is "200").

    Neither `entries` nor `keys` is ever changed: aliases and overlays share them.
    """

    entries: dict[str, Node]
    keys: dict[str, Span]
    span: Span


Node: TypeAlias = Scalar | Seq | Map


@dataclass(frozen=True, slots=True)
class Document:
    """One input file.

    Attributes:
        file: Its path as given, for messages.
        root: The outermost node.
        text: The decoded source, for excerpts.
        digest: SHA-256 of its bytes in hex, CRLF read as LF.
        name: Its path relative to the folder of the root document, with slashes; empty for the
            root document itself.
    """

    file: str
    root: Node
    text: str
    digest: str
    name: str = ""


def plain(node: Node) -> object:
    """A node as plain Python data."""
    if isinstance(node, Map):
        return {key: plain(child) for key, child in node.entries.items()}
    if isinstance(node, Seq):
        return [plain(child) for child in node.items]
    return node.value
