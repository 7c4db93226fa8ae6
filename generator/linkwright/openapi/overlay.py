"""OpenAPI overlays: actions that change a document before it is read.

Overlay 1.0 with `update` and `remove`, and `copy` of 1.1. What an overlay brings in keeps its own
place, so that a message about it points into the overlay; references in it count from the document
that it changes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias, cast

import jsonpath

from ..diagnostics import Collector
from ..source.document import Document, Map, Node, Scalar, Seq, plain
from ..source.library import Library
from ..source.span import Span
from ..source.text import shown
from .describe import describe
from .nodes import changed, text_at

__all__ = ["apply_overlay"]

Parts: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = dict[str, object] | list[object]

_VERSION = re.compile(r"1\.[01](\.\d+)?")
_ACTION = ("target", "description", "update", "remove", "copy")
_OVERLAY = ("overlay", "info", "extends", "actions")
# Strict: RFC 9535 and nothing more, so that an overlay works everywhere.
_PATHS = jsonpath.JSONPathEnvironment(strict=True)


def apply_overlay(library: Library, overlay: Document, out: Collector) -> None:
    """Change the document that an overlay is for.

    Args:
        library: The description. The overlay is for its root document, or for the file of it that
            `extends` names.
        overlay: The overlay.
        out: Takes E105 for what is wrong with the overlay, and for an action that matches nothing.
    """
    root = _Checked(overlay, out).root()
    document = _extended(library, overlay, root)
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


def _extended(library: Library, overlay: Document, root: Map) -> Document:
    """The document an overlay is for: an `extends` with a scheme says where it was published."""
    extends = text_at(root, "extends")
    if extends is None or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", extends):
        return library.root
    path = os.path.realpath(Path(overlay.file).parent / extends)
    if path == os.path.realpath(library.root.file):
        return library.root
    folder = os.path.realpath(Path(library.root.file).parent)
    return library.open(library.root, os.path.relpath(path, folder), root.entries["extends"].span)


class _Target:
    """A document that is being changed, and its plain data for queries."""

    def __init__(self, node: Node, out: Collector) -> None:
        self.node = node
        self._out = out
        self._data: Data | None = None

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
            # The last items of a list first, or the others would be somewhere else.
            for parts in sorted(found, key=_order, reverse=True):
                self._remove(parts, span)
        elif "update" in words:
            for parts in found:
                self._merge(parts, words["update"])
        elif (source := text_at(action, "copy")) is not None:
            copied = self._find(source, words["copy"].span)
            if len(copied) != 1:
                self._out.fail(
                    "E105",
                    f"{shown(source)} matches {len(copied)} values, and copy needs one",
                    words["copy"].span,
                )
            value = _at(self.node, copied[0])
            for parts in found:
                self._merge(parts, value)
        else:
            self._out.add("E105", "this action does nothing", action.span, help="remove: true")

    def _find(self, query: str, span: Span) -> list[Parts]:
        try:
            return [match.parts for match in _PATHS.finditer(query, self._as_data())]
        except jsonpath.JSONPathError as error:
            said = shown(str(error).partition("\n")[0])
            self._out.fail("E105", f"{shown(query)} is no JSONPath: {said}", span)

    def _as_data(self) -> Data:
        if self._data is None:
            self._data = cast("Data", plain(self.node))
        return self._data

    def _merge(self, parts: Parts, update: Node) -> None:
        target = _at(self.node, parts)
        if isinstance(target, Map) and not isinstance(update, Map):
            self._out.fail(
                "E105", f"a mapping is updated by a mapping, not {describe(update)}", update.span
            )
        merged: Node | None
        if isinstance(target, Seq) and not isinstance(update, Seq):
            merged = Seq((*target.items, update), target.span)
        else:
            merged = _merged(target, update)
        self._put(parts, merged)

    def _remove(self, parts: Parts, span: Span) -> None:
        if not parts:
            self._out.fail("E105", "the whole document cannot be removed", span)
        self._put(parts, None)

    def _put(self, parts: Parts, node: Node | None) -> None:
        replaced = _replaced(self.node, parts, node)
        assert replaced is not None
        self.node = replaced
        self._data = None


def _order(parts: Parts) -> tuple[tuple[int, int | str], ...]:
    return tuple((1, p) if isinstance(p, int) else (0, p) for p in parts)


def _at(node: Node, parts: Parts) -> Node:
    for part in parts:
        if isinstance(node, Map):
            node = node.entries[str(part)]
        else:
            assert isinstance(node, Seq)
            assert isinstance(part, int)
            node = node.items[part]
    return node


def _replaced(node: Node, parts: Parts, new: Node | None) -> Node | None:
    """A node with what stands at a place put in, or (by None) taken out."""
    if not parts:
        return new
    part, rest = parts[0], parts[1:]
    if isinstance(node, Map):
        return changed(node, {str(part): _replaced(node.entries[str(part)], rest, new)})
    assert isinstance(node, Seq)
    assert isinstance(part, int)
    inner = _replaced(node.items[part], rest, new)
    middle = () if inner is None else (inner,)
    return Seq((*node.items[:part], *middle, *node.items[part + 1 :]), node.span)


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
