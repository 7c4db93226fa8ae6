"""Defects of security schemes whose meaning is beyond doubt. Part of `repairs`."""

from __future__ import annotations

from ..diagnostics import Collector
from ..source.document import Map, Node, Scalar
from ..source.text import shown
from .nodes import changed, text_at

__all__ = ["mend_scheme"]

_HTTP = ("basic", "bearer")
_PLACES = ("header", "query", "cookie")


def mend_scheme(node: Map, version: str, out: Collector) -> Map:
    """A security scheme as it was meant; the same object where there is nothing to mend.

    Letters of another case, and `basic` and `bearer` in place of the type `http`.
    """
    kinds = ("apiKey", "oauth2", *(("basic",) if version == "2.0" else ()))
    if version != "2.0":
        kinds += ("http", "mutualTLS", "openIdConnect")
    changes: dict[str, Node | None] = {}
    written = text_at(node, "type") or ""
    word = _folded(written)
    kind = next((kind for kind in kinds if _folded(kind) == word), None)
    if kind is not None and kind != written:
        span = node.entries["type"].span
        out.add("W202", f"{shown(written)!r} is not a type; read as {kind}", span)
        changes["type"] = Scalar(kind, span)
    elif kind is None and word in _HTTP and _folded(text_at(node, "scheme") or word) == word:
        span = node.entries["type"].span
        out.add("W202", f"{shown(written)!r} is not a type; read as http with this scheme", span)
        changes |= {"type": Scalar("http", span), "scheme": Scalar(word, span)}
    place = text_at(node, "in") or ""
    if place != place.lower() and place.lower() in _PLACES:
        span = node.entries["in"].span
        out.add("W202", f"`in: {shown(place)}` is read in lower case", span)
        changes["in"] = Scalar(place.lower(), span)
    return changed(node, changes) if changes else node


def _folded(word: str) -> str:
    return "".join(c for c in word.lower() if c not in " _-")
