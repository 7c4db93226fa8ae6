"""Model pages of openapi-generator and swagger-codegen: properties, enumerations, one-of lists."""

from __future__ import annotations

import html
import re

from ..facts import Api, Model, Place, Property
from ..pages import Block, Parsed, Row, links, plain
from ..shapes import Listing, Shape, Table, Word, read_shape, words_of
from .base import column, fields, is_anchor, last_name, meaningful, prose, title_of
from .codegen_notes import read_notes

__all__ = ["is_model", "read_model"]

_VALUE = re.compile(r"\(value: [`'\"]*(.*?)[`'\"]*\)\s*$", re.S)
_OPTIONS = ("oneof schemas", "anyof schemas", "oneof", "anyof")
_KEY = re.compile(r"[^a-z0-9]")


def is_model(page: Parsed) -> bool:
    """A title, and a section of properties, values or options."""
    return title_of(page) is not None and any(
        block.kind == "heading" and block.level == 2 and _role(block) for block in page.blocks
    )


def _role(block: Block) -> str:
    text = plain(block.text).lower()
    if text in ("properties", "enum", "enum variants"):
        return text.removesuffix(" variants")
    if text.startswith("enum:"):
        return "enum of"
    if text == "class instance methods":
        return "methods"
    return "options" if text in _OPTIONS else ""


def read_model(page: Parsed, api: Api) -> None:
    """Add the model of a page."""
    title = title_of(page)
    assert title is not None
    model = Model(Place(page.page.name, title.line), last_name(title.text))
    model.documented("name", "title")
    page.use("title", title.line, title.end)
    at = page.blocks.index(title)
    blocks = list(page.blocks[at + 1 :])
    role, heading = "prose", title
    text: list[Block] = []
    for position, block in enumerate(blocks):
        if block.kind == "heading" and block.level <= 2:
            role = _role(block) or "rest"
            rule = f"heading-{role.replace(' ', '-')}"
            if role == "rest":
                page.ignore("sdk-code", block.line, block.end)
            else:
                page.use(rule, block.line, block.end)
            heading = block
            continue
        if "[[Back to" in block.text or block.kind == "rule" or is_anchor(block):
            page.ignore("navigation", block.line, block.end)
        elif role == "prose":
            text.append(block)
        elif role == "properties" and block.kind == "table":
            _properties(page, model, block)
        elif role == "enum" and block.kind in ("list", "table", "code"):
            _values(page, model, block)
        elif role == "enum of" and block.kind in ("list", "table"):
            _inline_enum(page, model, plain(heading.text)[5:].strip(), block)
        elif role == "options" and block.kind in ("list", "table"):
            _options(page, model, block)
        elif role == "methods" and block.kind == "code" and _ruby_options(page, model, block):
            continue
        else:
            page.ignore("sdk-code", block.line, block.end)
            if role == "prose" and position == 0:
                text.append(block)
    if text:
        page.use("description", text[0].line, text[-1].end)
        model.description = prose(page.between(text[0].line, text[-1].end))
        model.documented("description", "below-title", text[0].line)
    api.models[page.page.name] = model


def _properties(page: Parsed, model: Model, table: Block) -> None:
    page.use("property-table", table.line, table.end)
    header = table.header
    if column(header, "name") is None:
        return
    for row in table.rows[1:]:
        cells = fields(header, row, "type", "description")
        name = plain(cells.get("name", ""))
        if name == "any string name":
            # What openapi-generator 5 for Python calls additional properties.
            found = _property(page, row, "additional_properties", cells)
            found.shape = Table(found.shape)
            model.properties.append(found)
        elif name:
            model.properties.append(_property(page, row, name, cells))
    only = model.properties[0] if len(model.properties) == 1 else None
    if only is not None and only.name == "value" and "must be one of" in str(table.rows[1].cells):
        model.enum = only.enum
        model.documented("enum", "value-row", table.rows[1].line)
        model.properties.clear()


def _property(page: Parsed, row: Row, name: str, cells: dict[str, str]) -> Property:
    kind = cells.get("type", "")
    notes = read_notes(f"{cells.get('required', '')} {cells.get('notes', '')}")
    found = Property(Place(page.page.name, row.line), name, _inline(kind))
    found.description = meaningful(prose(cells.get("description", "")))
    told = "notes" in cells or "required" in cells
    found.required = not notes.optional if told else None
    found.default, found.enum, found.read_only = notes.default, notes.enum, notes.read_only
    found.deprecated = "~~" in cells.get("name", "")
    for fact in ("name", "type", *(("required",) if told else ())):
        found.documented(fact, "property-row")
    if not told:
        found.missing("required", "the table has no column for it")
    for fact, there in (
        ("description", found.description),
        ("default", found.default is not None),
        ("enum", found.enum),
    ):
        if there:
            found.documented(fact, "property-row")
    return found


def _inline(kind: str) -> Shape:
    """Kotlin's `[**inline**](#kotlin.collections.List<X>)`: an enumeration on the same page."""
    found = links(kind)
    if len(found) == 1 and plain(found[0][0]) == "inline":
        target = html.unescape(found[0][1]).removeprefix("#")
        shape = read_shape(f"**{target}**")
        string = Word("String")
        return Listing(string) if isinstance(shape, Listing) else string
    return read_shape(kind)


def _members(block: Block) -> list[str]:
    """Values of an enumeration: bullets with `(value: "x")`, or the second column of a table."""
    values: list[str] = []
    if block.kind in ("list", "code"):
        # Kotlin indents its bullets so far that Markdown takes them for code.
        items = [row.cells[0] for row in block.rows] or re.findall(
            r"^\s*\* (.*)$", block.text, re.M
        )
        for item in items:
            text = html.unescape(item.replace("**", ""))
            match = _VALUE.search(text)
            values.append(match[1] if match else text.strip().strip("`'\" "))
        return values
    for row in block.rows[1:]:
        cells = [html.unescape(plain(cell)) for cell in row.cells]
        if len(cells) < 2:
            continue
        text = " | ".join(cells[1:]).strip()
        # Kotlin lists all values of one property in one row.
        parts = [text] if text[:1] in "'\"" else text.split(",")
        values += [part.strip().strip("'\"") for part in parts]
    return values


def _values(page: Parsed, model: Model, block: Block) -> None:
    if block.kind == "table" and column(block.header, "value") is None:
        # Rust: the variants of a one-of, by name.
        page.use("variant-table", block.line, block.end)
        names = [plain(row.cells[0]) for row in block.rows[1:] if row.cells]
        model.options = tuple(Word(last_name(n), f"{last_name(n)}.md") for n in names if n)
        return
    titles = {plain(b.text) for b in page.blocks if b.kind == "heading" and b.level == 2}
    names = [plain(row.cells[0]) for row in block.rows[1:] if row.cells]
    if block.kind == "table" and names and set(names) <= titles:
        # Rust: the variants of a discriminated one-of, each with a section of its own.
        page.use("variant-table", block.line, block.end)
        model.options = tuple(Word(n, f"{n}.md") for n in names)
        return
    page.use("enum-values", block.line, block.end)
    model.enum = tuple(dict.fromkeys([*model.enum, *_members(block)]))
    if "null" in model.enum and len(model.enum) > 1:
        # The generators list null like a string.
        model.enum = tuple(value for value in model.enum if value != "null")
        model.null = True
    model.documented("enum", "enum-values", block.line)


def _inline_enum(page: Parsed, model: Model, name: str, block: Block) -> None:
    """Values for one property, which the heading names: `StatusEnum`, `[StatusEnum]`, `grant_type`."""
    page.use("enum-values", block.line, block.end)
    values = tuple(_members(block))
    wanted = _KEY.sub("", read_name(name).lower())
    for found in model.properties:
        own = _KEY.sub("", found.name.lower())
        linked = {_KEY.sub("", w.name.lower()) for w in words_of(found.shape)}
        if own == wanted or f"{own}enum" == wanted or wanted in linked:
            found.enum = values
            found.documented("enum", "enum-values", block.line)
            if not name.endswith(("Enum", "]", ">")) and own == wanted:
                # Kotlin heads the table with the name on the wire.
                found.wire = name
                found.documented("wire", "enum-heading", block.line)
            if wanted in linked:
                found.shape = _enum_shape(found.shape, wanted)
            return
    # An enumeration inside of a property that has a type of its own: kept as what it is.
    page.used = {k: v for k, v in page.used.items() if not block.line <= k < block.end}
    page.ignore("enum-without-property", block.line, block.end)


def read_name(heading: str) -> str:
    """`[StatusEnum]` and `List<StatusEnum>` name StatusEnum."""
    return re.findall(r"[\w.$]+", heading)[-1] if re.search(r"\w", heading) else heading


def _enum_shape(shape: Shape, wanted: str) -> Shape:
    """The type of a property whose named type turned out to be its inline enumeration."""
    match shape:
        case Word(name) if _KEY.sub("", name.lower()) == wanted:
            return Word("String")
        case Listing(items):
            return Listing(_enum_shape(items, wanted))
        case _:
            return shape


def _options(page: Parsed, model: Model, block: Block) -> None:
    page.use("options", block.line, block.end)
    cells = [row.cells[0] for row in (block.rows if block.kind == "list" else block.rows[1:])]
    model.options = tuple(read_shape(cell) for cell in cells if cell)


def _ruby_options(page: Parsed, model: Model, block: Block) -> bool:
    """`X.openapi_one_of` and the list it gives, in a comment."""
    if not re.search(r"\.openapi_(?:one|any)_of\s*$", block.text, re.M):
        return False
    names = re.findall(r"^#\s+:'?([\w:]+)'?,?\s*$", block.text, re.M)
    page.use("options", block.line, block.end)
    model.options = tuple(Word(n, f"{n}.md") for n in names)
    return True
