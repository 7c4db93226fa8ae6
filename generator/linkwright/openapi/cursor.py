"""Typed access to the nodes of a document: kinds are checked, keywords accounted for.

A `Cursor` is a mapping node together with its JSON pointer. Reading through it is what makes
every message carry a place, and what makes sure that no keyword is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ..diagnostics import Collector, Fix
from ..source.document import Map, Node, Scalar, Seq, plain
from ..source.library import Library
from ..source.limits import MAX_LITERAL
from ..source.span import Span
from ..source.text import SpecText, SpecValue, shown
from .describe import article, describe, join
from .keywords import ANYWHERE, KEYWORDS
from .nodes import changed
from .references import References, Target
from .repairs import mend
from .swagger import upgrade
from .versions import Version

__all__ = ["Cursor", "Source", "TOKEN", "article", "describe", "join", "plain"]

#: What RFC 9110 lets the name of a header be.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: What a required keyword that is no text looks like.
_NEEDED: dict[str, object] = {"info": {"title": "...", "version": "1"}}
_Choice = TypeVar("_Choice", bound=str)


class Source:
    """The document under a reader, and where its messages go.

    Every object is upgraded to OpenAPI 3.1 and mended when it is first opened, so that what an
    operation does not reach costs nothing, and readers know one version only.
    """

    def __init__(self, library: Library, version: Version, out: Collector) -> None:
        self.out = out
        self._references = References(library, version, out)
        self._opened: dict[tuple[int, str], tuple[Node, Node]] = {}

    def version(self, node: Node) -> Version:
        """The version of the file a node stands in."""
        return self._references.version(node)

    def find(self, ref: str, span: Span) -> Target:
        """Follow a reference, which counts from the file it stands in, or fail with E204."""
        return self._references.find(ref, span)

    def find_schema(self, name: str, span: Span) -> Target:
        """Follow what a discriminator maps to: the bare name of a component, or a reference."""
        return self._references.find_schema(name, span)

    def heirs(self, cursor: Cursor) -> list[Target]:
        """Component schemas that are composed of one."""
        return self._references.heirs(cursor.pointer, cursor.span)

    def cursor(self, node: Node, pointer: str, kind: str) -> Cursor:
        """A mapping as `kind` (a key of KEYWORDS); anything else fails with E202."""
        opened = self._open(node, kind)
        if not isinstance(opened, Map):
            self.out.fail("E202", f"{kind} must be a mapping, this is {describe(node)}", node.span)
        return Cursor(self, opened, pointer, kind)

    def follow(self, node: Node, pointer: str, kind: str) -> Cursor:
        """Like `cursor`, going through a chain of `$ref` first.

        What stands beside a `$ref` is kept: prose replaces that of the target, and a path item may
        add to the one it refers to.
        """
        seen = {pointer}
        beside: dict[str, Node | None] = {}
        while isinstance(node, Map) and "$ref" in node.entries:
            self._beside(node, kind, beside)
            ref, span = self._references.target_of(node, article(kind))
            node, pointer = self.find(ref, span)
            if pointer in seen:
                self.out.fail("E204", f"the reference {shown(ref)} leads to itself", span)
            seen.add(pointer)
        cursor = self.cursor(node, pointer, kind)
        if not beside:
            return cursor
        return Cursor(self, changed(cursor.node, beside), pointer, kind)

    def _beside(self, node: Map, kind: str, beside: dict[str, Node | None]) -> None:
        words = KEYWORDS[kind]
        for key, child in node.entries.items():
            if key == "$ref" or key.startswith("x-"):
                continue
            if key in ("summary", "description") or (kind == "path item" and key in words.read):
                beside.setdefault(key, child)
            else:
                self.out.add("W201", f"{shown(key)} means nothing beside $ref", node.keys[key])

    def _open(self, node: Node, kind: str) -> Node:
        key = (id(node), kind)
        known = self._opened.get(key)
        # The node is kept as well: an identity counts only as long as its object lives.
        if known is None:
            version = self.version(node)
            opened = mend(node, kind, version, self.out)
            if version == "2.0" and isinstance(opened, Map):
                opened = upgrade(opened, kind, self._references, self.out)
            known = self._opened[key] = (node, opened)
        return known[1]


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
            if key in words.read or key in words.silent or key in ignore or key in ANYWHERE:
                continue
            if key in words.refused:
                self.source.out.add(
                    "E205", f"{shown(key)}: {words.refused[key]}", span, fix=Fix(key=key)
                )
            elif key in words.lossy:
                self.source.out.add("W204", f"{shown(key)}: {words.lossy[key]}", span)
            elif key.startswith("x-linkwright-"):
                known = sorted(w for w in words.read if w.startswith("x-linkwright-"))
                self.source.out.add(
                    "E202",
                    f"{shown(key)} is not an extension of {article(self.kind)}",
                    span,
                    help=f"known here: {', '.join(known) or 'none'}",
                    fix=Fix(key=key),
                )
            elif not key.startswith("x-"):
                self.source.out.add(
                    "W201", f"{shown(key)} means nothing in {article(self.kind)}", span
                )

    def need(self, key: str) -> Node:
        """The node under a required keyword, or fail with E203."""
        if key not in self.node.entries:
            self.source.out.fail(
                "E203",
                f"this {self.kind} has no {key!r}",
                self.span,
                fix=Fix({key: _NEEDED.get(key, "...")}),
            )
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
        return None if node is None else self.literal(node)

    def literal(self, node: Node) -> SpecValue:
        """A node as a value that the output will repeat, which bounds it (E104)."""
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if isinstance(one, Map):
                waiting += one.entries.values()
            elif isinstance(one, Seq):
                waiting += one.items
            elif isinstance(one.value, str) and len(one.value) > MAX_LITERAL:
                message = f"a value of more than {MAX_LITERAL:,} characters"
                self.source.out.fail("E104", message, one.span)
        return SpecValue(plain(node))

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
