"""Reading of what the provider sends by itself: webhooks, and callbacks of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ..source.document import Map, Node
from ..source.span import Span
from ..source.text import SpecText
from .cursor import Cursor, Source
from .model import Event, RequestBody
from .selection import Selection

__all__ = ["read_callbacks", "read_webhooks"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_Body = Callable[[Cursor], RequestBody | None]


def read_webhooks(
    source: Source, root: Cursor, body: _Body, selection: Selection
) -> Iterator[Event]:
    """The webhooks of a document. `x-webhooks` is how those before 3.1 write them.

    Args:
        source: The document.
        root: Its outermost object.
        body: Reads the request body of an operation.
        selection: Which of them are wanted; others are not looked at.
    """
    for key in ("webhooks", "x-webhooks"):
        for name, span, node, at in root.members(key):
            if not name.startswith("x-"):
                wanted = partial(selection.takes_webhook, name)
                yield from _events(source, SpecText(name), span, node, at, body, wanted)


def read_callbacks(source: Source, operation: Cursor, body: _Body) -> Iterator[Event]:
    """What an operation asks the provider to send later, and where to."""
    for name, span, node, at in operation.members("callbacks"):
        if name.startswith("x-"):
            continue
        callback = source.follow(node, at, "callback")
        for expression, item in callback.node.entries.items():
            if not expression.startswith("x-"):
                yield from _events(source, SpecText(name), span, item, at, body)


def _events(
    source: Source,
    name: SpecText,
    span: Span,
    node: Node,
    pointer: str,
    body: _Body,
    wanted: Callable[[str, Map], bool] | None = None,
) -> Iterator[Event]:
    item = source.follow(node, pointer, "path item")
    methods = [method for method in _METHODS if method in item]
    chosen = [m for m in methods if wanted is None or wanted(m, _map(item.node.entries[m]))]
    if methods and not chosen:
        return
    item.account(ignore=("parameters", "servers"))
    for method in chosen:
        cursor = source.cursor(item.node.entries[method], f"{item.pointer}/{method}", "operation")
        # How they are authenticated and answered is between the two servers.
        cursor.account(ignore=("callbacks", "servers"))
        yield Event(
            span=span,
            wire=name,
            method=method if len(methods) > 1 else None,
            name=cursor.text("x-linkwright-name"),
            summary=cursor.text("summary"),
            description=cursor.text("description"),
            deprecated=cursor.flag("deprecated"),
            body=body(cursor),
        )


def _map(node: Node) -> Map:
    return node if isinstance(node, Map) else Map({}, {}, node.span)
