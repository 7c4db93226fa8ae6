"""API pages of openapi-generator and swagger-codegen: an index table, and a section per operation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Api, Place, Server
from ..pages import Block, Parsed, plain
from .base import column, is_anchor, last_name, prose, title_of
from .codegen_section import Entry, Section, from_index, heading_of

__all__ = ["index_of", "read_operations"]

#: What the target languages add to the arguments of every call.
_PLUMBING_TYPES = ("context.Context", "http.Response", "CancellationToken", "RequestInit")
_SECTIONS = {
    "example": "example",
    "examples": "example",
    "example usage": "example",
    "parameters": "parameters",
    "path parameters": "path",
    "other parameters": "parameters",
    "required parameters": "required",
    "optional parameters": "optional",
    "return type": "returns",
    "authorization": "security",
    "http request headers": "headers",
    "http response details": "statuses",
}
_VARIANT = re.compile(r"(?:_with_http_info|WithHttpInfo)$")
_REQUEST = re.compile(r"\*\*\s*([A-Za-z]+)\s*\*\*\s*(\S.*)?$")

_BASE_URL = re.compile(
    r"All \w+ are relative to (?:\*([^*\s]+)\*|(\S+?)(?:[,;]|\.?$|\s))|[^*]*\*(https?://[^*\s]+)\*\s*$"
)


def index_of(page: Parsed) -> Block | None:
    """The table that lists methods and paths."""
    for block in page.blocks:
        if block.kind == "table" and column(block.header, "http request") is not None:
            return block
    return None


def read_operations(page: Parsed, api: Api) -> None:
    """Add the operations of a page."""
    title = title_of(page)
    tag = re.sub(r"(?<=.)a(?:pi|PI)$|(?<=.)A(?:pi|PI)$", "", last_name(title.text)) if title else ""
    if title:
        page.use("title", title.line, title.end)
    index = index_of(page)
    entries = _entries(page, index) if index else []
    _head(page, api, title, tag, index)
    for block in page.blocks:
        if is_anchor(block):
            page.ignore("navigation", block.line, block.end)
    known = {entry.name.lower() for entry in entries}
    starts = [
        at
        for at, block in enumerate(page.blocks)
        if block is not title
        and block.kind == "heading"
        and block.level <= 2
        and (heading_of(block).lower() in known or _has_signature(page.blocks, at))
    ]
    variants = _variants(entries)
    waiting = [entry for entry in entries if entry.name not in variants]
    for start, end in zip(starts, [*starts, len(page.blocks)][1:], strict=True):
        blocks = page.blocks[start:end]
        name = heading_of(blocks[0])
        if name in variants:
            page.ignore("variant-of-the-call", blocks[0].line, blocks[-1].end)
            continue
        entry = next((e for e in waiting if e.name.lower() == name.lower()), None)
        if entry in waiting:
            waiting.remove(entry)
        api.operations.append(Section(page, api, tag, entry, blocks).read())
    for entry in waiting:
        operation = from_index(page, tag, entry)
        operation.missing("parameters", "the page has no section for this operation")
        api.operations.append(operation)


def _variants(entries: Sequence[Entry]) -> set[str]:
    """Second calls for one operation, as Java's `addBoatWithHttpInfo` beside `addBoat`."""
    places = {(entry.name, entry.method, entry.path) for entry in entries}
    return {
        entry.name
        for entry in entries
        if (_VARIANT.sub("", entry.name), entry.method, entry.path) in places
        and _VARIANT.search(entry.name)
    }


def _has_signature(blocks: Sequence[Block], at: int) -> bool:
    return at + 1 < len(blocks) and blocks[at + 1].kind == "quote" and "(" in blocks[at + 1].text


def _entries(page: Parsed, index: Block) -> list[Entry]:
    header = index.header
    request = column(header, "http request")
    summary = column(header, "description")
    method = column(header, "method")
    assert request is not None
    page.use("index", index.line, index.end)
    found: list[Entry] = []
    for row in index.rows[1:]:
        match = _REQUEST.match(row.cells[request]) if request < len(row.cells) else None
        name = plain(row.cells[method or 0]).removesuffix("()")
        if match is None and found and len(row.cells) == 1:
            # A summary with a line break in it.
            found[-1].summary = prose(f"{found[-1].summary} {name}")
            continue
        if not name:
            continue
        text = " | ".join(row.cells[summary:]) if summary is not None else ""
        found.append(
            Entry(
                name,
                match[1].upper() if match else "",
                plain(match[2] or "") if match else "",
                prose(text),
                summary is not None,
                row.line,
            )
        )
    return found


def _head(page: Parsed, api: Api, title: Block | None, tag: str, index: Block | None) -> None:
    """What stands above the index: the base URL, and what the tag is about."""
    end = page.blocks.index(index) if index else len(page.blocks)
    text: list[Block] = []
    for block in page.blocks[:end]:
        match = _BASE_URL.match(block.text) if block.kind == "paragraph" else None
        if match:
            page.use("base-url", block.line, block.end)
            url = plain(match[1] or match[2] or match[3])
            server = Server(Place(page.page.name, block.line), url)
            server.documented("url", "base-url")
            api.servers.setdefault(url, server)
            break
        if block is not title and block.kind in ("paragraph", "list") and not is_anchor(block):
            text.append(block)
    if text and tag and index:
        page.use("tag-description", text[0].line, text[-1].end)
        api.tags.setdefault(tag, prose(page.between(text[0].line, text[-1].end)))
