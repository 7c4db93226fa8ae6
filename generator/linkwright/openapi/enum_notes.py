"""What vendors say of the values of an enum, each by itself: names and descriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..source.document import Map, Node, Scalar, Seq
from ..source.text import SpecText, SpecValue
from .cursor import Cursor
from .model import Schema, ValueNote

__all__ = ["NAMES", "notes_beside", "notes_of_constants"]

#: Lists beside `enum`, as openapi-generator and NSwag have them.
NAMES = ("x-enum-varnames", "x-enumNames")
_DESCRIPTIONS = ("x-enum-descriptions", "x-enumDescriptions")
#: A longer title is a sentence about the value.
_LONGEST_NAME = 40


def notes_beside(cursor: Cursor, values: tuple[SpecValue, ...]) -> tuple[ValueNote, ...]:
    """What stands beside an `enum`; a list that does not fit its values is W201 and ignored.

    Args:
        cursor: The schema.
        values: All of its `enum`, null too.
    """
    names = _first(cursor, NAMES, values)
    descriptions = _first(cursor, _DESCRIPTIONS, values)
    if not names and not descriptions:
        return ()
    pairs = zip(
        values, names or [None] * len(values), descriptions or [None] * len(values), strict=True
    )
    return tuple(ValueNote(value, _name(name), about) for value, name, about in pairs)


def notes_of_constants(variants: Iterable[Schema]) -> Iterator[ValueNote]:
    """What a union of constants says of each: its title is its name, where it is not a sentence."""
    for variant in variants:
        if variant.notes:
            yield from variant.notes
        elif variant.enum:
            title = variant.title
            short = title is not None and len(title.raw) <= _LONGEST_NAME
            name = _name(variant.name) or (_name(title) if short else None)
            about = variant.description or (None if short else title)
            yield ValueNote(variant.enum[0], name, about)


def _name(text: SpecText | None) -> SpecText | None:
    """A text that has something of a name in it."""
    return text if text is not None and any(c.isalnum() for c in text.raw) else None


def _first(
    cursor: Cursor, keys: tuple[str, ...], values: tuple[SpecValue, ...]
) -> list[SpecText | None] | None:
    """The first of some keywords that is there and fits, as one text for each value."""
    for key in keys:
        node = cursor.node.entries.get(key)
        if node is None:
            continue
        problem, found = _texts(node, values)
        if not problem:
            return found
        cursor.source.out.add("W201", f"{key} {problem}, and is ignored", cursor.node.keys[key])
    return None


def _texts(node: Node, values: tuple[SpecValue, ...]) -> tuple[str | None, list[SpecText | None]]:
    """What is wrong with a list, or a mapping from values; and the text for each value."""
    if isinstance(node, Map):
        by_value = {key: _text(child) for key, child in node.entries.items()}
        return None, [by_value.get(str(value.raw)) for value in values]
    if not isinstance(node, Seq):
        return "is no list", []
    if len(node.items) != len(values):
        said = "entry" if len(node.items) == 1 else "entries"
        return f"has {len(node.items)} {said} for {len(values)} values", []
    return None, [_text(item) for item in node.items]


def _text(node: Node) -> SpecText | None:
    if not isinstance(node, Scalar) or isinstance(node.value, bool) or node.value is None:
        return None
    return SpecText(str(node.value)) if str(node.value).strip() else None
