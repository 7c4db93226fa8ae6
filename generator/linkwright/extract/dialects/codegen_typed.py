"""What openapi-generator's `python` 6.0 to 6.2 has of its own: a section per schema, wire names.

An operation takes `query_params`, `path_params`, `header_params`, `cookie_params` and `body`, each
with a section that names what is in it and a schema below for each name. Schemas look the same
there and on model pages: `## Model Type Info`, `### Dictionary Keys`, `### Tuple Items`.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..facts import Api, Model, Operation, Place, Property, Status
from ..pages import Block, Parsed, links, plain
from ..shapes import (
    Anything,
    Choice,
    Listing,
    Nothing,
    Nullable,
    OneOf,
    Shape,
    Table,
    Word,
    read_shape,
)
from .base import column, fields, last_name, meaningful, prose, title_of
from .codegen_notes import Notes, read_notes

__all__ = ["is_typed_model", "is_typed_section", "read_typed_model", "read_typed_section"]

_RESPONSES = "return types, responses"
_PLACES = {
    "query_params": "query",
    "path_params": "path",
    "header_params": "header",
    "cookie_params": "cookie",
}
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
#: Content types behind the names of classes, which have lost their punctuation.
_MEDIA = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
    "application/xml",
    "text/plain",
)


@dataclass(slots=True)
class _Schema:
    """One schema, as far as its section says."""

    name: str
    at: int
    shape: Shape = field(default_factory=Anything)
    description: str = ""
    notes: Notes = field(default_factory=Notes)
    properties: list[Property] = field(default_factory=list[Property])
    options: tuple[Shape, ...] = ()
    line: int = 0


def is_typed_section(blocks: Sequence[Block]) -> bool:
    """Whether an operation is laid out in this form."""
    return any(b.kind == "heading" and plain(b.text).lower() == _RESPONSES for b in blocks)


def is_typed_model(page: Parsed) -> bool:
    """A title, and a table with what a schema takes and what it gives."""
    return title_of(page) is not None and any(
        b.kind == "table" and {"input type", "accessed type"} <= set(b.header) for b in page.blocks
    )


def read_typed_model(page: Parsed, api: Api) -> None:
    """Add the model of a page; the sections behind the first are the types of its properties."""
    title = title_of(page)
    assert title is not None
    schemas = _Schemas(page, page.blocks[page.blocks.index(title) :])
    own = schemas.found[0]
    model = Model(Place(page.page.name, title.line), last_name(title.text))
    model.documented("name", "title")
    page.use("title", title.line, title.end)
    model.description, model.properties = own.description, own.properties
    if own.description:
        model.documented("description", "below-title", own.line or title.line)
    for found in model.properties:
        found.shape = schemas.resolved(found.shape, own.at)
    model.options = tuple(schemas.resolved(option, own.at) for option in own.options)
    if own.notes.enum:
        model.enum = own.notes.enum
        model.null = isinstance(own.shape, Nullable)
        model.documented("enum", "model-type-info", own.line)
    elif not model.properties and not model.options:
        shape = schemas.resolved(own.shape, own.at)
        if not isinstance(shape, Anything) and shape != _OBJECT:
            model.options = (shape,)
    api.models[page.page.name] = model


def read_typed_section(page: Parsed, operation: Operation, blocks: Sequence[Block]) -> None:
    """Add what stands between the example of an operation and its authorization."""
    parts: dict[str, list[Block]] = {"": []}
    current = ""
    for block in blocks:
        name = plain(block.text).lower() if block.kind == "heading" else ""
        if block.level == 3 and (name in _PLACES or name in ("parameters", "body", _RESPONSES)):
            current = name
            page.use(f"heading-{name.split(' ')[0].replace('_', '-')}", block.line, block.end)
            parts.setdefault(current, [])
        else:
            parts[current].append(block)
    arguments = _arguments(page, operation, parts.get("parameters", ()))
    for name, location in _PLACES.items():
        if name in parts:
            _place(page, operation, location, parts[name])
    if "body" in parts:
        _body(page, operation, parts["body"], required="Unset" not in arguments.get("body", ""))
    _statuses(page, operation, parts.get(_RESPONSES, ()))


def _arguments(page: Parsed, operation: Operation, blocks: Sequence[Block]) -> dict[str, str]:
    """The arguments of the call by name; what they say about the API is the content types."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.kind != "table":
            page.use("no-parameters", block.line, block.end)
            continue
        page.ignore("sdk-plumbing", block.line, block.end)
        for row in block.rows[1:]:
            cells = fields(block.header, row, "type", "notes")
            name = plain(cells.get("name", ""))
            found[name] = cells.get("type", "")
            text = html.unescape(cells.get("description", ""))
            media = tuple(dict.fromkeys(re.findall(r"'([^'\s]+/[^']+)'", text)))
            if name == "accept_content_types" and media:
                page.use("accept-content-types", row.line)
                operation.produces = media
                operation.documented("produces", "accept-content-types", row.line)
            elif name == "content_type" and media:
                page.use("content-type", row.line)
                operation.consumes = media
                operation.documented("consumes", "content-type", row.line)
            elif name == "body":
                page.use("body-argument", row.line)
    return found


def _place(page: Parsed, operation: Operation, location: str, blocks: Sequence[Block]) -> None:
    """`#### RequestQueryParams`, the table of names, and a schema for each."""
    at = next((i for i, b in enumerate(blocks) if column(b.header, "name") is not None), None)
    if at is None:
        return
    table = blocks[at]
    for block in blocks[:at]:
        page.use("heading-params", block.line, block.end)
    page.use("parameter-table", table.line, table.end)
    schemas = _Schemas(page, blocks[at + 1 :])
    for row in table.rows[1:]:
        cells = fields(table.header, row, "type", "description")
        name = plain(cells.get("name", ""))
        if not name:
            continue
        found = Property(Place(page.page.name, row.line), name)
        found.wire, found.location = name, location
        found.required = "optional" not in cells.get("notes", "")
        own = schemas.named(plain(cells.get("type", "")))
        found.shape = read_shape(cells.get("type", "")) if own is None else Anything()
        if own is not None:
            found.shape = schemas.resolved(own.shape, own.at)
            found.description, found.default = own.description, own.notes.default
            found.enum = own.notes.enum
        for fact in ("name", "wire", "in", "type", "required"):
            found.documented(fact, "parameter-row")
        for fact in ("description", "default", "enum"):
            if own is not None and getattr(found, fact):
                found.documented(fact, "schema-section", own.line)
        operation.parameters.append(found)


def _body(page: Parsed, operation: Operation, blocks: Sequence[Block], *, required: bool) -> None:
    """A schema per content type; they are the same but for their names."""
    schemas = _Schemas(page, blocks)
    bodies = [s for s in schemas.found if s.name.startswith("SchemaForRequestBody")]
    shown = [m for s in bodies for m in _media(s.name)]
    operation.consumes = tuple(dict.fromkeys([*operation.consumes, *shown]))
    if not bodies:
        return
    own = bodies[0]
    if own.properties:
        form = any(
            m.startswith(("multipart/", "application/x-www-form")) for m in operation.consumes[:1]
        )
        for found in own.properties:
            found.shape = schemas.resolved(found.shape, own.at)
            found.location = "form" if form else "body"
            found.documented("in", "body-section", own.line)
        (operation.parameters if form else operation.body_fields).extend(own.properties)
        return
    body = Property(Place(page.page.name, own.line), "body", schemas.resolved(own.shape, own.at))
    body.location, body.required = "body", required
    for fact in ("name", "in", "type", "required"):
        body.documented(fact, "body-section")
    operation.body = body


def _media(names: str) -> list[str]:
    """The content types in the names of schemas: `SchemaFor200ResponseBodyApplicationJson`."""
    found = {name.lower() for name in re.findall(r"Body(\w+)", names)}
    return [media for media in _MEDIA if re.sub(r"\W", "", media) in found]


def _statuses(page: Parsed, operation: Operation, blocks: Sequence[Block]) -> None:
    """The table of codes, and a section per response with the name of its schema."""
    bodies: dict[str, str] = {}
    current = ""
    for block in blocks:
        if block.kind == "heading":
            match = re.search(r"ApiResponseFor(\w+)$", plain(block.text))
            current = match[1].lower() if match else current
        elif block.kind == "table" and column(block.header, "name") is not None:
            page.use("response-table", block.line, block.end)
            for row in block.rows[1:]:
                if plain(row.cells[0]) == "body" and len(row.cells) > 1:
                    bodies[current] = row.cells[1]
    schemas = _Schemas(page, [b for b in blocks if "code" not in b.header])
    for block in blocks:
        if block.kind != "table" or column(block.header, "code") is None:
            continue
        page.use("status-table", block.line, block.end)
        for row in block.rows[1:]:
            cells = fields(block.header, row, "", "description")
            code = plain(cells.get("code", ""))
            if not re.fullmatch(r"[1-5](?:\d\d|XX)|default", code, re.I):
                page.used.pop(row.line, None)
                page.ignore("sdk-plumbing", row.line)
                continue
            default = code.lower() == "default"
            status = Status(Place(page.page.name, row.line), "default" if default else code.upper())
            status.description = meaningful(prose(cells.get("description", "")))
            status.documented("status", "status-row")
            kind = bodies.get(code.lower(), "")
            status.shape = _response(schemas, kind)
            if status.shape is not None:
                media = tuple(_media(kind)) or operation.produces
                status.media = media or ("application/json",)
            if status.code.startswith("2") and operation.returns is None:
                operation.returns = status.shape or Nothing()
                operation.success = status.code
                operation.documented("returns", "response-section", row.line)
            operation.statuses.append(status)


def _response(schemas: _Schemas, kind: str) -> Shape | None:
    """The schema that the body of a response names; `Unset` means that it has none."""
    for name in re.findall(r"\w+", kind.replace("typing.Union", "")):
        own = schemas.named(name)
        if own is not None:
            schemas.pass_over(own)
            return schemas.resolved(own.shape, own.at)
    return None


class _Schemas:
    """The schemas of a run of blocks, in order."""

    def __init__(self, page: Parsed, blocks: Sequence[Block]) -> None:
        self.found: list[_Schema] = []
        self._named: dict[str, list[_Schema]] = {}
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
                self.found.append(_Schema(name, at, line=block.line))
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

    def _table(self, own: _Schema, table: Block, mode: str) -> None:
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
    def _key(own: _Schema, place: Place, cells: dict[str, str], notes: Notes, shape: Shape) -> None:
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

    def named(self, name: str, after: int = -1) -> _Schema | None:
        """The first schema of a name behind a place; names repeat, as `items` does."""
        same = self._named.get(name, [])
        at = bisect_right(same, after, key=lambda schema: schema.at)
        return same[at] if at < len(same) else None

    def pass_over(self, own: _Schema) -> None:
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
