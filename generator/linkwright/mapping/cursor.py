"""Reading of positioned YAML for mapping files: every mistake gets its place and what to write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from ..diagnostics import Collector
from ..source.document import Map, Node, Scalar, Seq
from ..source.span import Span
from ..source.text import SpecText, SpecValue, shown

__all__ = ["CODE", "Cursor", "LOWER", "closest"]

CODE = "E501"
LOWER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_UPPER = re.compile(r"[A-Z][A-Za-z0-9]*")


def closest(wanted: str, known: Iterator[str] | Mapping[str, object] | tuple[str, ...]) -> str:
    """A hint what was probably meant, or what there is."""
    names = sorted(known)
    near = get_close_matches(wanted, names, 1)
    if near:
        return f"did you mean {shown(near[0])}?"
    return f"there are {shown(', '.join(names), 400)}" if names else "there is none"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A node, and where complaints go. A wrong node reads as an empty one of the right kind."""

    node: Node
    out: Collector

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.node.span

    def bad(self, message: str, help: str | None = None) -> None:
        """Complain about this node."""
        self.out.add(CODE, message, self.span, help=help)

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return isinstance(self.node, Map)

    @property
    def is_null(self) -> bool:
        """Whether it is null."""
        return isinstance(self.node, Scalar) and self.node.value is None

    def keys(self) -> Mapping[str, Span]:
        """Places of the keys of a mapping."""
        if isinstance(self.node, Map):
            return {key: self.node.keys[key] for key in self.node.entries}
        self.bad("a mapping is expected")
        return {}

    def entries(self) -> Iterator[tuple[str, Cursor]]:
        """Members of a mapping."""
        if not isinstance(self.node, Map):
            self.bad("a mapping is expected")
            return
        for key, value in self.node.entries.items():
            yield key, Cursor(value, self.out)

    def named(self, what: str, *, upper: bool = False) -> Iterator[tuple[str, Cursor]]:
        """Members of a mapping whose keys become names in the output."""
        for key, value in self.entries():
            if (_UPPER if upper else LOWER).fullmatch(key) and len(key) <= 60:
                yield key, value
            else:
                style = "written LikeThis" if upper else "written like_this"
                self.out.add(
                    CODE,
                    f"{shown(key)!r} cannot be the name of {what}",
                    self.keys()[key],
                    help=f"letters and digits of ASCII, {style}",
                )

    def items(self) -> Iterator[Cursor]:
        """Members of a list; anything else is a list of one."""
        if isinstance(self.node, Seq):
            for item in self.node.items:
                yield Cursor(item, self.out)
        else:
            yield self

    def get(self, key: str) -> Cursor | None:
        """A member of a mapping, if it is there."""
        if isinstance(self.node, Map) and key in self.node.entries:
            return Cursor(self.node.entries[key], self.out)
        return None

    def need(self, key: str, help: str | None = None) -> Cursor:
        """A member that must be there."""
        found = self.get(key)
        if found is None:
            self.bad(f"{key!r} is missing here", help or f"add `{key}: ...`")
            return Cursor(Scalar(None, self.span), Collector())
        return found

    def only(self, *known: str) -> None:
        """Complain about members that are none of these."""
        for key, span in self.keys().items():
            if key not in known:
                self.out.add(
                    CODE, f"there is no key {shown(key)!r} here", span, help=closest(key, known)
                )

    def text(self) -> SpecText:
        """A string."""
        if isinstance(self.node, Scalar) and isinstance(self.node.value, str):
            return SpecText(self.node.value)
        self.bad("text is expected")
        return SpecText("")

    def name(self, what: str, *, upper: bool = False) -> str:
        """A string that is used as a name in the output."""
        text = self.text().raw
        if not (_UPPER if upper else LOWER).fullmatch(text) or len(text) > 60:
            self.bad(f"{shown(text)!r} cannot be the name of {what}")
            return "Unnamed" if upper else "unnamed"
        return text

    def choice(self, *known: str) -> str:
        """One of some words."""
        text = self.text().raw
        if text not in known:
            self.bad(f"{shown(text)!r} is none of {', '.join(known)}", closest(text, known))
            return known[0]
        return text

    def flag(self) -> bool:
        """True or false."""
        if isinstance(self.node, Scalar) and isinstance(self.node.value, bool):
            return self.node.value
        self.bad("true or false is expected")
        return False

    def number(self) -> float:
        """A number above zero."""
        value = self.node.value if isinstance(self.node, Scalar) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e6:
            return value
        self.bad("a number above 0 is expected")
        return 1

    def value(self) -> SpecValue:
        """A JSON value."""
        return SpecValue(_plain(self.node))


def _plain(node: Node) -> object:
    match node:
        case Scalar(value):
            return value
        case Seq(items):
            return [_plain(item) for item in items]
        case Map(entries):
            return {key: _plain(item) for key, item in entries.items()}
