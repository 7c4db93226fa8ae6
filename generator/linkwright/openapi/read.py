"""Stage *read*: a positioned document becomes an `OpenApi`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Collector
from ..source.document import Document, Map
from ..source.span import Span
from ..source.text import SpecText, shown
from .cursor import TOKEN, Cursor, Source, describe, join
from .model import (
    MediaType,
    OpenApi,
    Operation,
    Paging,
    PagingStyle,
    Parameter,
    Place,
    RequestBody,
    Response,
    Server,
    ServerVariable,
    Tag,
)
from .schemas import SchemaReader
from .security import SecurityReader

__all__ = ["read"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_STATUS = re.compile(r"[1-5]([0-9]{2}|XX)|default")
_PLACES: tuple[Place, ...] = ("path", "query", "header", "cookie")
_PAGING_STYLES: tuple[PagingStyle, ...] = ("cursor", "page", "offset", "link", "header")
_STYLES: dict[Place, tuple[str, ...]] = {
    "path": ("simple",),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
_PATH = re.compile(r"/[^\x00-\x20\x7f?#\ud800-\udfff]*")
_SERVER = re.compile(r"(https?://|/|\{)[^\x00-\x20\x7f?#@\ud800-\udfff]*")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")


def read(document: Document, out: Collector) -> OpenApi:
    """Read a whole OpenAPI 3.1 document.

    Raises:
        InputError: At once where nothing sensible can follow (E201 to E204); other errors are
            left in `out`, so that one run shows all of them.
    """
    source = Source(document, out)
    if not isinstance(document.root, Map):
        out.fail(
            "E201",
            f"an OpenAPI document is a mapping, this is {describe(document.root)}",
            document.root.span,
        )
    root = source.cursor(document.root, "", "document")
    _check_version(root, out)
    root.account()
    return _Reader(source, root).document()


def _check_version(root: Cursor, out: Collector) -> None:
    if "openapi" not in root:
        if "swagger" in root:
            out.fail(
                "E201",
                "this is a Swagger 2.0 document; OpenAPI 3.1 is read",
                root.node.keys["swagger"],
            )
        out.fail(
            "E201",
            "not an OpenAPI document: there is no 'openapi' key",
            root.span,
            help="openapi: 3.1.0",
        )
    version = root.string("openapi") or ""
    out.stop_on_errors()
    if not re.fullmatch(r"3\.1(\.\d+)?", version):
        out.fail(
            "E201",
            f"OpenAPI version {shown(version)!r} is not read, 3.1 is",
            root.node.entries["openapi"].span,
        )


class _Reader:
    def __init__(self, source: Source, root: Cursor) -> None:
        self._source = source
        self._out = source.out
        self._root = root
        self._schemas = SchemaReader(source)
        self._security = SecurityReader(source, root)

    def document(self) -> OpenApi:
        root = self._root
        info = self._child(root, "info", "info")
        operations = tuple(self._operations())
        if not operations and not self._out.found:
            self._out.add("E203", "this document describes no operations", root.span)
        return OpenApi(
            span=root.span,
            title=info.need_text("title"),
            version=info.need_text("version"),
            summary=info.text("summary"),
            description=info.text("description"),
            name=info.text("x-linkwright-name"),
            servers=tuple(self._servers()),
            tags=tuple(self._tags()),
            operations=operations,
            schemas=self._schemas.reached(),
            security_schemes=self._security.schemes,
            security=self._security.required(root) or (),
        )

    def _child(self, cursor: Cursor, key: str, kind: str) -> Cursor:
        child = self._source.cursor(cursor.need(key), join(cursor.pointer, key), kind)
        child.account()
        return child

    def _servers(self) -> Iterator[Server]:
        for node, at in self._root.items("servers"):
            cursor = self._source.cursor(node, at, "server")
            cursor.account()
            variables: list[ServerVariable] = []
            for name, _, child, child_at in cursor.members("variables"):
                variable = self._source.cursor(child, child_at, "server variable")
                variable.account()
                default = variable.need_text("default")
                variables.append(
                    ServerVariable(
                        SpecText(name), default, variable.text("description"), variable.span
                    )
                )
            url = cursor.need_text("url")
            if not _SERVER.fullmatch(url.raw):
                self._out.add(
                    "E202",
                    f"{url.shown!r} is not an address of a server",
                    cursor.node.entries["url"].span,
                    help="an http(s) URL without user, query and fragment",
                )
            declared = {v.wire.raw for v in variables}
            for name in _TEMPLATE.findall(url.raw):
                if name not in declared:
                    self._out.add(
                        "E203", f"server variable {shown(name)!r} is not declared", cursor.span
                    )
            yield Server(url, tuple(variables), cursor.span)

    def _tags(self) -> Iterator[Tag]:
        for node, at in self._root.items("tags"):
            cursor = self._source.cursor(node, at, "tag")
            cursor.account()
            name = cursor.text("x-linkwright-name")
            yield Tag(cursor.need_text("name"), name, cursor.text("description"), cursor.span)

    def _operations(self) -> Iterator[Operation]:
        ids: dict[SpecText, Span] = {}
        for path, path_span, node, at in self._root.members("paths"):
            if path.startswith("x-"):
                continue
            if not _PATH.fullmatch(path):
                self._out.add(
                    "E202",
                    f"{shown(path)!r} is not a path",
                    path_span,
                    help="a path begins with / and holds no spaces, controls, ? or #",
                )
                continue
            item = self._source.follow(node, at, "path item")
            item.account()
            shared = tuple(self._parameters(item))
            for method in _METHODS:
                if method in item:
                    operation = self._operation(item, method, SpecText(path), shared)
                    yield operation
                    id_ = operation.operation_id
                    if id_ is not None and not any(c.isalnum() for c in id_.raw):
                        self._out.add(
                            "E202", "an operationId needs letters or digits", operation.span
                        )
                    if id_ is not None and ids.setdefault(id_, operation.span) != operation.span:
                        self._out.add(
                            "E301",
                            f"two operations have the operationId {id_.shown!r}",
                            operation.span,
                            related=[(ids[id_], "the other one")],
                            help="an operationId is unique in its document",
                        )

    def _operation(
        self, item: Cursor, method: str, path: SpecText, shared: tuple[Parameter, ...]
    ) -> Operation:
        cursor = self._child(item, method, "operation")
        own = tuple(self._parameters(cursor))
        overridden = {(p.place, p.wire) for p in own}
        parameters = tuple(p for p in shared if (p.place, p.wire) not in overridden) + own
        self._check_path(cursor, path, parameters)
        span = item.node.keys[method]
        responses = tuple(self._responses(cursor))
        if not responses:
            self._out.add(
                "E203",
                "this operation documents no responses",
                span,
                help="responses:\n  '200':\n    description: what comes back",
            )
        return Operation(
            span=span,
            method=method.upper(),
            path=path,
            operation_id=cursor.text("operationId"),
            name=cursor.text("x-linkwright-name"),
            suggested_name=cursor.text("x-speakeasy-name-override"),
            group=cursor.text("x-speakeasy-group"),
            tags=cursor.texts("tags"),
            summary=cursor.text("summary"),
            description=cursor.text("description"),
            deprecated=cursor.flag("deprecated"),
            parameters=parameters,
            body=self._body(cursor),
            responses=responses,
            security=self._security.required(cursor),
            retry=cursor.choice("x-linkwright-retry", ("safe", "idempotent", "never")),
            browser=cursor.flag("x-linkwright-browser"),
            timeout=cursor.seconds("x-linkwright-timeout"),
            paging=self._paging(cursor),
        )

    def _paging(self, cursor: Cursor) -> Paging | None:
        if "x-linkwright-paging" not in cursor:
            return None
        inner = self._child(cursor, "x-linkwright-paging", "paging")
        inner.need("style")
        style = inner.choice("style", _PAGING_STYLES)
        if style is None:
            return None
        return Paging(
            span=inner.span,
            style=style,
            items=inner.text("items") or SpecText(""),
            next=inner.text("next"),
            parameter=inner.text("parameter"),
            size=inner.text("size"),
        )

    def _check_path(
        self, cursor: Cursor, path: SpecText, parameters: tuple[Parameter, ...]
    ) -> None:
        wanted = _TEMPLATE.findall(path.raw)
        given = {p.wire.raw for p in parameters if p.place == "path"}
        for name in wanted:
            if name not in given:
                self._out.add(
                    "E206",
                    f"the path names {{{shown(name)}}} but no path parameter has this name",
                    cursor.span,
                )
        for parameter in parameters:
            if parameter.place == "path" and parameter.wire.raw not in wanted:
                self._out.add(
                    "E206",
                    f"path parameter {parameter.wire.shown!r} does not stand in the path",
                    parameter.span,
                )

    def _parameters(self, cursor: Cursor) -> Iterator[Parameter]:
        seen: set[tuple[str, str]] = set()
        for node, at in cursor.items("parameters"):
            parameter = self._parameter(self._source.follow(node, at, "parameter"))
            if parameter is None:
                continue
            key = (parameter.place, parameter.wire.raw)
            if key in seen:
                self._out.add(
                    "E301", f"the {key[0]} parameter {shown(key[1])!r} is declared twice", node.span
                )
                continue
            seen.add(key)
            yield parameter

    def _parameter(self, cursor: Cursor) -> Parameter | None:
        cursor.account()
        cursor.need("in")
        place = cursor.choice("in", _PLACES)
        if place is None or "content" in cursor:
            return None
        style = cursor.choice("style", _STYLES[place]) or _STYLES[place][0]
        required = cursor.flag("required")
        if place == "path" and not required:
            self._out.add("E206", "a path parameter must say `required: true`", cursor.span)
        schema = cursor.node.entries.get("schema")
        wire = cursor.need_text("name")
        if place in ("header", "cookie") and not TOKEN.fullmatch(wire.raw):
            self._out.add(
                "E202", f"{wire.shown!r} cannot be the name of a {place} parameter", cursor.span
            )
        return Parameter(
            span=cursor.span,
            wire=wire,
            place=place,
            required=required,
            style=style,
            explode=cursor.flag("explode", default=style == "form"),
            schema=self._schemas.read(schema, join(cursor.pointer, "schema")) if schema else None,
            description=cursor.text("description"),
            deprecated=cursor.flag("deprecated"),
            secret=cursor.flag("x-linkwright-secret"),
            name=cursor.text("x-linkwright-name") or cursor.text("x-speakeasy-name-override"),
        )

    def _body(self, cursor: Cursor) -> RequestBody | None:
        if "requestBody" not in cursor:
            return None
        at = join(cursor.pointer, "requestBody")
        body = self._source.follow(cursor.node.entries["requestBody"], at, "request body")
        body.account()
        content = tuple(self._content(body))
        if not content:
            self._out.add("E203", "this request body has no content", body.span)
        return RequestBody(body.flag("required"), content, body.text("description"), body.span)

    def _responses(self, cursor: Cursor) -> Iterator[Response]:
        for status, span, node, at in cursor.members("responses"):
            if status.startswith("x-"):
                continue
            if not _STATUS.fullmatch(status):
                self._out.add(
                    "E202",
                    f"{shown(status)!r} is not a status",
                    span,
                    help="a status is three digits, a range such as 4XX, or default",
                )
                continue
            response = self._source.follow(node, at, "response")
            response.account()
            content = tuple(self._content(response))
            yield Response(status, content, response.text("description"), response.span)

    def _content(self, cursor: Cursor) -> Iterator[MediaType]:
        for media_type, _, node, at in cursor.members("content"):
            inner = self._source.cursor(node, at, "media type")
            inner.account()
            schema = inner.node.entries.get("schema")
            read_schema = self._schemas.read(schema, join(at, "schema")) if schema else None
            yield MediaType(SpecText(media_type), read_schema, inner.span)
