"""YAML text to positioned values.

YAML is composed here from parser events instead of through a PyYAML loader: every node needs its
place, scalars follow YAML 1.2 (dates stay strings, `no` is a string), duplicate keys are refused,
and depth and size are counted while reading, aliases at their expanded size, so that neither a
billion laughs nor ten thousand brackets get past this stage.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from ..diagnostics import Collector
from .document import Map, Node, Scalar, Seq, Value
from .limits import MAX_ALIASED, MAX_DEPTH, MAX_DIGITS, MAX_NODES
from .span import Span
from .text import shown

__all__ = ["compose_yaml"]


def compose_yaml(text: str, file: str, out: Collector) -> Node | None:
    """Compose a document; None if the text holds none.

    Raises:
        InputError: E102 for what is no YAML, or YAML that JSON cannot say; E104 for too much of
            anything. E103, for keys that stand twice, is left in `out`.
    """
    try:
        return _Composer(file, out).compose(text)
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


_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_STR = "tag:yaml.org,2002:str"
_TAGS = frozenset(
    (
        "!",
        *(f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "map", "seq")),
    )
)


class _Built(NamedTuple):
    """A node with what it takes when it is read again through an alias."""

    node: Node
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    """A collection that is being filled.

    Attributes:
        size: Values in it so far, itself among them, aliases expanded.
        height: Levels below it so far.
    """

    span: Span
    anchor: str | None
    is_map: bool
    items: list[Node] = field(default_factory=list[Node])
    entries: dict[str, Node] = field(default_factory=dict[str, Node])
    keys: dict[str, Span] = field(default_factory=dict[str, Span])
    key: str | None = None
    merging: bool = False
    merges: list[Node] = field(default_factory=list[Node])
    size: int = 1
    height: int = 1


class _Composer:
    def __init__(self, file: str, out: Collector) -> None:
        self._file = file
        self._out = out
        self._anchors: dict[str, _Built | None] = {}
        self._stack: list[_Open] = []
        self._total = 0
        self._aliased = 0

    def compose(self, text: str) -> Node | None:
        stack, file, scalar = self._stack, self._file, self._scalar
        root: Node | None = None
        documents = 0
        for event in _events(text):
            kind = type(event)
            if kind in _SILENT:
                continue
            mark = event.start_mark
            assert mark is not None
            span = Span(file, mark.line + 1, mark.column + 1)
            if isinstance(event, yaml.ScalarEvent):
                if stack and stack[-1].is_map and stack[-1].key is None:
                    self._add_key(stack[-1], event, span)
                    continue
                built = _Built(scalar(event, span), 1, 0)
                if event.anchor:
                    self._anchors[event.anchor] = built
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._open(event, span)
                continue
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                built = self._close(stack.pop())
            elif isinstance(event, yaml.AliasEvent):
                built = self._alias(event.anchor or "", span)
            else:
                documents += 1
                if documents > 1:
                    self._out.fail("E102", "the file holds more than one YAML document", span)
                continue
            if stack:
                self._put(stack[-1], built)
            else:
                root = built.node
        return root

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, span: Span) -> None:
        stack = self._stack
        self._check_tag(event.tag, span)
        if len(stack) >= MAX_DEPTH:
            self._out.fail("E104", f"nested deeper than {MAX_DEPTH} levels", span)
        if event.anchor:
            self._anchors[event.anchor] = None
        if stack and stack[-1].is_map and stack[-1].key is None:
            self._out.fail("E102", "a mapping key must be a plain value", span)
        self._count(span)
        stack.append(_Open(span, event.anchor, isinstance(event, yaml.MappingStartEvent)))

    def _alias(self, name: str, span: Span) -> _Built:
        found = self._anchors.get(name)
        if found is None:
            what = "refers to itself" if name in self._anchors else "is not defined"
            self._out.fail("E102", f"alias *{shown(name)} {what}", span)
        if self._stack and self._stack[-1].is_map and self._stack[-1].key is None:
            self._out.fail("E102", "a mapping key must be a plain value, not an alias", span)
        if len(self._stack) + found.height > MAX_DEPTH:
            self._out.fail("E104", f"nested deeper than {MAX_DEPTH} levels", span)
        self._aliased += found.size
        if self._aliased > MAX_ALIASED:
            self._out.fail("E104", f"aliases stand for more than {MAX_ALIASED:,} values", span)
        return found

    def _count(self, span: Span) -> None:
        self._total += 1
        if self._total > MAX_NODES:
            self._out.fail("E104", f"more than {MAX_NODES:,} values", span)

    def _check_tag(self, tag: str | None, span: Span) -> None:
        if tag is not None and tag not in _TAGS:
            self._out.fail("E102", f"YAML tag {shown(tag)} is not allowed", span)

    def _add_key(self, target: _Open, event: yaml.ScalarEvent, span: Span) -> None:
        self._check_tag(event.tag, span)
        key = event.value
        target.key = key
        if event.anchor:
            self._anchors[event.anchor] = _Built(Scalar(key, span), 1, 0)
        # Quoted, it is an ordinary key.
        target.merging = key == "<<" and event.implicit[0]
        if target.merging:
            return
        if key in target.keys:
            self._out.add(
                "E103",
                f"the key {shown(key)!r} stands twice in one mapping",
                span,
                related=[(target.keys[key], "first here")],
            )
        target.keys[key] = span

    def _put(self, target: _Open, built: _Built) -> None:
        target.size += built.size
        if built.height >= target.height:
            target.height = built.height + 1
        if not target.is_map:
            target.items.append(built.node)
            return
        key, target.key = target.key, None
        assert key is not None
        if target.merging:
            target.merges.append(built.node)
        else:
            target.entries[key] = built.node

    def _close(self, done: _Open) -> _Built:
        node: Node
        if done.is_map:
            self._merge(done)
            node = Map(done.entries, done.keys, done.span)
        else:
            node = Seq(tuple(done.items), done.span)
        built = _Built(node, done.size, done.height)
        if done.anchor:
            self._anchors[done.anchor] = built
        return built

    def _merge(self, done: _Open) -> None:
        for merge in done.merges:
            for source in merge.items if isinstance(merge, Seq) else (merge,):
                if not isinstance(source, Map):
                    self._out.fail("E102", "'<<' merges mappings only", source.span)
                for key, value in source.entries.items():
                    if key not in done.entries:
                        done.entries[key] = value
                        done.keys[key] = source.keys[key]

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> Scalar:
        self._count(span)
        text: str = event.value
        tag = event.tag
        if tag is not None:
            self._check_tag(tag, span)
        if tag == _STR or (tag is None and not event.implicit[0]):
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


_SILENT = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)


def _events(text: str) -> Iterator[yaml.Event]:
    # libyaml is about five times faster; the pure parser serves machines without it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    yield from yaml.parse(text, Loader=loader)
