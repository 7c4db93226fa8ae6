"""OpenAPI overlays: actions that change a document before it is read.

Overlay 1.0 with `update` and `remove`, and `copy` of 1.1. What an overlay brings in keeps its own
place, so that a message about it points into the overlay; references in it count from the document
that it changes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ..diagnostics import Collector
from ..source.document import Document, Map, Node, Scalar, Seq
from ..source.library import Library
from ..source.limits import MAX_ALIASED, MAX_DEPTH
from ..source.span import Span
from ..source.text import shown
from .describe import describe
from .nodes import changed, measure, text_at
from .queries import Parts, Queries, QueryError

__all__ = ["apply_overlay"]

_VERSION = re.compile(r"1\.[01](\.\d+)?")
_ACTION = ("target", "description", "update", "remove", "copy")
_OVERLAY = ("overlay", "info", "extends", "actions")


def apply_overlay(library: Library, overlay: Document, out: Collector) -> None:
    """Change the document that an overlay is for.

    Args:
        library: The description. The overlay is for its root document, or for the file of it that
            `extends` names.
        overlay: The overlay.
        out: Takes E105 for what is wrong with the overlay, and for an action that matches nothing.
    """
    root = _Checked(overlay, out).root()
    document = _extended(library, overlay, root, out)
    if not isinstance(document.root, (Map, Seq)):
        out.fail("E105", "only a mapping or a list can be overlaid", root.span)
    target = _Target(document.root, out)
    actions = root.entries["actions"]
    assert isinstance(actions, Seq)
    for action in actions.items:
        if not isinstance(action, Map):
            out.fail("E105", f"an action is a mapping, this is {describe(action)}", action.span)
        _warn_of_others(action, _ACTION, out)
        target.apply(action)
    library.replace(replace(document, root=target.node), source=overlay.file)


class _Checked:
    """The outermost mapping of an overlay."""

    def __init__(self, overlay: Document, out: Collector) -> None:
        self._node = overlay.root
        self._out = out

    def root(self) -> Map:
        node, out = self._node, self._out
        if not isinstance(node, Map) or "overlay" not in node.entries:
            out.fail("E105", "not an overlay: there is no 'overlay' key", node.span, help=_EXAMPLE)
        version = node.entries["overlay"]
        said = str(version.value) if isinstance(version, Scalar) else ""
        if not _VERSION.fullmatch(said):
            out.fail("E105", f"overlay version {shown(said)!r} is not read", version.span)
        actions = node.entries.get("actions")
        if not isinstance(actions, Seq) or not actions.items:
            place = node.span if actions is None else actions.span
            out.fail("E105", "an overlay needs a list of actions", place, help=_EXAMPLE)
        _warn_of_others(node, _OVERLAY, out)
        return node


_EXAMPLE = """overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
- target: $.info
  update: {title: A better title}"""


def _warn_of_others(node: Map, known: Sequence[str], out: Collector) -> None:
    for key, span in node.keys.items():
        if key not in known and not key.startswith("x-"):
            out.add("W201", f"{shown(key)} means nothing in an overlay", span)


def _extended(library: Library, overlay: Document, root: Map, out: Collector) -> Document:
    """The document an overlay is for: an `extends` with a scheme says where it was published."""
    extends = text_at(root, "extends")
    if extends is None or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", extends):
        return library.root
    if "\0" in extends:
        out.fail("E105", f"{shown(extends)} is no file", root.entries["extends"].span)
    path = os.path.realpath(Path(overlay.file).parent / extends)
    if path == os.path.realpath(library.root.file):
        return library.root
    folder = os.path.realpath(Path(library.root.file).parent)
    return library.open(library.root, os.path.relpath(path, folder), root.entries["extends"].span)


class _Target:
    """A document that is being changed."""

    def __init__(self, node: Node, out: Collector) -> None:
        self.node = node
        self._out = out
        self._queries = Queries()
        self._added = 0

    def apply(self, action: Map) -> None:
        """Do one action, or say why it cannot be done."""
        words = action.entries
        query = text_at(action, "target")
        if query is None:
            self._out.fail("E105", "an action needs a target", action.span)
        span = words["target"].span
        found = self._find(query, span)
        if not found:
            self._out.add(
                "E105",
                f"{shown(query)} matches nothing",
                span,
                help="an action that does nothing hides that the document has changed",
            )
            return
        remove = words.get("remove")
        if isinstance(remove, Scalar) and remove.value is True:
            if () in found:
                self._out.fail("E105", "the whole document cannot be removed", span)
            self._change(found, lambda _: None, span)
        elif "update" in words:
            self._merge(found, words["update"], words["update"].span)
        elif (source := text_at(action, "copy")) is not None:
            copied = self._find(source, words["copy"].span)
            if len(copied) != 1:
                self._out.fail(
                    "E105",
                    f"{shown(source)} matches {len(copied)} values, and copy needs one",
                    words["copy"].span,
                )
            self._merge(found, _at(self.node, copied[0]), words["copy"].span)
        else:
            self._out.add("E105", "this action does nothing", action.span, help="remove: true")

    def _find(self, query: str, span: Span) -> tuple[Parts, ...]:
        try:
            return self._queries.find(query, self.node)
        except QueryError as error:
            self._out.fail("E105", f"{shown(query)} {error}", span)

    def _merge(self, found: tuple[Parts, ...], update: Node, span: Span) -> None:
        # What is put in at many places is read again at each of them, as what an alias names is.
        size, height = measure(update)
        self._added += size * len(found)
        if self._added > MAX_ALIASED:
            self._out.fail("E104", f"the overlay adds more than {MAX_ALIASED:,} values", span)
        if max(map(len, found)) + height > MAX_DEPTH:
            self._out.fail("E104", f"nested deeper than {MAX_DEPTH} levels", span)

        def act(target: Node) -> Node:
            if isinstance(target, Map) and not isinstance(update, Map):
                said = f"a mapping is updated by a mapping, not {describe(update)}"
                self._out.fail("E105", said, update.span)
            if isinstance(target, Seq) and not isinstance(update, Seq):
                return Seq((*target.items, update), target.span)
            return _merged(target, update)

        self._change(found, act, span)

    def _change(
        self, found: tuple[Parts, ...], act: Callable[[Node], Node | None], span: Span
    ) -> None:
        """Put what an action makes of each place there, or (by None) take it out; all in one go."""
        root = _Spot()
        for parts in found:
            spot = root
            for part in parts:
                spot = spot.inner.setdefault(part, _Spot())
            spot.hit = True
        try:
            new = _changed(self.node, root, act)
        except _GoneError:
            self._out.fail("E105", "the action takes away what it is to be applied to", span)
        assert new is not None
        self.node = new


class _Spot:
    """A place that is changed, or has such in it."""

    __slots__ = ("hit", "inner")

    def __init__(self) -> None:
        self.hit = False
        self.inner: dict[str | int, _Spot] = {}


class _GoneError(Exception):
    """What an action did to one place took away another."""


def _changed(node: Node, spot: _Spot, act: Callable[[Node], Node | None]) -> Node | None:
    """What becomes of a node: first of itself, then of what is in it."""
    new = act(node) if spot.hit else node
    if new is None or not spot.inner:
        return new
    if isinstance(new, Map):
        if not spot.inner.keys() <= new.entries.keys():
            raise _GoneError
        inner = {str(p): _changed(new.entries[str(p)], s, act) for p, s in spot.inner.items()}
        return changed(new, inner)
    if not isinstance(new, Seq):
        raise _GoneError
    items: list[Node | None] = list(new.items)
    for part, within in spot.inner.items():
        if not isinstance(part, int):
            raise _GoneError
        items[part] = _changed(new.items[part], within, act)
    return Seq(tuple(item for item in items if item is not None), new.span)


def _at(node: Node, parts: Parts) -> Node:
    for part in parts:
        if isinstance(node, Map):
            node = node.entries[str(part)]
        else:
            assert isinstance(node, Seq)
            assert isinstance(part, int)
            node = node.items[part]
    return node


def _merged(target: Node, update: Node) -> Node:
    """Mappings merge, lists are joined, and anything else takes the place of what was there."""
    if isinstance(target, Map) and isinstance(update, Map):
        changes: dict[str, Node | None] = {}
        for key, value in update.entries.items():
            before = target.entries.get(key)
            changes[key] = value if before is None else _merged(before, value)
        merged = changed(target, changes)
        # A message about what was changed points to what changed it.
        merged.keys.update((key, update.keys[key]) for key in changes)
        return merged
    if isinstance(target, Seq) and isinstance(update, Seq):
        return Seq((*target.items, *update.items), target.span)
    return update
