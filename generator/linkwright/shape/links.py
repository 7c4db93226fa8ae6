"""Links become constants, each with the operations it connects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..diagnostics import Collector
from ..ir.api import Link
from .layout import listed, one_tuple
from .literals import Code, docstring, prose, string_of, value
from .names import Scope, Wanted, constant, digested, joined, tell_apart
from .views import LinkView

__all__ = ["link_names", "shape_links"]

_WRAP = 94


def link_names(
    links: tuple[Link, ...], symbols: Mapping[str, Code], out: Collector
) -> dict[int, Code]:
    """Name of the constant of each link, by its position.

    Args:
        links: Of one API.
        symbols: Name of the constant of each operation, by its key.
        out: Takes clashes of given names (E301).
    """
    named = {i: link for i, link in enumerate(links) if {link.source, link.target} <= {*symbols}}
    names = tell_apart({i: _wanted(link, symbols) for i, link in named.items()})
    scope = Scope("links", out)
    return {i: scope.take(names[i], link.span) for i, link in named.items()}


def shape_links(
    links: tuple[Link, ...],
    names: Mapping[int, Code],
    symbols: Mapping[str, Code],
    arguments: Mapping[str, Mapping[int, Code]],
    methods: Mapping[str, Code],
) -> tuple[LinkView, ...]:
    """The constants of links, sorted by name.

    Args:
        links: Of one API.
        names: From `link_names`.
        symbols: Name of the constant of each operation, by its key.
        arguments: Likewise, the Python argument of each of its parameters, by position.
        methods: Likewise, what calls it, such as `accounts.get`.
    """
    views = (_view(links[i], names[i], symbols, arguments, methods) for i in names)
    return tuple(sorted(views, key=lambda view: view.name))


def _wanted(link: Link, symbols: Mapping[str, Code]) -> Wanted:
    if link.given:
        return Wanted((constant(link.given),))
    name = joined(symbols[link.source], constant(link.wire))
    status = Code("_".join(link.statuses).upper())
    return Wanted((name, joined(name, status), digested(name, link.key)), rank=1)


def _view(
    link: Link,
    name: Code,
    symbols: Mapping[str, Code],
    arguments: Mapping[str, Mapping[int, Code]],
    methods: Mapping[str, Code],
) -> LinkView:
    given = [f"{string_of(arguments[link.target][i])}: {value(v)}" for i, v in link.arguments]
    items: list[str] = [listed("{", given, "}", 4, after=1)]
    keys = [key if key.isdecimal() else string_of(key) for key in link.statuses]
    items.append(f"statuses={one_tuple(keys)}")
    if link.body is not None:
        items.append(f"body={value(link.body)}")
    lines = list(_doc(link, methods))
    return LinkView(
        name,
        symbols[link.source],
        symbols[link.target],
        tuple(Code(item) for item in items),
        docstring(lines, 0),
        link.key,
    )


def _doc(link: Link, methods: Mapping[str, Code]) -> Iterator[str]:
    lines = prose(link.description, _WRAP)
    yield from lines
    if lines:
        yield ""
    yield f"From `{methods[link.source]}` to `{methods[link.target]}`."
