"""Links: which operation goes on from an answer, and where its arguments come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..diagnostics import Collector
from ..ir.api import Link, Operation
from ..openapi import model
from ..source.text import SpecText, SpecValue, shown

__all__ = ["lower_links"]

_HEADER = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_POINTER = r"(?:/(?:[^~/]|~[01])*)*"
_EXPRESSION = re.compile(
    rf"\$(?:url|method|statusCode|response\.header\.{_HEADER}|(?:request|response)\.body(?:#{_POINTER})?"
    rf"|request\.(path|query|header|cookie)\.(.+))",
    re.S,
)
_EMBEDDED = re.compile(r"\{(\$[^{}]*)\}")


def lower_links(
    document: model.OpenApi, operations: Mapping[str, Operation], out: Collector
) -> Iterator[Link]:
    """The links of all answers; those of equal content that several answers have are one.

    Args:
        document: What was read.
        operations: Those of the output, by key.
        out: Takes W204 for a link that leads nowhere, W201 for a part of one that means nothing.
    """
    by_id = {o.operation_id: f"{o.method} {o.path.raw}" for o in document.operations}
    for operation in document.operations:
        source = operations.get(f"{operation.method} {operation.path.raw}")
        if source is None:
            continue
        found: list[Link] = []
        for response in operation.responses:
            for link in response.links:
                at = link.target
                named = f"{at.method} {at.path.raw}" if at.path else by_id.get(at.operation_id, "")
                target = operations.get(named)
                if target is None:
                    out.add(
                        "W204",
                        f"the link {link.wire.shown!r} leads to no operation of the output, and is "
                        "left out",
                        link.span,
                    )
                    continue
                _add(found, _link(link, response.status, source, target, out))
        yield from found


def _add(found: list[Link], link: Link) -> None:
    for index, other in enumerate(found):
        if replace(other, statuses=(), span=link.span) == replace(link, statuses=()):
            found[index] = replace(other, statuses=(*other.statuses, *link.statuses))
            return
    found.append(link)


def _link(
    link: model.Link, status: str, source: Operation, target: Operation, out: Collector
) -> Link:
    arguments: dict[int, SpecValue] = {}
    for wire, value in link.parameters:
        index = _parameter(wire.raw, target)
        if index is None:
            message = f"{target.id.shown!r} has no one parameter {wire.shown!r}; it is left out"
            out.add("W201", message, link.span)
        elif problem := _problem(value, source):
            out.add("W201", f"{wire.shown!r} of this link {problem}; it is left out", link.span)
        else:
            arguments[index] = value
    body = link.body
    if body is not None and (problem := _body_problem(body, source, target)):
        out.add("W201", f"the body of this link {problem}; it is left out", link.span)
        body = None
    return Link(
        wire=link.wire,
        given=link.name,
        source=source.key,
        target=target.key,
        statuses=(status,),
        arguments=tuple(sorted(arguments.items())),
        body=body,
        description=link.description,
        span=link.span,
    )


def _parameter(name: str, target: Operation) -> int | None:
    """The index of a parameter, whose place may stand before its name."""
    plain = [i for i, p in enumerate(target.params) if p.wire.raw == name]
    if len(plain) == 1:
        return plain[0]
    placed = [i for i, p in enumerate(target.params) if f"{p.place}.{p.wire.raw}" == name]
    return placed[0] if len(placed) == 1 else None


def _body_problem(body: SpecValue, source: Operation, target: Operation) -> str | None:
    if target.body is None:
        return f"is one that {target.id.shown!r} does not take"
    return _problem(body, source)


def _problem(value: SpecValue, source: Operation) -> str | None:
    """What is wrong with the expressions in a value."""
    text = value.raw
    if not isinstance(text, str):
        return None
    for expression in [text] if text.startswith("$") else _EMBEDDED.findall(text):
        match = _EXPRESSION.fullmatch(expression)
        if match is None:
            return f"is no runtime expression, {shown(expression)}"
        if expression == "$url":
            return "asks for $url, which an answer does not tell"
        if match[1] and not _asked(match[1], match[2], source):
            return f"asks for a parameter that was not sent, {shown(expression)}"
        if expression.startswith("$request.body") and source.body is None:
            return f"asks for a body that was not sent, {shown(expression)}"
    return None


def _asked(place: str, wire: str, source: Operation) -> bool:
    if place == "header":
        wires = {p.wire.raw.lower() for p in source.params if p.place == "header"}
        return wire.lower() in wires
    return any(p.place == place and p.wire == SpecText(wire) for p in source.params)
