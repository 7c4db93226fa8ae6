"""JSON text to positioned values, several times faster than reading it as YAML.

Only what RFC 8259 allows is taken; anything else is left to the YAML parser, which reads what is
YAML and says what is wrong with the rest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from json import JSONDecodeError, decoder

from ..diagnostics import Collector
from .document import Map, Node, Scalar, Seq, Value
from .limits import MAX_DEPTH, MAX_DIGITS, MAX_NODES
from .span import Span
from .text import shown

__all__ = ["compose_json"]

#: The standard library's own reader of strings, in C: text, offset after the quote, whether control
#: characters are refused -> value, offset after the closing quote. The stubs do not know it.
_scan: Callable[[str, int, bool], tuple[str, int]] = vars(decoder)["scanstring"]
_SPACE = re.compile(r"[ \t\n\r]*")
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_NEXT = re.compile(r"[ \t\n\r]*([,}\]])[ \t\n\r]*")
_WORD = re.compile(r"true|false|null")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")


class _NoJson(Exception):
    """The text is no JSON; perhaps it is YAML."""


def compose_json(text: str, file: str, out: Collector) -> Node | None:
    """Compose a JSON document whose outermost value is an object; None if the text is none.

    Raises:
        InputError: E102 for values that JSON can write and nothing can hold, E104 for too much of
            anything. E103, for keys that stand twice, is left in `out`.
    """
    begin = _end(_SPACE, text, 0)
    if not text.startswith("{", begin):
        return None
    found = len(out.found)
    try:
        root, end = _Composer(text, file, out).object(begin, 1)
        if _end(_SPACE, text, end) != len(text):
            raise _NoJson
    except (_NoJson, JSONDecodeError):
        # Whatever was found is found again, or was no mistake of YAML.
        del out.found[found:]
        return None
    return root


class _Composer:
    def __init__(self, text: str, file: str, out: Collector) -> None:
        self._text = text
        self._file = file
        self._out = out
        self._total = 0
        # Where the last span was: offsets only grow, so lines are counted once.
        self._line = 1
        self._line_start = 0
        self._line_end = text.find("\n")

    def object(self, at: int, depth: int) -> tuple[Node, int]:
        """The object that begins at an offset, and the offset after it."""
        text, span = self._text, self._open(at, depth)
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        at = _end(_SPACE, text, at + 1)
        if text.startswith("}", at):
            return Map(entries, keys, span), at + 1
        while True:
            if not text.startswith('"', at):
                raise _NoJson
            key_span = self._span(at)
            key, at = self._string(at, key_span)
            if key in keys:
                self._out.add(
                    "E103",
                    f"the key {shown(key)!r} stands twice in one mapping",
                    key_span,
                    related=[(keys[key], "first here")],
                )
            keys[key] = key_span
            entries[key], at = self._value(_end(_COLON, text, at), depth)
            following = _NEXT.match(text, at)
            if following is None or following[1] == "]":
                raise _NoJson
            if following[1] == "}":
                return Map(entries, keys, span), following.start(1) + 1
            at = following.end()

    def _list(self, at: int, depth: int) -> tuple[Node, int]:
        text, span = self._text, self._open(at, depth)
        items: list[Node] = []
        at = _end(_SPACE, text, at + 1)
        if text.startswith("]", at):
            return Seq((), span), at + 1
        while True:
            item, at = self._value(at, depth)
            items.append(item)
            following = _NEXT.match(text, at)
            if following is None or following[1] == "}":
                raise _NoJson
            if following[1] == "]":
                return Seq(tuple(items), span), following.start(1) + 1
            at = following.end()

    def _value(self, at: int, depth: int) -> tuple[Node, int]:
        first = self._text[at : at + 1]
        if first == '"':
            span = self._span(at)
            text, at = self._string(at, span)
            self._count(span)
            return Scalar(text, span), at
        if first == "{":
            return self.object(at, depth + 1)
        if first == "[":
            return self._list(at, depth + 1)
        word = _WORD.match(self._text, at)
        if word is None:
            return self._number(at)
        span = self._span(at)
        self._count(span)
        return Scalar(_WORDS[word[0]], span), word.end()

    def _number(self, at: int) -> tuple[Node, int]:
        found = _NUMBER.match(self._text, at)
        if found is None:
            raise _NoJson
        span = self._span(at)
        self._count(span)
        if len(found[0]) > MAX_DIGITS:
            self._out.fail("E102", f"a number of more than {MAX_DIGITS} digits", span)
        value: Value = int(found[0]) if found[1] is None and found[2] is None else float(found[0])
        if isinstance(value, float) and not math.isfinite(value):
            self._out.fail("E102", f"{shown(found[0])} is more than a number can be", span)
        return Scalar(value, span), found.end()

    def _string(self, at: int, span: Span) -> tuple[str, int]:
        value, at = _scan(self._text, at + 1, True)
        if not value.isascii() and _SURROGATE.search(value):
            self._out.fail("E102", "half of a surrogate pair is no character", span)
        return value, at

    def _open(self, at: int, depth: int) -> Span:
        """Where an object or list begins, which is counted."""
        span = self._span(at)
        if depth > MAX_DEPTH:
            self._out.fail("E104", f"nested deeper than {MAX_DEPTH} levels", span)
        self._count(span)
        return span

    def _count(self, span: Span) -> None:
        self._total += 1
        if self._total > MAX_NODES:
            self._out.fail("E104", f"more than {MAX_NODES:,} values", span)

    def _span(self, at: int) -> Span:
        """The place of an offset, which is never before the last one."""
        while 0 <= self._line_end < at:
            self._line += 1
            self._line_start = self._line_end + 1
            self._line_end = self._text.find("\n", self._line_start)
        return Span(self._file, self._line, at - self._line_start + 1)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    if found is None:
        raise _NoJson
    return found.end()
