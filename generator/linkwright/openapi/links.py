"""Reading of links: which operation goes on from an answer, and with what."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from ..source.text import SpecText
from .cursor import Cursor, Source
from .model import Link, LinkTarget

__all__ = ["read_links"]

_PATHS = "#/paths/"


def read_links(source: Source, response: Cursor) -> Iterator[Link]:
    """The links of a response; one that names no operation at all is W204.

    Whether there is such an operation is known only when all of them were read.
    """
    for name, span, node, at in response.members("links"):
        if name.startswith("x-"):
            continue
        cursor = source.follow(node, at, "link")
        cursor.account()
        target = _target(cursor)
        if target is None:
            source.out.add(
                "W204", "this link names no operation of this document, and is left out", span
            )
            continue
        parameters = tuple(
            (SpecText(wire), cursor.literal(value))
            for wire, _, value, _ in cursor.members("parameters")
        )
        yield Link(
            span=span,
            wire=SpecText(name),
            name=cursor.text("x-linkwright-name"),
            target=target,
            parameters=parameters,
            body=cursor.value("requestBody"),
            description=cursor.text("description"),
        )


def _target(cursor: Cursor) -> LinkTarget | None:
    """By id, or by the place of an operation in this very document."""
    if id_ := cursor.text("operationId"):
        return LinkTarget(id_, None, None)
    ref = cursor.string("operationRef") or ""
    parts = ref.removeprefix(_PATHS).split("/")
    if not ref.startswith(_PATHS) or len(parts) != 2:
        return None
    path, method = (unquote(part).replace("~1", "/").replace("~0", "~") for part in parts)
    return LinkTarget(None, SpecText(path), method.upper())
