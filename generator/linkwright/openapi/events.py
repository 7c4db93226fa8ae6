"""Reading of what the provider sends by itself: webhooks, and callbacks of operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..source.document import Node
from ..source.span import Span
from ..source.text import SpecText
from .cursor import Cursor, Source
from .model import Event, RequestBody

__all__ = ["read_callbacks", "read_webhooks"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_Body = Callable[[Cursor], RequestBody | None]


def read_webhooks(source: Source, root: Cursor, body: _Body) -> Iterator[Event]:
    """The webhooks of a document. `x-webhooks` is how those before 3.1 write them.

    Args:
        source: The document.
        root: Its outermost object.
        body: Reads the request body of an operation.
    """
    for key in ("webhooks", "x-webhooks"):
        for name, span, node, at in root.members(key):
            if not name.startswith("x-"):
                yield from _events(source, SpecText(name), span, node, at, body)


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
    source: Source, name: SpecText, span: Span, node: Node, pointer: str, body: _Body
) -> Iterator[Event]:
    item = source.follow(node, pointer, "path item")
    item.account(ignore=("parameters", "servers"))
    methods = [method for method in _METHODS if method in item]
    for method in methods:
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
