"""Methods and paths of operations whose pages do not show them, from a list or from OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ..diagnostics import Collector
from ..source.document import Document, Map, Node, Scalar, Seq
from ..source.span import Span
from ..source.text import shown
from .facts import Api, Operation, Place
from .models import flat
from .resolve import METHODS

__all__ = ["Endpoint", "place", "read_endpoints"]

_KEYS = ("call", "page", "anchor", "name", "method", "path", "operationId")
_HELP = "operations: [{call: users.create, method: POST, path: /users}]"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one operation is.

    Attributes:
        method: GET, POST, ...
        path: The path template.
        call: The call of the SDK: `users.create`; empty if that is not told.
        page: End of the page's name; empty for any.
        anchor: Of the section; empty for any.
        name: Of the operation on its page; empty for any.
        operation_id: Its operationId; empty if that is not told.
        calls: Further ways to say which one, tried where the operationId fits none or several.
        span: Where this is written.
    """

    method: str
    path: str
    call: str = ""
    page: str = ""
    anchor: str = ""
    name: str = ""
    operation_id: str = ""
    calls: tuple[str, ...] = ()
    span: Span = field(default_factory=lambda: Span("endpoints"))

    def fits(self, operation: Operation) -> bool:
        """Whether this is about an operation."""
        if self.page and not _ends(operation.place.page, self.page):
            return False
        if self.anchor and self.anchor.lower() != operation.anchor.lower():
            return False
        if self.name and flat(self.name) != flat(operation.name):
            return False
        if self.call:
            return _same_call(self.call, operation)
        if self.operation_id:
            return flat(self.operation_id) == flat(operation.operation_id or operation.name)
        return bool(self.page or self.anchor or self.name)


def _ends(page: str, wanted: str) -> bool:
    mine, theirs = page.lower().split("/"), wanted.lower().strip("/").split("/")
    return mine[-len(theirs) :] == theirs or theirs[-len(mine) :] == mine


def _same_call(call: str, operation: Operation) -> bool:
    mine = [flat(p) for p in operation.call.split(".")]
    theirs = [flat(p) for p in call.split(".")]
    if mine == theirs or (mine[-len(theirs) :] == theirs and len(theirs) > 1):
        return True
    # Where no example shows the call, the page's title stands for the resource.
    return theirs[-1] == flat(operation.name) and "".join(theirs[:-1]) == flat(operation.tag)


def read_endpoints(document: Document, out: Collector) -> tuple[Endpoint, ...]:
    """Endpoints of a file: a list of operations, or an OpenAPI document.

    Raises:
        InputError: E202 or E203, with the place of what is wrong.
    """
    root = document.root
    if isinstance(root, Map) and ("openapi" in root.entries or "swagger" in root.entries):
        return tuple(_from_openapi(root))
    operations = root.entries.get("operations") if isinstance(root, Map) else None
    if not isinstance(operations, Seq):
        span = operations.span if operations else root.span
        out.fail("E202", "`operations`, a list, is expected", span, help=_HELP)
    found = tuple(e for item in operations.items if (e := _entry(item, out)) is not None)
    out.stop_on_errors()
    return found


def _entry(item: Node, out: Collector) -> Endpoint | None:
    if not isinstance(item, Map):
        out.add("E202", "an operation is expected here", item.span, help=_HELP)
        return None
    values: dict[str, str] = {}
    for key, node in item.entries.items():
        if key not in _KEYS:
            out.add("E202", f"{shown(key)} is not known here", item.keys[key], help=_HELP)
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            values[key] = node.value
        else:
            out.add("E202", f"{shown(key)} must be a text", node.span, help=_HELP)
    method = values.pop("method", "").upper()
    path = values.pop("path", "")
    if method.lower() not in METHODS or not path.startswith("/"):
        out.add(
            "E203", "`method` and a `path` that begins with / are needed", item.span, help=_HELP
        )
        return None
    if not values:
        out.add("E203", "nothing says which operation this is", item.span, help=_HELP)
        return None
    return Endpoint(
        method,
        path,
        call=values.get("call", ""),
        page=values.get("page", ""),
        anchor=values.get("anchor", ""),
        name=values.get("name", ""),
        operation_id=values.get("operationId", ""),
        span=item.span,
    )


def _from_openapi(root: Map) -> Iterator[Endpoint]:
    paths = root.entries.get("paths")
    for path, item in paths.entries.items() if isinstance(paths, Map) else ():
        for method, node in item.entries.items() if isinstance(item, Map) else ():
            if method not in METHODS or not isinstance(node, Map):
                continue
            name_of = _text(node, "operationId")
            tags = node.entries.get("tags")
            first = tags.items[0] if isinstance(tags, Seq) and tags.items else None
            tag = str(first.value) if isinstance(first, Scalar) else ""
            group = _text(node, "x-speakeasy-group") or tag
            name = _text(node, "x-speakeasy-name-override") or _text(node, "x-linkwright-name")
            names = [n for n in dict.fromkeys((name_of, name)) if n]
            calls = tuple(f"{group}.{n}" for n in names if group)
            if names:
                yield Endpoint(
                    method.upper(), path, operation_id=names[0], calls=calls, span=node.span
                )


def _text(node: Map, key: str) -> str:
    value = node.entries.get(key)
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else ""


def place(api: Api, endpoints: Sequence[Endpoint]) -> list[str]:
    """Give operations their method and path.

    What a page documents is never overruled.

    Returns:
        One sentence for each endpoint that fits no operation, fits several, or contradicts a page.
    """
    remarks: list[str] = []
    placed = {(o.method, o.path) for o in api.operations if o.method}
    for endpoint in endpoints:
        what = f"{endpoint.method} {shown(endpoint.path)} ({shown(endpoint.call or endpoint.operation_id or endpoint.name)})"
        fitting = [o for o in api.operations if endpoint.fits(o)]
        if len(fitting) != 1 and endpoint.calls:
            fitting = [
                o for o in api.operations if any(_same_call(c, o) for c in endpoint.calls)
            ] or fitting
        if not fitting and endpoint.operation_id:
            # Speakeasy's first pages call the method as the operationId is called.
            own = flat(endpoint.operation_id)
            fitting = [o for o in api.operations if flat(o.name) == own and not o.method]
        if len(fitting) > 1:
            exact = [o for o in fitting if o.call == endpoint.call]
            fitting = exact if len(exact) == 1 else fitting
        if not fitting:
            if (endpoint.method, endpoint.path) not in placed:
                remarks.append(f"{what} fits no operation")
        elif len(fitting) > 1:
            remarks.append(f"{what} fits {len(fitting)} operations; narrow it by page or anchor")
        else:
            operation = fitting[0]
            if not operation.method:
                _place_one(operation, endpoint)
                placed.add((operation.method, operation.path))
            elif (operation.method, _bare(operation.path)) != (
                endpoint.method,
                _bare(endpoint.path),
            ):
                remarks.append(f"{what} contradicts the page of {shown(operation.name)}")
    return remarks


def _place_one(operation: Operation, endpoint: Endpoint) -> None:
    operation.method, operation.path = endpoint.method, endpoint.path
    # The name alone: where the file lies on this machine is nobody's business.
    where = Place(PurePath(endpoint.span.file).name, endpoint.span.line)
    operation.documented("method", "endpoints", where)
    operation.documented("path", "endpoints", where)
    if endpoint.operation_id:
        operation.operation_id = endpoint.operation_id
        operation.documented("operationId", "endpoints", where)


def _bare(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path)
