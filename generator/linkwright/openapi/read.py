"""Stage *read*: a positioned document becomes an `OpenApi`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..diagnostics import Collector, Fix
from ..source.document import Map, Seq
from ..source.library import Library
from ..source.span import Span
from ..source.text import SpecText, shown
from .cursor import TOKEN, Cursor, Source, join
from .events import read_callbacks, read_webhooks
from .messages import MessageReader
from .model import (
    OpenApi,
    Operation,
    Paging,
    PagingStyle,
    Parameter,
    Server,
    ServerVariable,
    Tag,
)
from .paths import TEMPLATE, PathKey, path_parameters, query_parameters, read_path
from .schemas import SchemaReader
from .security import SecurityReader
from .selection import Selection
from .speakeasy import paging_of, retry_of
from .versions import require_version

__all__ = ["read"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_PAGING_STYLES: tuple[PagingStyle, ...] = ("cursor", "page", "offset", "link", "header")
_SERVER = re.compile(r"(https?://|/|\{)[^\x00-\x20\x7f?#@\ud800-\udfff]*")
_PLACE = "`linkwright extract ... --endpoints FILE` places them"


def read(library: Library, out: Collector, selection: Selection | None = None) -> OpenApi:
    """Read a whole description, of whatever version, as OpenAPI 3.1.

    Raises:
        InputError: At once where nothing sensible can follow (E201 to E204); other errors are
            left in `out`, so that one run shows all of them.
    """
    source = Source(library, require_version(library.root, out), out)
    root = source.cursor(library.root.root, "", "document")
    root.account()
    return _Reader(source, root, selection or Selection()).document()


class _Reader:
    def __init__(self, source: Source, root: Cursor, selection: Selection) -> None:
        self._selection = selection
        self._source = source
        self._out = source.out
        self._root = root
        self._schemas = SchemaReader(source)
        self._messages = MessageReader(source, self._schemas)
        self._security = SecurityReader(source, root)

    def document(self) -> OpenApi:
        root = self._root
        info = self._child(root, "info", "info")
        operations = tuple(self._operations())
        webhooks = tuple(read_webhooks(self._source, root, self._messages.body, self._selection))
        for selector in self._selection.unused():
            what = "operation" if selector.webhook is None else "webhook"
            self._out.add("E110", f"this selects no {what} of the document", selector.span)
        self._unplaced(root, alone=not operations and not webhooks)
        return OpenApi(
            span=root.span,
            title=info.need_text("title"),
            version=info.need_text("version"),
            summary=info.text("summary"),
            description=info.text("description"),
            name=info.text("x-linkwright-name"),
            servers=tuple(self._servers(root)),
            tags=tuple(self._tags()),
            operations=operations,
            webhooks=webhooks,
            schemas=self._schemas.reached(),
            security_schemes=self._security.schemes,
            security=self._security.required(root) or (),
            scopes=self._security.scopes,
        )

    def _unplaced(self, root: Cursor, *, alone: bool) -> None:
        """Say what cannot be called: operations without a place, and that there is no other."""
        node = root.node.entries.get("x-linkwright-unplaced")
        count = len(node.items) if isinstance(node, Seq) else 0
        if alone and self._out.has_errors:
            return
        if alone:
            only = f", only {count} without method and path" if count else ""
            self._out.add(
                "E203",
                f"this document describes no operations{only}",
                root.node.keys["x-linkwright-unplaced"] if count else root.span,
                help=_PLACE if count else None,
                fix=Fix(update={"paths": {"/...": "..."}}),
            )
        elif count:
            what = "1 operation has" if count == 1 else f"{count} operations have"
            are = "is" if count == 1 else "are"
            self._out.add(
                "W204",
                f"{what} no method and path, and {are} not in the output",
                root.node.keys["x-linkwright-unplaced"],
                help=_PLACE,
            )

    def _child(self, cursor: Cursor, key: str, kind: str) -> Cursor:
        child = self._source.cursor(cursor.need(key), join(cursor.pointer, key), kind)
        child.account()
        return child

    def _servers(self, owner: Cursor) -> Iterator[Server]:
        for node, at in owner.items("servers"):
            cursor = self._source.cursor(node, at, "server")
            cursor.account()
            variables: list[ServerVariable] = []
            for name, _, child, child_at in cursor.members("variables"):
                variable = self._source.cursor(child, child_at, "server variable")
                variable.account()
                default = variable.need_text("default")
                variables.append(
                    ServerVariable(
                        SpecText(name),
                        default,
                        variable.texts("enum"),
                        variable.text("description"),
                        variable.span,
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
            for name in TEMPLATE.findall(url.raw):
                if name not in declared:
                    self._out.add(
                        "E203",
                        f"server variable {shown(name)!r} is not declared",
                        cursor.span,
                        fix=Fix({"variables": {name: {"default": "..."}}}),
                    )
            about = cursor.text("description") or cursor.text("name")
            yield Server(url, cursor.text("name"), tuple(variables), about, cursor.span)

    def _tags(self) -> Iterator[Tag]:
        for node, at in self._root.items("tags"):
            cursor = self._source.cursor(node, at, "tag")
            cursor.account()
            name = cursor.text("x-linkwright-name")
            yield Tag(cursor.need_text("name"), name, cursor.text("description"), cursor.span)

    def _operations(self) -> Iterator[Operation]:
        found = list(self._described())
        ids: dict[SpecText, list[Operation]] = {}
        for operation in found:
            if operation.operation_id is not None:
                ids.setdefault(operation.operation_id, []).append(operation)
        for operation in found:
            id_ = operation.operation_id
            others = [o for o in ids[id_] if o is not operation] if id_ is not None else []
            if id_ is None or not others:
                yield operation
                continue
            # Neither of them has a better right to the name.
            self._out.add(
                "W202",
                f"the operationId {id_.shown!r} is not unique; named after method and path",
                operation.span,
                related=[(other.span, "has the same") for other in others[:3]],
                help="x-linkwright-name: anotherName",
            )
            yield replace(operation, operation_id=None)

    def _described(self) -> Iterator[Operation]:
        seen: dict[SpecText, Span] = {}
        for path, path_span, node, at in self._root.members("paths"):
            if path.startswith("x-"):
                continue
            item = self._source.follow(node, at, "path item")
            wanted = list(self._methods(item, path))
            if not wanted and self._selection:
                continue
            path_key = read_path(path, path_span, self._out)
            if path_key is None:
                self._out.add(
                    "E202",
                    f"{shown(path)!r} is not a path",
                    path_span,
                    help="a path begins with / and holds no spaces or controls, nor does a query; "
                    "{ and } stand around the name of a parameter",
                    fix=Fix(key=path),
                )
                continue
            other = seen.setdefault(path_key.path, path_span)
            if other is not path_span:
                self._out.add(
                    "E301",
                    "two paths are the same",
                    path_span,
                    related=[(other, "the other one")],
                    fix=Fix(key=path),
                )
                continue
            item.account()
            shared = tuple(self._messages.parameters(item))
            servers = tuple(self._servers(item))
            for cursor, key, method in wanted:
                operation = self._operation(cursor, key, method, path_key, shared)
                operation = replace(operation, servers=operation.servers or servers)
                id_ = operation.operation_id
                if id_ is not None and not any(c.isalnum() for c in id_.raw):
                    self._out.add(
                        "W202",
                        f"{id_.shown!r} names no operation; named after method and path",
                        operation.span,
                        help="x-linkwright-name: aName",
                    )
                    operation = replace(operation, operation_id=None)
                yield operation

    def _methods(self, item: Cursor, path: str) -> Iterator[tuple[Cursor, str, str]]:
        """The wanted operations of a path: what holds each, its key there, and its method."""
        for cursor, key, method in self._all_methods(item):
            node = cursor.node.entries[key]
            if not isinstance(node, Map) or self._selection.takes(path, method, node):
                yield cursor, key, method

    def _all_methods(self, item: Cursor) -> Iterator[tuple[Cursor, str, str]]:
        for method in _METHODS:
            if method in item:
                yield item, method, method.upper()
        if "additionalOperations" not in item:
            return
        node = item.node.entries["additionalOperations"]
        at = join(item.pointer, "additionalOperations")
        others = self._source.cursor(node, at, "additional operations")
        for method, span in others.node.keys.items():
            if TOKEN.fullmatch(method):
                yield others, method, method
            else:
                self._out.add("E202", f"{shown(method)!r} is not a method", span)

    def _operation(
        self, item: Cursor, key: str, method: str, path: PathKey, shared: tuple[Parameter, ...]
    ) -> Operation:
        cursor = self._child(item, key, "operation")
        own = tuple(self._messages.parameters(cursor))
        overridden = {(p.place, p.wire) for p in own}
        parameters = tuple(p for p in shared if (p.place, p.wire) not in overridden) + own
        if path.fixed or path.asked:
            parameters = tuple(query_parameters(path, parameters, cursor.span, self._out))
        parameters = tuple(path_parameters(path.template, parameters, cursor.span, self._out))
        span = item.node.keys[key]
        return Operation(
            span=span,
            method=method,
            path=path.path,
            operation_id=cursor.text("operationId"),
            name=cursor.text("x-linkwright-name"),
            suggested_name=cursor.text("x-speakeasy-name-override"),
            group=cursor.text("x-speakeasy-group"),
            tags=cursor.texts("tags"),
            summary=cursor.text("summary"),
            description=cursor.text("description"),
            deprecated=cursor.flag("deprecated"),
            parameters=parameters,
            body=self._messages.body(cursor),
            responses=tuple(self._messages.responses(cursor)),
            security=self._security.required(cursor),
            retry=cursor.choice("x-linkwright-retry", ("safe", "idempotent", "never"))
            or retry_of(self._source, self._root, cursor),
            browser=cursor.flag("x-linkwright-browser"),
            timeout=cursor.seconds("x-linkwright-timeout"),
            servers=tuple(self._servers(cursor)),
            paging=self._paging(cursor),
            callbacks=tuple(read_callbacks(self._source, cursor, self._messages.body)),
        )

    def _paging(self, cursor: Cursor) -> Paging | None:
        if "x-linkwright-paging" not in cursor:
            return paging_of(self._source, cursor)
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
