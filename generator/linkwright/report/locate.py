"""Where the things of an API stand in its documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from ..ir.api import Api, Operation
from ..ir.types import Struct
from ..source.span import Span
from .catalogue import Change, Place

__all__ = ["Places", "locate", "places"]

#: By what a thing is: `("operation", "GET /items")`, `("field", "Item", "name")`.
Places: TypeAlias = Mapping[tuple[str, ...], Span]


def places(api: Api, classes: Mapping[str, str]) -> dict[tuple[str, ...], Span]:
    """The place of everything that has a name in the output.

    Args:
        api: What the documents mean.
        classes: Class name by the key of a declaration.
    """
    found: dict[tuple[str, ...], Span] = {("client",): api.span}
    for credential in api.credentials:
        found.setdefault(("credentials",), credential.span)
        found["argument", _loose(credential.wish.raw)] = credential.span
    for variable in api.variables:
        found["argument", _loose(variable.wire.raw)] = variable.span
    for resource in api.resources:
        for wish in (resource.wire, resource.given):
            if wish is not None:
                found["resource", _loose(wish.raw)] = resource.span
        for operation in resource.operations:
            found.update(_operation(operation))
    for key, declaration in api.declarations.items():
        class_ = classes.get(key)
        if class_ is None:
            continue
        name = str(class_)
        found["model", name] = declaration.span
        if isinstance(declaration, Struct):
            found.update((("field", name, f.wire.raw), f.span) for f in declaration.fields)
        else:
            found["member", name] = declaration.span
    return found


def _operation(operation: Operation) -> Iterator[tuple[tuple[str, ...], Span]]:
    key = operation.key
    yield ("operation", key), operation.span
    for param in operation.params:
        for name in (param.wire, param.given):
            if name is not None:
                yield ("parameter", key, _loose(name.raw)), param.span
                # Of two places with one name, the second has its place in its own.
                yield ("parameter", key, _loose(f"{name.raw}{param.place}")), param.span
    if operation.body is not None:
        yield ("parameter", key, "body"), operation.body.span
    for outcome in (*operation.successes, *operation.failures):
        yield ("status", key, outcome.status), outcome.span


def locate(change: Change, old: Places, new: Places) -> Change:
    """A change with its place: in the new documents, or in the old for what is gone."""
    for subject in _subjects(change.subject):
        for side, known in (("new", new), ("old", old)):
            if (span := known.get(subject)) is not None:
                return replace(change, place=Place(span.file, span.line, span.column, side))
    return change


def _subjects(subject: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """From the very thing to what it stands in."""
    head = subject[0]
    if head in ("argument", "resource"):
        yield (head, _loose(subject[1]))
        yield ("client",)
    elif head == "parameter":
        yield (head, subject[1], _loose(subject[2]))
        yield ("operation", subject[1])
    else:
        yield subject
        if head == "member":
            yield ("member", subject[1])
        elif head in ("status", "credentials"):
            yield ("operation", subject[1]) if head == "status" else ("client",)
        elif head == "field":
            yield ("model", subject[1])


def _loose(name: str) -> str:
    """A name of the documents and the Python name made of it, alike."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())
