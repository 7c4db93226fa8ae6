"""Model pages of Speakeasy: fields, values, supported types."""

from __future__ import annotations

import re

from ..facts import Api, Model, Place
from ..models import flat
from ..pages import Block, Parsed, plain
from ..shapes import Listing, Shape, Table, Word, read_shape
from .base import prose, title_of
from .speakeasy_operations import field_row

__all__ = ["is_model", "read_model"]

_ROLES = {"fields": "fields", "values": "values", "supported types": "options"}
_PLUMBING_SPACES = ("utils", "internal")


def is_model(page: Parsed) -> bool:
    """A title, and a section of fields, values or types."""
    return title_of(page) is not None and any(
        block.kind == "heading" and block.level == 2 and plain(block.text).lower() in _ROLES
        for block in page.blocks
    )


def read_model(page: Parsed, api: Api) -> None:
    """Add the model of a page."""
    title = title_of(page)
    assert title is not None
    folders = page.page.name.split("/")
    model = Model(Place(page.page.name, title.line), plain(title.text).split(".")[-1])
    model.space = folders[-2] if len(folders) > 1 else ""
    model.deprecated = "~~" in title.text
    model.documented("name", "title")
    page.use("title", title.line, title.end)
    role, begun, text = "prose", False, list[Block]()
    options: list[Shape] = []
    for block in page.blocks[page.blocks.index(title) + 1 :]:
        if block.kind == "heading" and block.level == 2:
            role = _ROLES.get(plain(block.text).lower(), "rest")
            if role == "rest" and not begun and not _is_sdk(block):
                # A heading of the description.
                role = "prose"
            elif role == "rest":
                page.ignore("sdk-code", block.line, block.end)
                continue
            else:
                begun = True
                page.use(f"heading-{role}", block.line, block.end)
                continue
        if role == "prose":
            text.append(block)
        elif role == "fields" and block.kind == "table":
            page.use("field-table", block.line, block.end)
            for row in block.rows[1:]:
                found = field_row(page, block.header, row, "field-row")
                if found is not None:
                    model.properties.append(found)
        elif role == "values":
            _values(page, model, block)
        elif role == "options" and block.kind == "heading":
            options.append(_option(block.text))
            page.use("option", block.line, block.end)
        else:
            page.ignore("sdk-code", block.line, block.end)
    model.options = tuple(dict.fromkeys(options))
    if text:
        page.use("description", text[0].line, text[-1].end)
        model.description = prose(page.between(text[0].line, text[-1].end))
        model.documented("description", "below-title", text[0].line)
    local = model.space.lower() in ("operations", "requests")
    if model.space.lower() in _PLUMBING_SPACES:
        model.plumbing = "helper of the SDK"
    elif model.name == "Security" or (local and model.name.endswith("Security")):
        model.plumbing = "credentials object of the SDK"
    elif {"rawresponse", "statuscode"} <= {flat(p.name) for p in model.properties}:
        model.plumbing = "response object of the SDK"
    elif model.name == "HTTPMetadata":
        model.plumbing = "helper of the SDK"
    elif re.fullmatch(r"(?:SDK|API)(?:Base|Validation)?(?:Error|Exception)", model.name):
        model.plumbing = "error class of the SDK"
    api.models[page.page.name] = model


def _option(heading: str) -> Shape:
    """A supported type; Go, Java and C# name lists and maps `ArrayOfX` and `MapOfX`."""
    shape = read_shape(heading)
    match = re.fullmatch(r"(ArrayOf|MapOf)(\w+)", shape.name) if isinstance(shape, Word) else None
    if match is None:
        return shape
    inner = _option(match[2])
    return Listing(inner) if match[1] == "ArrayOf" else Table(inner)


def _is_sdk(block: Block) -> bool:
    return plain(block.text).lower().startswith(("example usage", "methods", "standalone"))


def _values(page: Parsed, model: Model, block: Block) -> None:
    """A table `Name | Value`, or TypeScript's union of literals in a code block."""
    values: list[str] = []
    if block.kind == "table" and "value" in block.header:
        at = block.header.index("value")
        for row in block.rows[1:]:
            cell = row.cells[at] if at < len(row.cells) else ""
            values.append(plain(cell))
    elif block.kind == "code":
        found = re.findall(
            r"""'([^'\n]*)'|"([^"\n]*)"|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])""", block.text
        )
        values = ["".join(parts) for parts in found]
    if values:
        page.use("enum-values", block.line, block.end)
        model.enum = tuple(dict.fromkeys([*model.enum, *values]))
        model.documented("enum", "enum-values", block.line)
    else:
        page.ignore("sdk-code", block.line, block.end)
