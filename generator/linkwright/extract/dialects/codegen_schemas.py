"""Schemas of openapi-generator's `python` 6.0 to 6.2: sections that look the same on model and operation pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..facts import Place, Property
from ..pages import Block, Parsed, links, plain
from ..shapes import (
    Anything,
    Choice,
    Listing,
    Nullable,
    OneOf,
    Shape,
    Table,
    Word,
    read_shape,
)
from .base import column, fields, meaningful, prose
from .codegen_notes import Notes, read_notes

__all__ = ["Schema", "Schemas"]

#: Headings inside of a schema; any other heading begins one.
_INSIDE = {
    "model type info": "type",
    "dictionary keys": "keys",
    "tuple items": "items",
    "composed schemas (allof/anyof/oneof/not)": "",
    "oneof": "options",
    "anyof": "options",
    "allof": "all",
    "not": "",
}
#: Extra properties, of any name.
_EXTRA = "any_string_name"
_ANYTHING = {"dict", "list", "str"}
_LIMITS = re.compile(r"\bvalue must (?:be|conform) .*$", re.S)
#: What the notes add to a type.
_NOTED = (
    ("32 bit integer", "int32"),
    ("64 bit integer", "int64"),
    ("32 bit float", "float32"),
    ("64 bit float", "float64"),
    ("date-time", "datetime"),
    ("full-date", "date"),
    ("must be a uuid", "uuid"),
)
_WORDS = (
    ({"io.FileIO", "io.BufferedReader", "bytes"}, "bytes"),
    ({"bool"}, "bool"),
    ({"float"}, "number"),
    ({"int"}, "int"),
    ({"decimal.Decimal"}, "number"),
    ({"datetime"}, "datetime"),
    ({"date"}, "date"),
    ({"uuid.UUID"}, "uuid"),
    ({"str"}, "str"),
)


@dataclass(slots=True)
class Schema:
    """One schema, as far as its section says."""

    name: str
    at: int
    shape: Shape = field(default_factory=Anything)
    description: str = ""
    notes: Notes = field(default_factory=Notes)
    properties: list[Property] = field(default_factory=list[Property])
    options: tuple[Shape, ...] = ()
    line: int = 0


class Schemas:
    """The schemas of a run of blocks, in order."""

    def __init__(self, page: Parsed, blocks: Sequence[Block]) -> None:
        self.found: list[Schema] = []
        self._named: dict[str, list[Schema]] = {}
        self._page = page
        mode = ""
        for at, block in enumerate(blocks):
            name = plain(block.text) if block.kind == "heading" else ""
            if block.kind == "heading":
                page.use("schema-section", block.line, block.end)
                if name.lower() in _INSIDE:
                    mode = _INSIDE[name.lower()]
                    continue
                mode = ""
                self.found.append(Schema(name, at, line=block.line))
                self._named.setdefault(name, []).append(self.found[-1])
            elif self.found and block.kind == "table":
                self._table(self.found[-1], block, mode)
            elif block.kind == "paragraph" and "[[Back to" in block.text:
                page.ignore("navigation", block.line, block.end)
            elif self.found and not mode and block.kind in ("paragraph", "list", "quote"):
                page.use("schema-text", block.line, block.end)
                text = prose(page.between(block.line, block.end))
                own = self.found[-1]
                own.description = f"{own.description}\n\n{text}".strip()

    def _table(self, own: Schema, table: Block, mode: str) -> None:
        header = table.header
        kind = "input type" if column(header, "input type") is not None else "type"
        if column(header, kind) is None or column(header, "name") is not None:
            return
        self._page.use(f"schema-{mode or 'type'}", table.line, table.end)
        for row in table.rows[1:]:
            cells = fields(header, row, "", "description")
            # What limits a value stands behind the default, without anything between.
            notes = read_notes(_LIMITS.sub("", cells.get("notes", "")))
            shape = (
                read_shape(cells[kind]) if kind == "type" else _shape(cells[kind], cells["notes"])
            )
            name = cells.get("key", cells.get("class name", ""))
            local = [target[1:] for _, target in links(name) if target.startswith("#")]
            if local:
                shape = Word(local[0], f"#{local[0]}")
            elif links(name):
                shape = read_shape(name)
            if mode == "keys":
                self._key(own, Place(self._page.page.name, row.line), cells, notes, shape)
            elif mode == "items":
                own.shape = Listing(shape)
            elif mode == "options":
                own.options = (*own.options, shape)
            elif mode == "all":
                own.options = (shape,) if len(table.rows) == 2 else ()
            else:
                own.shape, own.notes = shape, notes
                text = prose(cells.get("description", ""))
                own.description = own.description or meaningful(text)
        if mode == "options" and len(own.options) > 1:
            own.shape = OneOf(own.options)

    @staticmethod
    def _key(own: Schema, place: Place, cells: dict[str, str], notes: Notes, shape: Shape) -> None:
        name = plain(cells.get("key", ""))
        if name == _EXTRA:
            # Printed for every object; it tells something only where the values have a type.
            if not isinstance(shape, Anything) and not own.properties:
                own.shape = Table(shape)
            return
        found = Property(place, name, shape)
        found.wire = name
        found.description = meaningful(prose(cells.get("description", "")))
        found.required = not notes.optional
        found.default, found.enum = notes.default, notes.enum
        for fact in ("name", "wire", "type", "required"):
            found.documented(fact, "key-row")
        for fact in ("description", "default", "enum"):
            if getattr(found, fact):
                found.documented(fact, "key-row")
        own.properties.append(found)

    def named(self, name: str, after: int = -1) -> Schema | None:
        """The first schema of a name behind a place; names repeat, as `items` does."""
        same = self._named.get(name, [])
        at = bisect_right(same, after, key=lambda schema: schema.at)
        return same[at] if at < len(same) else None

    def pass_over(self, own: Schema) -> None:
        """Say that the keys of an object without a name are not read: it stays an open one."""
        for found in own.properties:
            self._page.used.pop(found.place.line, None)
            self._page.ignore("key-of-a-nested-object", found.place.line)

    def resolved(self, shape: Shape, at: int, depth: int = 0) -> Shape:
        """A shape with the links to sections of the page replaced by what stands there."""
        match shape:
            case Word(name, target) if target.startswith("#"):
                own = self.named(name, at)
                if own is None or depth > 8:
                    return Anything()
                self.pass_over(own)
                if own.notes.enum:
                    return Choice(own.notes.enum)
                return self.resolved(own.shape, own.at, depth + 1)
            case Listing(items):
                return Listing(self.resolved(items, at, depth))
            case Table(values):
                return Table(self.resolved(values, at, depth))
            case Nullable(inner, null):
                return Nullable(self.resolved(inner, at, depth), null)
            case OneOf(options):
                return OneOf(tuple(self.resolved(o, at, depth) for o in options))
            case _:
                return shape


_OBJECT = Word("object")


def _shape(cell: str, notes: str) -> Shape:
    """`None, decimal.Decimal, int,`: all that Python takes for one type."""
    if links(cell):
        return read_shape(re.sub(r"\{\{\w+\}\}", "", cell))
    words = {word for word in re.split(r"[,\s]+", cell) if word}
    if words >= _ANYTHING:
        return Anything()
    shape = _word(words, notes)
    return Nullable(shape, null=True) if "None" in words else shape


def _word(words: set[str], notes: str) -> Shape:
    if "list" in words:
        return Listing(Anything())
    if "dict" in words:
        return _OBJECT
    for text, name in _NOTED:
        if text in notes:
            return Word(name)
    return next((Word(name) for some, name in _WORDS if some & words), Anything())
