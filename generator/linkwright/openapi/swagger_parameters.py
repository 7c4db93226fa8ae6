"""Parameters and headers of Swagger 2.0: what they say of their value becomes a schema."""

from __future__ import annotations

from ..diagnostics import Collector
from ..source.document import Map, Node, Scalar
from .nodes import changed, text_at

__all__ = ["header", "parameter", "schema_of"]

#: Everything else, extensions aside, describes the value.
_OWN = frozenset(
    "$ref name in description required allowEmptyValue collectionFormat schema content example "
    "examples style explode deprecated allowReserved".split()
)
_STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited", "multi": "form", "csv": None}


def parameter(node: Map, out: Collector) -> Map:
    """A parameter that is no body."""
    if "$ref" in node.entries or "schema" in node.entries or "content" in node.entries:
        return node
    schema, changes = schema_of(node, out)
    changes["schema"] = schema
    place = text_at(node, "in")
    if text_at(schema, "type") == "array":
        form = text_at(node, "collectionFormat") or "csv"
        span = node.entries.get("collectionFormat", node).span
        if form not in _STYLES or (form in ("ssv", "pipes", "multi") and place != "query"):
            out.add(
                "E205",
                f"lists of {form} in {place or 'this place'} are not supported",
                span,
                help="supported: csv everywhere; ssv, pipes and multi in the query",
            )
        elif place == "query":
            changes["style"] = Scalar(_STYLES[form] or "form", span)
            changes["explode"] = Scalar(form == "multi", span)
    return changed(node, changes)


def header(node: Map, out: Collector) -> Map:
    """A header of a response."""
    if "$ref" in node.entries or "schema" in node.entries or "content" in node.entries:
        return node
    schema, changes = schema_of(node, out)
    return changed(node, {**changes, "schema": schema})


def schema_of(node: Map, out: Collector) -> tuple[Map, dict[str, Node | None]]:
    """What a parameter says of its value, as a schema, and these keywords to be taken away."""
    words = [key for key in node.entries if key not in _OWN and not key.startswith("x-linkwright-")]
    schema = Map(
        {key: node.entries[key] for key in words},
        {key: node.keys[key] for key in words},
        node.span,
    )
    items = schema.entries.get("items")
    if isinstance(items, Map) and "collectionFormat" in items.entries:
        out.add(
            "W204",
            "collectionFormat of lists in lists is not used",
            items.keys["collectionFormat"],
        )
        schema = changed(schema, {"items": changed(items, {"collectionFormat": None})})
    gone: dict[str, Node | None] = dict.fromkeys((*words, "collectionFormat"))
    return schema, gone
