"""Keys of `paths`. Vendors put more into them than a path, to tell operations of one path apart.

`/rest?method=photos.get` fixes a part of the query, `/current?lat={lat}` asks for one, and what
follows the `#` of `/#X-Amz-Target=GetUser` is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..diagnostics import Collector, Fix
from ..source.span import Span
from ..source.text import SpecText, shown
from .model import Parameter, Schema

__all__ = ["PathKey", "TEMPLATE", "path_parameters", "query_parameters", "read_path"]

TEMPLATE = re.compile(r"\{([^{}]*)\}")
_KEY = re.compile(
    r"(/[^\x00-\x20\x7f?#\ud800-\udfff]*)(?:\?([^#]*))?(?:#([^\x00-\x20\x7f\ud800-\udfff]*))?"
)
_NAME = r"(?:[A-Za-z0-9._~!$'()*,;:@/-]|%[0-9A-Fa-f]{2})+"
_FIXED = re.compile(rf"({_NAME})(?:=(?:[=?]|{_NAME})*)?")
_ASKED = re.compile(rf"({_NAME})=\{{([^{{}}]+)\}}")


@dataclass(frozen=True, slots=True)
class PathKey:
    """What a key of `paths` says.

    Attributes:
        path: Unlike that of any other key. Up to `#` it is what is sent.
        template: The path alone.
        fixed: Query parameters that `path` gives a value.
        asked: Query parameters that are asked for, with the names of their variables.
    """

    path: SpecText
    template: str
    fixed: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()


def read_path(key: str, span: Span, out: Collector) -> PathKey | None:
    """Take a key apart; None where it is no path, with or without a query, or has stray braces."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    template, query, apart = found[1], found[2], found[3]
    if set("{}") & set(TEMPLATE.sub("", template)):
        return None
    fixed: list[tuple[str, str]] = []
    asked: list[tuple[str, str, str]] = []
    for pair in query.split("&") if query is not None else ():
        if match := _ASKED.fullmatch(pair):
            asked.append((pair, match[1], match[2]))
        elif match := _FIXED.fullmatch(pair):
            fixed.append((pair, match[1]))
        else:
            return None
    if apart is not None:
        out.add("W202", "what follows # in a path is not sent; it tells operations apart", span)
    if fixed:
        out.add("W202", "a query stands in this path; it is sent with every request", span)
    if asked:
        out.add("W202", "the query in this path names variables; read as query parameters", span)
    sent = template + ("?" + "&".join(pair for pair, _ in fixed) if fixed else "")
    behind = [*(pair for pair, *_ in asked), *([apart] if apart is not None else [])]
    return PathKey(
        SpecText("#".join([sent, "&".join(behind)]) if behind else sent),
        template,
        tuple(name for _, name in fixed),
        tuple((name, variable) for _, name, variable in asked),
    )


def query_parameters(
    key: PathKey, parameters: Sequence[Parameter], span: Span, out: Collector
) -> Iterator[Parameter]:
    """The parameters of an operation; those that a query in the path asks for are of the query."""
    asked = {variable: name for name, variable in key.asked}
    declared = {p.wire.raw for p in parameters if p.place in ("path", "query")}
    for variable in (name for name in asked if name not in declared):
        _say_undeclared(variable, span, out)
        text = replace(_text(variable, span), place="query", style="form", explode=True)
        yield replace(text, wire=SpecText(asked[variable]), name=text.wire)
    for parameter in parameters:
        wire = parameter.wire.raw
        if parameter.place == "query" and wire in key.fixed:
            out.add(
                "E206",
                f"both the path and a parameter say what {shown(wire)!r} is",
                parameter.span,
                fix=Fix(),
            )
        elif parameter.place == "path" and wire in asked and f"{{{wire}}}" not in key.template:
            name = parameter.name or parameter.wire
            yield replace(
                parameter, place="query", style="form", wire=SpecText(asked[wire]), name=name
            )
        else:
            yield parameter


def path_parameters(
    template: str, parameters: Sequence[Parameter], span: Span, out: Collector
) -> Iterator[Parameter]:
    """All parameters of an operation, those in its path as the path names them.

    A variable that nothing declares can only be a text (W202). One that differs from a parameter in
    case and punctuation is that one (W202). What else does not go together is E206.
    """
    wanted = dict.fromkeys(TEMPLATE.findall(template))
    given = {p.wire.raw for p in parameters if p.place == "path"}
    missing = [name for name in wanted if name not in given]
    elsewhere = {p.wire.raw for p in parameters if p.place != "path"}
    lost = [p for p in parameters if p.place == "path" and p.wire.raw not in wanted]
    meant: dict[str, str] = {}
    for parameter in lost:
        alike = [name for name in missing if _folded(name) == _folded(parameter.wire.raw)]
        if len(alike) == 1 and alike[0] not in meant.values():
            meant[parameter.wire.raw] = alike[0]
            out.add(
                "W202",
                f"the path names {{{shown(alike[0])}}}; read so for {parameter.wire.shown!r}",
                parameter.span,
            )
        else:
            out.add(
                "E206",
                f"path parameter {parameter.wire.shown!r} does not stand in the path",
                parameter.span,
                fix=Fix(),
            )
    for parameter in parameters:
        name = meant.get(parameter.wire.raw) if parameter.place == "path" else None
        yield parameter if name is None else replace(parameter, wire=SpecText(name))
    for name in (name for name in missing if name not in meant.values()):
        if not name or name in elsewhere or len(meant) < len(lost):
            out.add(
                "E206",
                f"the path names {{{shown(name)}}} but no path parameter has this name",
                span,
                fix=Fix({"parameters": [_declaration(name)]}),
            )
            continue
        _say_undeclared(name, span, out)
        yield _text(name, span)


def _say_undeclared(name: str, span: Span, out: Collector) -> None:
    out.add(
        "W202",
        f"the path names {{{shown(name)}}}, which nothing declares; read as a text",
        span,
        help=f"parameters: [{{name: {shown(name)}, in: path, required: true, schema: ...}}]",
    )


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _declaration(name: str) -> dict[str, object]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _text(name: str, span: Span) -> Parameter:
    return Parameter(
        span=span,
        wire=SpecText(name),
        place="path",
        required=True,
        style="simple",
        explode=False,
        reserved=False,
        empty=False,
        media_type=None,
        schema=Schema(span=span, pointer="", types=("string",)),
        description=None,
        deprecated=False,
        secret=False,
        name=None,
    )
