"""Whether a request is what a specification asks for. Pure; every fault is put into words."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final, cast
from urllib.parse import parse_qsl, unquote

from .compare import differences
from .server import BASE_PATH, Received
from .wire import Operation, Parameter, Scheme, Spec

__all__ = ["ABSENT", "Expected", "credential_header", "faults", "text_of"]

ABSENT: Final = object()
"""No body at all."""

# What an HTTP client adds of its own accord. Everything else must be declared.
_TRANSPORT: Final = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}
)
_SEPARATORS: Final = {"form": ",", "pipeDelimited": "|", "spaceDelimited": " "}


@dataclass(frozen=True)
class Expected:
    """A request that a test is about to make, in terms of the specification.

    Attributes:
        operation: Which one it is.
        values: JSON value of each parameter that is sent, by place and wire name.
        body: JSON value of the body.
        secrets: Credential of each constructor argument.
    """

    operation: Operation
    values: Mapping[tuple[str, str], Any]
    body: object
    secrets: Mapping[str, str]


def faults(request: Received, expected: Expected) -> list[str]:
    """Say in which points a request differs from what the specification asks for."""
    return [
        f"{place}: {fault}"
        for place, found in (
            ("path", _path_faults(request, expected)),
            ("query", _query_faults(request, expected)),
            ("headers", _header_faults(request, expected)),
            ("credentials", _credential_faults(request, expected)),
            ("body", _body_faults(request, expected)),
        )
        for fault in found
    ]


def text_of(value: object) -> str:
    """Write a scalar JSON value as it stands in a URL or header, before encoding."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def credential_header(scheme: Scheme, secret: str) -> str:
    """Write a credential as a scheme demands."""
    if (scheme.type, scheme.scheme) == ("http", "bearer"):
        return f"Bearer {secret}"
    assert (scheme.type, scheme.place) == ("apiKey", "header"), f"no test knows {scheme}"
    return scheme.prefix + (b64encode(secret.encode()).decode() if scheme.base64 else secret)


def _path_faults(request: Received, expected: Expected) -> Iterator[str]:
    if not request.target.startswith(f"{BASE_PATH}/"):
        yield f"is not below the base URL: {request.target}"
        return
    operation = expected.operation
    segments = [unquote(part, errors="strict") for part in request.path.split("/")]
    fitting = _matching(operation.spec, request.method, segments)
    if operation not in fitting or len({_blank(one.path) for one in fitting}) > 1:
        yield f"{request.method} {request.path} is {[one.id for one in fitting]}"
        return
    for part, got in zip(operation.path.split("/"), segments, strict=True):
        if part.startswith("{"):
            wanted = ",".join(_written(expected.values["path", part[1:-1]]))
            if got != wanted:
                yield f"{part} is {got!r}, not {wanted!r}"


def _matching(spec: Spec, method: str, segments: list[str]) -> list[Operation]:
    """Find the operations of a request; a path without variables wins over one with them."""
    fitting = [
        operation
        for operation in spec.operations
        if operation.method == method and _fits(operation.path.split("/"), segments)
    ]
    fewest = min((operation.path.count("{") for operation in fitting), default=0)
    return [operation for operation in fitting if operation.path.count("{") == fewest]


def _blank(path: str) -> str:
    """A path without the names of its variables: documents may have it twice."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _fits(template: list[str], segments: list[str]) -> bool:
    return len(template) == len(segments) and all(
        bool(given) if part.startswith("{") else part == given
        for part, given in zip(template, segments, strict=True)
    )


def _query_faults(request: Received, expected: Expected) -> Iterator[str]:
    declared = {one.name: one for one in expected.operation.parameters if one.place == "query"}
    got: dict[str, list[str]] = {}
    for pair in request.query.split("&") if request.query else ():
        name, equals, value = pair.partition("=")
        if not equals:
            yield f"{pair!r} has no value"
        got.setdefault(unquote(name, errors="strict"), []).append(value)
    yield from (f"{name} is not declared" for name in got.keys() - declared.keys())
    for name, parameter in declared.items():
        value = expected.values.get(("query", name), ABSENT)
        if value is ABSENT:
            if parameter.required:
                yield f"{name} is required"
            if name in got:
                yield f"{name} was not given"
        elif _read(parameter, got.get(name, [])) != (wanted := _written(value)):
            yield f"{name} is {got.get(name)}, not {wanted}"


def _written(value: Any) -> list[str]:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    return [text_of(item) for item in items]


def _read(parameter: Parameter, raw: list[str]) -> list[str]:
    """Undo style and encoding. A `+` is a plus sign: that it means a space is known to forms only."""
    if parameter.schema.get("type") == "array" and not parameter.explode:
        # The separators that no URL may hold have an encoded form; a comma has not, since an
        # encoded one belongs to an item.
        separator = _SEPARATORS[parameter.style]
        encoded = {"|": "%7C", " ": "%20", ",": ","}[separator]
        if len(raw) != 1:
            return [f"{len(raw)} pairs"]
        raw = raw[0].replace(encoded, separator).split(separator)
    return [unquote(item, errors="strict") for item in raw]


def _header_faults(request: Received, expected: Expected) -> Iterator[str]:
    declared = {
        one.name.lower(): one for one in expected.operation.parameters if one.place == "header"
    }
    credentials = {scheme.header.lower() for scheme in expected.operation.spec.schemes.values()}
    body = {"content-type"}
    for name, _ in request.headers:
        if name.lower() not in _TRANSPORT | declared.keys() | credentials | body:
            yield f"{name} is not declared"
    for parameter in declared.values():
        value = expected.values.get(("header", parameter.name), ABSENT)
        wanted = None if value is ABSENT else text_of(value)
        if wanted is None and parameter.required:
            yield f"{parameter.name} is required"
        if (got := request.header(parameter.name)) != wanted:
            yield f"{parameter.name} is {got!r}, not {wanted!r}"


def _credential_faults(request: Received, expected: Expected) -> Iterator[str]:
    wanted: dict[str, str] = {}
    # The first alternative is the one a client that has every credential takes.
    for alternative in expected.operation.security[:1]:
        for scheme in alternative:
            wanted[scheme.header] = credential_header(scheme, expected.secrets[scheme.argument])
    for header in {scheme.header for scheme in expected.operation.spec.schemes.values()}:
        if (got := request.header(header)) != wanted.get(header):
            yield f"{header} is {got!r}, not {wanted.get(header)!r}"


def _body_faults(request: Received, expected: Expected) -> Iterator[str]:
    kind = request.header("content-type")
    if expected.body is ABSENT:
        if request.body or kind:
            yield f"{len(request.body)} bytes of {kind} where none were given"
        return
    body = expected.operation.body
    assert body is not None, f"{expected.operation} has no body to give"
    if _essence(kind) != body.media.type:
        yield f"is {kind}, not {body.media.type}"
        return
    if not request.body:
        yield "is empty"
        return
    wanted = expected.body
    if body.media.type in _FORMS:
        got: object = _FORMS[body.media.type](request)
        assert isinstance(wanted, dict)
        form = cast("dict[str, object]", wanted)
        wanted = {name: text_of(value) for name, value in form.items()}
    else:
        got = json.loads(request.body, object_pairs_hook=_without_repeats)
    # In a form, everything is text: what it is the text of has to be as documented.
    checked = expected.body if body.media.type in _FORMS else got
    yield from expected.operation.spec.violations(body.media.schema, checked)
    yield from differences(wanted, got)


def _urlencoded(request: Received) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), strict_parsing=True))


def _multipart(request: Received) -> dict[str, str]:
    """Take a body apart with the parser of the standard library; no part twice, files as text."""
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    assert message.is_multipart()
    assert not message.defects
    found: list[tuple[str, str]] = []
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = part.get_param("name", header="content-disposition")
        found.append((str(name), content.decode()))
    return _without_repeats(found)


_FORMS: Final = {
    "application/x-www-form-urlencoded": _urlencoded,
    "multipart/form-data": _multipart,
}


def _essence(kind: str | None) -> str | None:
    message = Message()
    message["Content-Type"] = kind or ""
    return message.get_content_type() if kind else None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), "a key is there twice"
    return dict(pairs)
