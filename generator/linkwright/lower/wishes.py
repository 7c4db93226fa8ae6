"""What schemas should be called: after where they stand, never after when they were met."""

from __future__ import annotations

from ..ir.types import Rank, Wish
from ..openapi.model import Operation, Schema
from ..source.text import SpecText

__all__ = [
    "input_wish",
    "last",
    "operation_id",
    "placed",
    "property_wish",
    "variant_wish",
    "wish_at",
]

_SHARED = frozenset({"parameters", "responses", "requestBodies"})
_STRUCTURAL = frozenset(
    "properties definitions $defs schema items additionalProperties content allOf oneOf anyOf".split()
)


def last(pointer: str) -> str:
    """The last part of a JSON pointer."""
    return _unescaped(pointer.rpartition("/")[2])


def operation_id(operation: Operation) -> SpecText:
    """The id of an operation; where it has none, one that spells the path and the method."""
    return operation.operation_id or SpecText(f"{operation.path.raw} {operation.method.lower()}")


def wish_at(pointer: str) -> Wish:
    """What a schema that is referred to is called: after where it stands, from its component on.

    `/components/schemas/Push/definitions/Item` is `Push Item`; a repeated beginning is dropped, so
    that `Push/definitions/PushItem` is just that. A file that is a schema gives it its name.
    """
    parts = [_unescaped(part) for part in pointer.split("/")[1:]]
    named = parts[2:3] if parts[:1] == ["components"] else _file(pointer, parts)
    inner = parts[3:] if parts[:1] == ["components"] else parts
    for part, before in zip(inner, [*parts[2:3], *inner], strict=False):
        if before == "content":
            continue  # a media type
        if part in _STRUCTURAL or part.isdecimal():
            if part == "items" and before not in ("properties", "definitions", "$defs"):
                named.append("Item")
        elif named and _folded(part).startswith(_folded(named[-1])):
            named[-1] = part
        else:
            named.append(part)
    words = tuple(SpecText(part) for part in named) or (SpecText("Schema"),)
    component = parts[:2] == ["components", "schemas"] and not inner
    if not parts:
        # A component of this name comes first.
        return Wish(words, rank=Rank.INSIDE, longer=((*words, SpecText("File")),))
    return Wish(words, rank=Rank.COMPONENT if component else Rank.INSIDE)


def _file(pointer: str, parts: list[str]) -> list[str]:
    """The name of the file that a pointer into another one begins with, if the file is a schema."""
    if pointer.startswith("/") or (
        parts and parts[0] not in _STRUCTURAL - {"definitions", "$defs"}
    ):
        return []
    name = _unescaped(pointer.partition("#")[0]).rpartition("/")[2].partition(".")[0]
    return [name] if name else []


def placed(schema: Schema, wish: Wish) -> Wish:
    """A schema that stands in a shared component is named after it, not after who uses it first."""
    parts = schema.pointer.split("/")
    shared = parts[1:2] == ["components"] and parts[2] in _SHARED
    if shared and parts[-1] == "schema":
        wish = wish_at(schema.pointer)
    if schema.name is not None:
        return Wish(wish.parts, schema.name, rank=Rank.GIVEN)
    return wish


def property_wish(wish: Wish, wire: SpecText) -> Wish:
    """The wish of a property's schema."""
    return wish.inside(wire.raw, longer=(f"{wire.raw} Property",))


def input_wish(wish: Wish) -> Wish:
    """The wish of the form that is sent, where it differs from the one that is received."""
    inside = wish.inside("Input")
    return Wish(inside.parts, longer=((*inside.parts, SpecText("Form")),))


def variant_wish(wish: Wish, schema: Schema, of: SpecText | None = None) -> Wish:
    """The wish of an unnamed variant of a union: after its title, its tag or its properties.

    Args:
        wish: Of the union.
        schema: The variant.
        of: The property that tells the variants apart.
    """
    names = [key.raw for key, _ in schema.properties]
    everything = " ".join(names) or "Variant"
    fixed = [
        child.enum[0].raw
        for key, child in schema.properties
        if child.enum and len(child.enum) == 1 and (of is None or key == of)
    ]
    if schema.title:
        name = schema.title.raw
    elif fixed and isinstance(fixed[0], str) and fixed[0]:
        name = fixed[0]
    elif names:
        name = names[0]
    else:
        kind = schema.types[0] if schema.types else ""
        name = {"array": "List", "object": "Map"}.get(kind, kind.title() or "Variant")
    return wish.inside(name, longer=(everything,))


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _folded(text: str) -> str:
    """A name without case and punctuation, for comparing beginnings."""
    return "".join(c for c in text.casefold() if c.isalnum())
