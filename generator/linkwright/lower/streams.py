"""Streams of documents, and JSON in the texts of server-sent events."""

from __future__ import annotations

from collections.abc import Mapping

from ..ir.api import Framing
from ..openapi.model import Schema
from ..source.text import SpecText

__all__ = ["STREAMS", "carries_json", "unwrapped"]

#: Media types whose documents nothing but their reader can take apart, and how these follow each other.
STREAMS: Mapping[str, Framing] = {
    "text/event-stream": "events",
    "application/x-ndjson": "lines",
    "application/ndjson": "lines",
    "application/jsonl": "lines",
    "application/x-jsonlines": "lines",
    "application/json-seq": "sequence",
    "application/geo+json-seq": "sequence",
    "application/stream+json": "lines",
}
_DATA = SpecText("data")


def unwrapped(wire: SpecText, schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """What stands in the `data` of an event, where its text is JSON; any other property as it is."""
    target = schemas[schema.ref] if schema.ref else schema
    return target.content if wire == _DATA and target.content is not None else schema


def carries_json(event: Schema, schemas: Mapping[str, Schema]) -> bool:
    """Whether the `data` of an event, or of one of its alternatives, is JSON."""
    waiting, seen = [event], set[str]()
    while waiting:
        one = waiting.pop()
        for wire, schema in one.properties:
            if unwrapped(wire, schema, schemas) is not schema:
                return True
        waiting += (*one.all_of, *one.one_of, *one.any_of, *one.conditional)
        if one.ref is not None and one.ref not in seen:
            seen.add(one.ref)
            waiting.append(schemas[one.ref])
    return False
