"""Text to positioned values.

YAML is composed here from parser events instead of through a PyYAML loader: every node needs its
place, scalars follow YAML 1.2 (dates stay strings, `no` is a string), duplicate keys are refused,
and depth and size are counted while reading, aliases at their expanded size, so that neither a
billion laughs nor ten thousand brackets get past this stage.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from ..diagnostics import Collector
from .files import read_bytes
from .span import Span
from .text import shown

__all__ = ["Document", "Map", "Node", "Scalar", "Seq", "load", "parse"]

MAX_DEPTH = 200
MAX_NODES = 4_000_000
MAX_DIGITS = 400

Value: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf, resolved by the YAML 1.2 core schema."""

    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Seq:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Map:
    """A mapping in document order; keys are the text of their scalars (`200:` is "200")."""

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
    """

    file: str
    root: Node
    text: str
    digest: str


def load(path: Path, out: Collector) -> Document:
    """Read and compose one file.

    Raises:
        InputError: With E101 to E104, through `out`.
    """
    return parse(read_bytes(path, out), str(path), out)


def parse(data: bytes, file: str, out: Collector) -> Document:
    """Compose a document from its bytes (UTF-8, or UTF-16 with a byte order mark)."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        out.fail(
            "E102",
            f"byte {error.start} is not {encoding[:6].upper().rstrip('-')}",
            Span(file, line, column),
        )
    composer = _Composer(file, out)
    try:
        root = composer.compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(file, mark.line + 1, mark.column + 1) if mark else Span(file)
        out.fail("E102", f"not valid YAML: {shown(error.problem or 'syntax error')}", span)
    except yaml.YAMLError as error:
        # The reader's errors (forbidden characters) carry an offset, not a mark.
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        column = position - (text.rfind("\n", 0, position) + 1) + 1
        reason = getattr(error, "reason", "syntax error")
        out.fail("E102", f"not valid YAML: {shown(str(reason))}", Span(file, line, column))
    if root is None:
        out.fail("E102", "the file is empty", Span(file, 1, 1))
    return Document(file, root, text, hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest())


_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TAGS = frozenset(
    f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "map", "seq")
)


@dataclass(slots=True)
class _Open:
    """A collection that is being filled."""

    span: Span
    anchor: str | None
    is_map: bool
    items: list[Node] = field(default_factory=list[Node])
    entries: dict[str, Node] = field(default_factory=dict[str, Node])
    keys: dict[str, Span] = field(default_factory=dict[str, Span])
    key: str | None = None
    merges: list[Node] = field(default_factory=list[Node])
    size: int = 1


class _Composer:
    def __init__(self, file: str, out: Collector) -> None:
        self._file = file
        self._out = out
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._total = 0

    def compose(self, text: str) -> Node | None:
        stack: list[_Open] = []
        root: Node | None = None
        for event in _events(text):
            if isinstance(
                event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)
            ):
                continue
            mark = event.start_mark
            assert mark is not None
            span = Span(self._file, mark.line + 1, mark.column + 1)
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._out.fail("E102", "the file holds more than one YAML document", span)
                continue
            self._count(1, span)
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._check_tag(event.tag, span)
                if len(stack) >= MAX_DEPTH:
                    self._out.fail("E104", f"nested deeper than {MAX_DEPTH} levels", span)
                if event.anchor:
                    self._anchors[event.anchor] = None
                is_map = isinstance(event, yaml.MappingStartEvent)
                if stack and stack[-1].is_map and stack[-1].key is None:
                    self._out.fail("E102", "a mapping key must be a plain value", span)
                stack.append(_Open(span, event.anchor, is_map))
                continue
            if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                done = stack.pop()
                node: Node = self._close(done)
                size = done.size
                if done.anchor:
                    self._anchors[done.anchor] = (node, size)
            elif isinstance(event, yaml.AliasEvent):
                name = event.anchor or ""
                found = self._anchors.get(name)
                if found is None:
                    what = "refers to itself" if name in self._anchors else "is not defined"
                    self._out.fail("E102", f"alias *{shown(name)} {what}", span)
                node, size = found
                self._count(size, span)
            else:
                assert isinstance(event, yaml.ScalarEvent)
                if stack and stack[-1].is_map and stack[-1].key is None:
                    self._add_key(stack[-1], event, span)
                    continue
                node, size = self._scalar(event, span), 1
                if event.anchor:
                    self._anchors[event.anchor] = (node, 1)
            if not stack:
                root = node
            else:
                self._put(stack[-1], node, size)
        return root

    def _count(self, size: int, span: Span) -> None:
        self._total += size
        if self._total > MAX_NODES:
            self._out.fail("E104", f"more than {MAX_NODES:,} values, aliases expanded", span)

    def _check_tag(self, tag: str | None, span: Span) -> None:
        if tag is not None and tag != "!" and tag not in _TAGS:
            self._out.fail("E102", f"YAML tag {shown(tag)} is not allowed", span)

    def _add_key(self, target: _Open, event: yaml.ScalarEvent, span: Span) -> None:
        self._check_tag(event.tag, span)
        key = event.value
        if key in target.keys:
            self._out.add(
                "E103",
                f"the key {shown(key)!r} stands twice in one mapping",
                span,
                related=[(target.keys[key], "first here")],
            )
        target.keys[key] = span
        target.key = key
        if event.anchor:
            self._anchors[event.anchor] = (Scalar(key, span), 1)

    def _put(self, target: _Open, node: Node, size: int) -> None:
        target.size += size
        if not target.is_map:
            target.items.append(node)
            return
        key, target.key = target.key, None
        assert key is not None
        if key == "<<":
            target.merges.append(node)
            del target.keys[key]
        else:
            target.entries[key] = node

    def _close(self, done: _Open) -> Node:
        if not done.is_map:
            return Seq(tuple(done.items), done.span)
        for merge in done.merges:
            for source in merge.items if isinstance(merge, Seq) else (merge,):
                if not isinstance(source, Map):
                    self._out.fail("E102", "'<<' merges mappings only", source.span)
                for key, value in source.entries.items():
                    if key not in done.entries:
                        done.entries[key] = value
                        done.keys[key] = source.keys[key]
        return Map(done.entries, done.keys, done.span)

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> Scalar:
        self._check_tag(event.tag, span)
        text: str = event.value
        if event.tag == "tag:yaml.org,2002:str" or (event.tag is None and not event.implicit[0]):
            return Scalar(text, span)
        if text in _NULL:
            return Scalar(None, span)
        if text in _BOOL:
            return Scalar(_BOOL[text], span)
        if text[0] in "0123456789+-.":
            return Scalar(self._number(text, span), span)
        return Scalar(text, span)

    def _number(self, text: str, span: Span) -> Value:
        is_int = _INT.fullmatch(text)
        if not is_int and not _FLOAT.fullmatch(text) and not _SPECIAL.fullmatch(text):
            return text
        if len(text) > MAX_DIGITS:
            self._out.fail("E102", f"a number of more than {MAX_DIGITS} digits", span)
        if is_int:
            return int(text, 0) if text[1:2] in ("o", "x") else int(text, 10)
        number = float(text) if _FLOAT.fullmatch(text) else math.inf
        if not math.isfinite(number):
            self._out.fail("E102", f"{shown(text)} is no number that JSON knows", span)
        return number


def _events(text: str) -> Iterator[yaml.Event]:
    # libyaml is about five times faster; the pure parser serves machines without it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    yield from yaml.parse(text, Loader=loader)
