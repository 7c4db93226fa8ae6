"""What openapi-generator's `python` 6.0 to 6.2 has of its own: a section per schema, wire names.

An operation takes `query_params`, `path_params`, `header_params`, `cookie_params` and `body`, each
with a section that names what is in it and a schema below for each name. Schemas look the same
there and on model pages: `## Model Type Info`, `### Dictionary Keys`, `### Tuple Items`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from ..facts import Api, Model, Operation, Place, Property, Status
from ..pages import Block, Parsed, plain
from ..shapes import (
    Anything,
    Nothing,
    Nullable,
    Shape,
    Word,
    read_shape,
)
from .base import column, fields, last_name, meaningful, prose, title_of
from .codegen_schemas import Schemas

__all__ = ["is_typed_model", "is_typed_section", "read_typed_model", "read_typed_section"]

_RESPONSES = "return types, responses"
_PLACES = {
    "query_params": "query",
    "path_params": "path",
    "header_params": "header",
    "cookie_params": "cookie",
}
#: Content types behind the names of classes, which have lost their punctuation.
_MEDIA = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
    "application/xml",
    "text/plain",
)


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
    schemas = Schemas(page, page.blocks[page.blocks.index(title) :])
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
        if not isinstance(shape, Anything) and shape != Word("object"):
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
    schemas = Schemas(page, blocks[at + 1 :])
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
    schemas = Schemas(page, blocks)
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
    schemas = Schemas(page, [b for b in blocks if "code" not in b.header])
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


def _response(schemas: Schemas, kind: str) -> Shape | None:
    """The schema that the body of a response names; `Unset` means that it has none."""
    for name in re.findall(r"\w+", kind.replace("typing.Union", "")):
        own = schemas.named(name)
        if own is not None:
            schemas.pass_over(own)
            return schemas.resolved(own.shape, own.at)
    return None
