"""Reading of two extensions of Speakeasy, as far as they mean what ours mean."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias, cast

from ..source.document import Map
from ..source.text import SpecText
from .cursor import Cursor, Source, plain
from .model import Paging, PagingStyle

__all__ = ["paging_of", "retry_of"]

_RETRIES = "x-speakeasy-retries"
_PAGINATION = "x-speakeasy-pagination"
#: `$.meta.next`; filters and positions have no counterpart.
_PATH = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_-]*)*")

_Table: TypeAlias = dict[str, object]


def retry_of(source: Source, root: Cursor, operation: Cursor) -> Literal["never"] | None:
    """What `x-speakeasy-retries` says of an operation, there or for the document.

    `none` means that it is never repeated. `backoff` says when to repeat, not that it is safe: it
    changes nothing for what may be repeated, and does not make a POST one of those.
    """
    at = next((one for one in (operation, root) if _RETRIES in one.node.entries), None)
    if at is None:
        return None
    if _table(plain(at.node.entries[_RETRIES])).get("strategy") == "none":
        return "never"
    if at is operation:
        source.out.add(
            "N401",
            f"{_RETRIES} does not make this safe to repeat; its pauses and statuses are not used",
            at.node.keys[_RETRIES],
            help="x-linkwright-retry: idempotent",
        )
    return None


def paging_of(source: Source, operation: Cursor) -> Paging | None:
    """Read `x-speakeasy-pagination`; what ours cannot say is left, with a note."""
    node = operation.node.entries.get(_PAGINATION)
    if not isinstance(node, Map):
        return None
    table = _table(plain(node))
    outputs = _table(table.get("outputs"))
    inputs = {
        str(one.get("type")): one.get("name")
        for one in map(_table, _list(table.get("inputs")))
        if one.get("in") == "parameters"
    }
    style: PagingStyle | None = None
    next_: SpecText | None = None
    parameter: object = None
    match table.get("type"):
        case "cursor":
            style, next_ = "cursor", _pointer(outputs.get("nextCursor"))
            parameter = inputs.get("cursor")
        case "url":
            style, next_ = "link", _pointer(outputs.get("nextUrl"))
        case "offsetLimit":
            style = "page" if "page" in inputs else "offset"
            parameter = inputs.get(style)
        case _:
            pass
    items = _pointer(outputs.get("results"))
    needs_parameter, needs_next = style != "link", style in ("cursor", "link")
    complete = items is not None and (next_ is not None or not needs_next)
    if style is None or not complete or (needs_parameter and not isinstance(parameter, str)):
        source.out.add(
            "N401",
            f"{_PAGINATION} is not used: it says more, or less, than x-linkwright-paging can",
            operation.node.keys[_PAGINATION],
            help="x-linkwright-paging on the operation",
        )
        return None
    limit = inputs.get("limit")
    return Paging(
        span=node.span,
        style=style,
        items=items or SpecText(""),
        next=next_,
        parameter=SpecText(parameter) if isinstance(parameter, str) else None,
        size=SpecText(limit) if isinstance(limit, str) else None,
        guessed=True,
    )


def _pointer(path: object) -> SpecText | None:
    if not isinstance(path, str) or not _PATH.fullmatch(path):
        return None
    return SpecText(path[1:].replace(".", "/"))


def _table(value: object) -> _Table:
    return cast("_Table", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
