"""Typed access to the nodes of a document: kinds are checked, keywords accounted for.

A `Cursor` is a mapping node together with its JSON pointer. Reading through it is what makes
every message carry a place, and what makes sure that no keyword is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

from ..diagnostics import Collector
from ..source.document import Document, Map, Node, Scalar, Seq, plain
from ..source.span import Span
from ..source.text import SpecText, SpecValue, shown
from .keywords import KEYWORDS

__all__ = ["Cursor", "Source", "TOKEN", "article", "describe", "join", "plain"]

#: What RFC 9110 lets the name of a header be.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Source:
    """The document under a reader, and where its messages go."""

    document: Document
    out: Collector

    def find(self, ref: str, span: Span) -> tuple[Node, str]:
        """Follow a local reference to its node and canonical JSON pointer, or fail with E204."""
        if not ref.startswith("#"):
            self.out.fail(
                "E204",
                f"the reference {shown(ref)} leaves the document",
                span,
                help="only references inside the document (#/...) are followed",
            )
        parts = [p.replace("~1", "/").replace("~0", "~") for p in unquote(ref[1:]).split("/")]
        if parts[0]:
            self.out.fail("E204", f"the reference {shown(ref)} is not a JSON pointer (#/...)", span)
        node: Node = self.document.root
        for part in parts[1:]:
            if isinstance(node, Map) and part in node.entries:
                node = node.entries[part]
            elif isinstance(node, Seq) and part.isdecimal() and int(part) < len(node.items):
                node = node.items[int(part)]
            else:
                self.out.fail("E204", f"nothing stands at {shown(ref)}", span)
        return node, join("", *parts[1:])

    def cursor(self, node: Node, pointer: str, kind: str) -> Cursor:
        """A mapping as `kind` (a key of KEYWORDS); anything else fails with E202."""
        if not isinstance(node, Map):
            self.out.fail("E202", f"{kind} must be a mapping, this is {describe(node)}", node.span)
        return Cursor(self, node, pointer, kind)

    def follow(self, node: Node, pointer: str, kind: str) -> Cursor:
        """Like `cursor`, going through a chain of `$ref` first."""
        seen = {pointer}
        while isinstance(node, Map) and "$ref" in node.entries:
            target = node.entries["$ref"]
            if not isinstance(target, Scalar) or not isinstance(target.value, str):
                self.out.fail(
                    "E202", f"$ref must be a string, this is {describe(target)}", target.span
                )
            span = target.span
            node, pointer = self.find(target.value, span)
            if pointer in seen:
                self.out.fail("E204", f"the reference {shown(target.value)} leads to itself", span)
            seen.add(pointer)
        return self.cursor(node, pointer, kind)


@dataclass(frozen=True, slots=True)
class Cursor:
    """One mapping of the document."""

    source: Source
    node: Map
    pointer: str
    kind: str

    @property
    def span(self) -> Span:
        """Where the mapping begins."""
        return self.node.span

    def __contains__(self, key: str) -> bool:
        return key in self.node.entries

    def account(self, ignore: Sequence[str] = ()) -> None:
        """Report every keyword that is refused, lossy or unknown."""
        words = KEYWORDS[self.kind]
        for key, span in self.node.keys.items():
            if key in words.read or key in words.silent or key in ignore:
                continue
            if key in words.refused:
                self.source.out.add("E205", f"{shown(key)}: {words.refused[key]}", span)
            elif key in words.lossy:
                self.source.out.add("W204", f"{shown(key)}: {words.lossy[key]}", span)
            elif key.startswith("x-linkwright-"):
                known = sorted(w for w in words.read if w.startswith("x-linkwright-"))
                self.source.out.add(
                    "E202",
                    f"{shown(key)} is not an extension of {article(self.kind)}",
                    span,
                    help=f"known here: {', '.join(known) or 'none'}",
                )
            elif not key.startswith("x-"):
                self.source.out.add(
                    "W201", f"{shown(key)} means nothing in {article(self.kind)}", span
                )

    def need(self, key: str) -> Node:
        """The node under a required keyword, or fail with E203."""
        if key not in self.node.entries:
            self.source.out.fail("E203", f"this {self.kind} has no {key!r}", self.span)
        return self.node.entries[key]

    def scalar(self, key: str) -> Scalar | None:
        """A leaf; anything else is reported and counts as absent, as in all that follow."""
        node = self.node.entries.get(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self._wrong(key, "a plain value", node)
            return None
        return node

    def string(self, key: str) -> str | None:
        """A string; numbers are taken by their text (`version: 1.0`), null counts as absent."""
        node = self.scalar(key)
        if node is None or node.value is None:
            return None
        if isinstance(node.value, bool):
            self._wrong(key, "a string", node)
            return None
        return str(node.value)

    def text(self, key: str) -> SpecText | None:
        """A string, wrapped."""
        value = self.string(key)
        return None if value is None else SpecText(value)

    def need_text(self, key: str) -> SpecText:
        """A string under a required keyword."""
        self.need(key)
        return self.text(key) or SpecText("")

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        node = self.scalar(key)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self._wrong(key, "true or false", node)
            return default
        return node.value

    def seconds(self, key: str) -> float | None:
        """A duration of at most a day."""
        node = self.scalar(key)
        if node is None:
            return None
        value = node.value
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not 0 < value <= 86_400
        ):
            self._wrong(key, "seconds between 0 and 86400", node)
            return None
        return float(value)

    def choice(self, key: str, allowed: Sequence[_Choice]) -> _Choice | None:
        """One of a few words."""
        node = self.scalar(key)
        if node is None:
            return None
        for value in allowed:
            if node.value == value:
                return value
        self._wrong(key, f"one of {', '.join(allowed)}", node)
        return None

    def value(self, key: str) -> SpecValue | None:
        """Any JSON value."""
        node = self.node.entries.get(key)
        return None if node is None else SpecValue(plain(node))

    def items(self, key: str) -> Iterator[tuple[Node, str]]:
        """The members of a list with their pointers; absent means none."""
        node = self.node.entries.get(key)
        if node is None:
            return
        if not isinstance(node, Seq):
            self._wrong(key, "a list", node)
            return
        for index, item in enumerate(node.items):
            yield item, join(self.pointer, key, str(index))

    def texts(self, key: str) -> tuple[SpecText, ...]:
        """A list of strings."""
        found: list[SpecText] = []
        for node, _ in self.items(key):
            if isinstance(node, Scalar) and isinstance(node.value, str):
                found.append(SpecText(node.value))
            else:
                self._wrong(key, "a list of strings", node)
        return tuple(found)

    def members(self, key: str) -> Iterator[tuple[str, Span, Node, str]]:
        """The entries of a mapping: key, its place, node, pointer; absent means none."""
        node = self.node.entries.get(key)
        if node is None:
            return
        if not isinstance(node, Map):
            self._wrong(key, "a mapping", node)
            return
        for name, child in node.entries.items():
            yield name, node.keys[name], child, join(self.pointer, key, name)

    def _wrong(self, key: str, wanted: str, node: Node) -> None:
        self.source.out.add("E202", f"{key} must be {wanted}, this is {describe(node)}", node.span)


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
