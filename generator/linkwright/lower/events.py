"""Webhooks and callbacks: requests that the provider makes."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Collector
from ..ir.api import Event
from ..ir.types import Anything, Wish
from ..openapi import model
from ..source.text import SpecText
from .media import essence, is_json
from .schemas import TypeTable
from .wishes import operation_id

__all__ = ["lower_events"]


def lower_events(document: model.OpenApi, types: TypeTable, out: Collector) -> Iterator[Event]:
    """All webhooks, then the callbacks of all operations; what carries no JSON is W204."""
    for webhook in document.webhooks:
        yield from _event(webhook, None, types, out)
    for operation in document.operations:
        for callback in operation.callbacks:
            yield from _event(callback, operation_id(operation), types, out)


def _event(
    event: model.Event, operation: SpecText | None, types: TypeTable, out: Collector
) -> Iterator[Event]:
    content = event.body.content if event.body else ()
    chosen = next((m for m in content if is_json(essence(m.media_type))), None)
    if chosen is None:
        out.add("W204", "it carries no JSON, so there is nothing to parse", event.span)
        return
    words = (
        *((operation,) if operation else ()),
        event.wire,
        *((SpecText(event.method),) if event.method else ()),
    )
    payload = Wish(words).inside("Payload")
    yield Event(
        key=" ".join(word.raw for word in words),
        words=words,
        given=event.name,
        type=types.type_of(chosen.schema, payload) if chosen.schema else Anything(),
        operation=operation,
        description=event.description or event.summary,
        deprecated=event.deprecated,
        span=event.span,
    )
