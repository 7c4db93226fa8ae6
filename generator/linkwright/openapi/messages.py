"""Reading of what is sent and what comes back: parameters, bodies and responses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Fix
from ..source.document import Map, Node, Scalar
from ..source.span import Span
from ..source.text import SpecText, shown
from .cursor import TOKEN, Cursor, Source, join, plain
from .links import read_links
from .model import Encoding, Header, MediaType, Parameter, Place, RequestBody, Response, Schema
from .nodes import measure, text_at
from .schemas import SchemaReader

__all__ = ["MessageReader"]

_STATUS = re.compile(r"[1-5]([0-9]{2}|XX)|default")
#: Values of an answer that a proposed correction repeats.
_MOVED = 40
_PLACES: tuple[Place, ...] = ("path", "query", "header", "cookie")
_STYLES: dict[Place, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
#: What RFC 9110 lets a media type or a range of them be, with its parameters.
_MEDIA_TYPE = re.compile(
    r"(\*|[!#$%&'*+.^_`|~0-9A-Za-z-]+)/[!#$%&'*+.^_`|~0-9A-Za-z-]+"
    r"( *; *[!#$%&'*+.^_`|~0-9A-Za-z-]+=(\"[^\"\\\x00-\x1f\x7f-\U0010ffff]*\""
    r"|[!#$%&'*+.^_`|~0-9A-Za-z/-]+))* *;? *"
)
#: What people mean without the slash, or with another sign in its place.
_MEANT = {
    re.sub(r"[^a-z0-9]", "", name): name
    for name in (
        "application/json application/xml application/pdf application/zip application/octet-stream "
        "application/x-www-form-urlencoded multipart/form-data text/plain text/html text/csv text/xml"
    ).split()
} | {"json": "application/json"}


class MessageReader:
    """Reads the parts of operations that describe requests and answers."""

    def __init__(self, source: Source, schemas: SchemaReader) -> None:
        self._source = source
        self._out = source.out
        self._schemas = schemas

    def parameters(self, cursor: Cursor) -> Iterator[Parameter]:
        """The parameters of an operation or path."""
        seen: set[tuple[str, str]] = set()
        for node, at in cursor.items("parameters"):
            if isinstance(node, Scalar) and node.value is None:
                self._out.add("W202", "null is no parameter; read as absent", node.span)
                continue
            parameter = self._parameter(self._source.follow(node, at, "parameter"))
            if parameter is None:
                continue
            key = (parameter.place, parameter.wire.raw)
            if key in seen:
                self._out.add(
                    "E301",
                    f"the {key[0]} parameter {shown(key[1])!r} is declared twice",
                    node.span,
                    fix=Fix(),
                )
                continue
            seen.add(key)
            yield parameter

    def body(self, cursor: Cursor) -> RequestBody | None:
        """The request body of an operation."""
        if "requestBody" not in cursor:
            return None
        at = join(cursor.pointer, "requestBody")
        body = self._source.follow(cursor.node.entries["requestBody"], at, "request body")
        body.account()
        content = tuple(self._content(body))
        required = body.flag("required")
        if "content" in body and not required and not list(body.members("content")):
            self._out.add("W202", "this request body has no content; read as none", body.span)
            return None
        if not content:
            self._out.add("E203", "this request body has no content", body.span)
        return RequestBody(required, content, body.text("description"), body.span)

    def responses(self, cursor: Cursor) -> Iterator[Response]:
        """The documented answers of an operation."""
        answers = list(cursor.members("responses"))
        written = {status for status, *_ in answers}
        for text, span, node, at in answers:
            if text.startswith("x-"):
                continue
            status = self._status(text, span, written)
            if status is None:
                self._out.add(
                    "E202",
                    f"{shown(text)!r} is not a status",
                    span,
                    help="a status is three digits, a range such as 4XX, or default",
                    fix=Fix({"...": _moved(node)}, key=text),
                )
                continue
            response = self._source.follow(node, at, "response")
            response.account()
            yield Response(
                status,
                tuple(self._content(response, answer=True)),
                tuple(self._headers(response)),
                tuple(read_links(self._source, response)),
                response.text("description"),
                response.span,
            )

    def _status(self, text: str, span: Span, written: set[str]) -> str | None:
        """A status as it was meant: `2xx` and `Default`, where the right one does not stand too."""
        if _STATUS.fullmatch(text):
            return text
        bare = text.strip()
        meant = "default" if bare.lower() == "default" else bare.upper()
        if not _STATUS.fullmatch(meant) or meant in written:
            return None
        written.add(meant)
        self._out.add("W202", f"{shown(text)!r} is not a status; read as {meant}", span)
        return meant

    def _parameter(self, cursor: Cursor) -> Parameter | None:
        cursor.account()
        cursor.need("in")
        place = cursor.choice("in", _PLACES)
        if place is None:
            return None
        style = cursor.choice("style", _STYLES[place]) or _STYLES[place][0]
        required = cursor.flag("required")
        wire = cursor.need_text("name")
        if place in ("header", "cookie") and not TOKEN.fullmatch(wire.raw):
            self._out.add(
                "E202", f"{wire.shown!r} cannot be the name of a {place} parameter", cursor.span
            )
        content = next(iter(self._parameter_content(cursor)), None)
        return Parameter(
            span=cursor.span,
            wire=wire,
            place=place,
            required=required,
            style=style,
            explode=cursor.flag("explode", default=style == "form"),
            reserved=self._reserved(cursor, place),
            empty=place == "query" and cursor.flag("allowEmptyValue"),
            media_type=content.media_type if content else None,
            schema=content.schema if content else self._schema(cursor),
            description=cursor.text("description"),
            deprecated=cursor.flag("deprecated"),
            secret=cursor.flag("x-linkwright-secret"),
            name=cursor.text("x-linkwright-name") or cursor.text("x-speakeasy-name-override"),
        )

    def _parameter_content(self, cursor: Cursor) -> tuple[MediaType, ...]:
        """What `content` says of a parameter; it describes the value instead of `schema`."""
        content = tuple(self._content(cursor))
        if "content" in cursor and len(content) != 1:
            self._out.add(
                "E202", "the `content` of a parameter holds exactly one media type", cursor.span
            )
        if content and "schema" in cursor:
            self._out.add(
                "W201", "`schema` has no effect beside `content`", cursor.node.keys["schema"]
            )
        return content

    def _reserved(self, cursor: Cursor, place: Place) -> bool:
        reserved = cursor.flag("allowReserved")
        if reserved and place in ("header", "cookie"):
            self._out.add(
                "W201",
                f"`allowReserved` means nothing for a {place} parameter",
                cursor.node.keys["allowReserved"],
            )
            return False
        return reserved

    def _schema(self, cursor: Cursor, key: str = "schema") -> Schema | None:
        node = cursor.node.entries.get(key)
        return None if node is None else self._schemas.read(node, join(cursor.pointer, key))

    def _content(self, cursor: Cursor, *, answer: bool = False) -> Iterator[MediaType]:
        members = list(cursor.members("content"))
        some = any(_MEDIA_TYPE.fullmatch(media_type) for media_type, *_ in members)
        for text, span, node, at in members:
            inner = self._source.follow(node, at, "media type")
            if not _MEDIA_TYPE.fullmatch(text) and "schema" not in inner and some:
                # An example that stands a level too high.
                self._out.add("W201", f"{shown(text)} is no media type and says nothing", span)
                continue
            inner.account()
            media_type = self._media_type(text, span, answer)
            if media_type is not None:
                schema, items = self._schema(inner), self._schema(inner, "itemSchema")
                yield MediaType(media_type, schema, items, tuple(self._encoding(inner)), inner.span)

    def _media_type(self, text: str, span: Span, answer: bool) -> SpecText | None:
        """A media type as it was meant. Whatever else it is, an answer is of some type."""
        if _MEDIA_TYPE.fullmatch(text):
            return SpecText(text)
        essence, *rest = (part.strip() for part in re.split("[;,]", text))
        essence = _MEANT.get(re.sub(r"[^a-z0-9]", "", essence.lower()), essence)
        if _MEDIA_TYPE.fullmatch(essence) and not any("/" in part for part in rest):
            meant = essence
        elif text == "*" or answer:
            meant = "*/*"
        else:
            self._bad_media_type(text, span)
            return None
        self._out.add("W202", f"{shown(text)!r} is not a media type; read as {meant}", span)
        return SpecText(meant)

    def _bad_media_type(self, text: str, span: Span) -> None:
        self._out.add(
            "E202",
            f"{shown(text)!r} is not a media type",
            span,
            help="a media type is written as in application/json",
        )

    def _encoding(self, cursor: Cursor) -> Iterator[Encoding]:
        for name, _, node, at in cursor.members("encoding"):
            inner = self._source.cursor(node, at, "encoding")
            inner.account()
            content_type = inner.text("contentType")
            if content_type is not None:
                ranges = [part.strip() for part in content_type.raw.split(",")]
                if not all(_MEDIA_TYPE.fullmatch(part) for part in ranges):
                    self._bad_media_type(content_type.raw, inner.node.entries["contentType"].span)
                    content_type = None
            yield Encoding(
                wire=SpecText(name),
                content_type=content_type,
                style=inner.choice("style", _STYLES["query"]),
                explode=inner.flag("explode") if "explode" in inner else None,
                reserved=inner.flag("allowReserved"),
                headers=tuple(SpecText(header) for header, *_ in inner.members("headers")),
                span=inner.span,
            )

    def _headers(self, cursor: Cursor) -> Iterator[Header]:
        for name, span, node, at in cursor.members("headers"):
            header = self._source.follow(node, at, "header")
            header.account()
            if not TOKEN.fullmatch(name):
                self._out.add("E202", f"{shown(name)!r} cannot be the name of a header", span)
            schema = header.node.entries.get("schema")
            listed = isinstance(schema, Map) and text_at(schema, "type") == "array"
            yield Header(SpecText(name), header.text("description"), listed)


def _moved(node: Node) -> object:
    """What an answer says, to be written under another key; a part to fill in if it says much."""
    return plain(node) if measure(node)[0] <= _MOVED else {"description": "..."}
