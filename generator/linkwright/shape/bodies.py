"""The dictionary forms of request bodies."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping

from ..ir.api import Api
from ..ir.types import (
    Declaration,
    Field,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Struct,
    TupleOf,
    Type,
    UnionOf,
)
from .annotations import Annotations
from .imports import names_in
from .layout import WIDTH
from .literals import Code, docstring, string, string_of
from .model_views import (
    BodyView,
)

__all__ = ["bodies"]


def bodies(api: Api, classes: Mapping[str, Code], annotations: Annotations) -> tuple[BodyView, ...]:
    """The dictionary form of every struct that a request body reaches."""
    reached: set[str] = set()
    wanted = [
        media.type
        for resource in api.resources
        for operation in resource.operations
        if operation.body
        for media in operation.body.media
    ]
    while wanted:
        for key in _named(wanted.pop()):
            declaration = api.declarations[key]
            if key not in reached and isinstance(declaration, Struct):
                reached.add(key)
                wanted.extend(field.type for field in declaration.fields)
    ordered = sorted(reached, key=lambda k: f"{classes[k]}Dict")
    return tuple(_body(api.declarations[k], classes[k], annotations) for k in ordered)


def _named(type_: Type) -> Iterator[str]:
    match type_:
        case Named(key):
            yield key
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            yield from _named(inner)
        case UnionOf(parts) | TupleOf(parts):
            for part in parts:
                yield from _named(part)
        case _:
            return


def _body(struct: Declaration, name: Code, annotations: Annotations) -> BodyView:
    assert isinstance(struct, Struct)
    items = tuple(annotations.item(field.type) for field in struct.fields)
    hidden = names_in(items) | {"NotRequired"}
    functional = not all(_is_key(f.wire.raw, hidden) for f in struct.fields)
    line = _functional_line if functional else _class_line
    lines = [f"`{name}` as a plain dictionary, with the names of the wire."]
    if struct.extra is not None:
        lines += ["", "Further keys are allowed; a type checker takes them in any other mapping."]
    return BodyView(
        Code(f"{name}Dict"),
        docstring(lines, 4),
        tuple(line(f, item) for f, item in zip(struct.fields, items, strict=True)),
        items,
        functional,
    )


def _functional_line(field: Field, item: Code) -> Code:
    # A string, since it is evaluated at import and may name what comes later.
    type_ = string_of(item)
    return Code(f"{string(field.wire)}: " + (type_ if field.required else f"NotRequired[{type_}]"))


def _class_line(field: Field, item: Code) -> Code:
    line = f"{field.wire.raw}: {item if field.required else f'NotRequired[{item}]'}"
    if field.required or 4 + len(line) <= WIDTH:
        return Code(line)
    return Code(f"{field.wire.raw}: NotRequired[\n        {item}\n    ]")


def _is_key(name: str, hidden: frozenset[str]) -> bool:
    """Whether a wire name can be an attribute of a class, unchanged, and hides nothing there."""
    return (
        len(name) <= WIDTH
        and name not in hidden
        and name.isidentifier()
        and name.isascii()
        and not keyword.iskeyword(name)
        and not name.startswith("__")
    )
