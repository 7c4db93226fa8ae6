"""SDK pages of Speakeasy: a list of operations, and a section per operation."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..examples import call_of, credentials_of, keywords, result_of
from ..facts import Api, Operation, Place, Property, Scheme, Status
from ..pages import Block, Parsed, Row, links, plain
from ..shapes import Nothing, read_shape, words_of
from .base import fields, last_name, meaningful, prose, title_of

__all__ = ["field_row", "list_of", "read_operations", "required_mark"]

_PLUMBING_TYPES = frozenset({"retryconfig", "requestoptions", "requestinit"})
_PLUMBING_NAMES = frozenset(
    "retries ctx opts options serverurl httpheaders timeoutms retryconfig acceptheaderoverride".split()
)
_SNIPPET = re.compile(r"<!--\s*UsageSnippet\s(.*?)-->", re.S)
_DEPRECATED = re.compile(r"^\s*:\s?warning:\s?\*\*\s?DEPRECATED\s?\*\*[^\n]*\n*")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def list_of(page: Parsed) -> int | None:
    """Where the heading above the list of operations is."""
    for at, block in enumerate(page.blocks):
        if block.kind == "heading" and plain(block.text).lower() == "available operations":
            return at
    return None


def required_mark(cell: str) -> bool | None:
    """The tick or the dash of a Required column."""
    if "check_mark" in cell:
        return True
    return False if "minus_sign" in cell else None


def read_operations(page: Parsed, api: Api) -> None:
    """Add the operations of a page."""
    start = list_of(page)
    assert start is not None
    title = title_of(page)
    head = page.blocks[start]
    page.use("heading-operations", head.line, head.end)
    tag = plain(title.text) if title else ""
    accessor = _overview(page, page.blocks[:start], title, api)
    entries = dict[str, tuple[str, str, int]]()
    at = start + 1
    while at < len(page.blocks) and page.blocks[at].kind in ("list", "paragraph", "html"):
        block = page.blocks[at]
        for row in block.rows:
            found = links(row.cells[0])
            if found:
                label, target = found[0]
                summary = row.cells[0].split(")", 1)[1].strip().removeprefix("-")
                text = " ".join(prose(summary).split())
                entries[plain(label)] = (target.partition("#")[2], text, row.line)
                page.use("operation-list", block.line, block.end)
        at += 1
    starts = [
        n
        for n in range(at, len(page.blocks))
        if page.blocks[n].kind == "heading"
        and page.blocks[n].level == 2
        and plain(page.blocks[n].text) in entries
    ]
    waiting = dict(entries)
    for begin, end in zip(starts, [*starts, len(page.blocks)][1:], strict=True):
        name = plain(page.blocks[begin].text)
        if name not in waiting:
            continue
        entry = waiting.pop(name)
        blocks = page.blocks[begin:end]
        api.operations.append(_Section(page, api, tag, accessor, name, entry, blocks).read())
    for name, (anchor, summary, line) in waiting.items():
        operation = Operation(Place(page.page.name, line), name, tag, anchor, f"{accessor}.{name}")
        operation.tags.append(tag)
        operation.summary = summary
        operation.documented("summary", "operation-list", line)
        operation.missing("parameters", "the page has no section for this operation")
        api.operations.append(operation)


def _overview(page: Parsed, blocks: Sequence[Block], title: Block | None, api: Api) -> str:
    """The head of a page; returns how the SDK reaches this resource."""
    accessor = ""
    text: list[Block] = []
    for block in blocks:
        if block is title or block.kind == "heading":
            page.use("title", block.line, block.end)
        elif re.fullmatch(r"\(\*[\w.]+\*\)", block.text.strip()):
            accessor = block.text.strip()[2:-2]
            page.use("accessor", block.line, block.end)
        else:
            text.append(block)
    if title is not None and plain(title.text).endswith(" SDK"):
        api.title = api.title or plain(title.text).removesuffix(" SDK")
        if text and not api.description:
            api.description = prose(page.between(text[0].line, text[-1].end))
            page.use("overview", text[0].line, text[-1].end)
    for block in text:
        page.use("tag-description", block.line, block.end)
    if title is not None and text:
        api.tags.setdefault(plain(title.text), prose(page.between(text[0].line, text[-1].end)))
    return accessor


@dataclass(slots=True)
class _Section:
    """The section of one operation."""

    page: Parsed
    api: Api
    tag: str
    accessor: str
    name: str
    entry: tuple[str, str, int]
    blocks: Sequence[Block]

    def read(self) -> Operation:
        heading = self.blocks[0]
        anchor, summary, line = self.entry
        self.page.use("section", heading.line, heading.end)
        operation = Operation(Place(self.page.page.name, heading.line), self.name, self.tag, anchor)
        operation.documented("name", "section")
        operation.tags.append(self.tag)
        operation.documented("tags", "title", 1)
        operation.summary = re.sub(r":\w+:\s*\*\*Deprecated\*\*.*$", "", summary).strip()
        if operation.summary:
            operation.documented("summary", "operation-list", line)
        operation.deprecated = "~~" in heading.text
        parts = self._parts()
        self._prose(operation, parts.pop("prose"))
        self._examples(operation, parts.get("example", ()))
        for block in parts.get("parameters", ()):
            if block.kind == "table":
                self.page.use("parameter-table", block.line, block.end)
                for row in block.rows[1:]:
                    self._row(operation, block.header, row)
        operation.flattened = operation.wrapper is None
        if {"parameters", "response", "errors"} & parts.keys():
            self._response(operation, parts.get("response", ()), known="response" in parts)
        else:
            # The pages of early 2023 end with the example.
            operation.missing("parameters", "the page has no table of them")
        for block in parts.get("errors", ()):
            if block.kind == "table":
                self._errors(operation, block)
        if operation.deprecated:
            operation.documented("deprecated", "struck-through")
        return operation

    def _parts(self) -> dict[str, list[Block]]:
        """Blocks by section. A description may have headings of its own, but not our first one."""
        sections = [self._section(block) for block in self.blocks]
        first = sections.index("example") if "example" in sections else 0
        parts: dict[str, list[Block]] = {"prose": []}
        current = "prose"
        for at, block in enumerate(self.blocks[1:], 1):
            if sections[at] and at >= first:
                current = sections[at]
                if current == "variant":
                    self.page.ignore("variant-of-the-call", block.line, block.end)
                else:
                    self.page.use(f"heading-{current}", block.line, block.end)
                parts.setdefault(current, [])
            elif current == "variant":
                self.page.ignore("variant-of-the-call", block.line, block.end)
            else:
                parts.setdefault(current, []).append(block)
        return parts

    def _section(self, block: Block) -> str:
        if block.kind != "heading" or block.level != 3:
            return ""
        text = plain(block.text).lower()
        if text.startswith("example usage"):
            return "example"
        return {
            "parameters": "parameters",
            "response": "response",
            "errors": "errors",
            "standalone function": "variant",
            "react hooks and utilities": "variant",
        }.get(text, "")

    def _prose(self, operation: Operation, blocks: Sequence[Block]) -> None:
        rest = list(blocks)
        if rest and rest[0].kind == "quote" and "DEPRECATED" in rest[0].text:
            operation.deprecated = True
            self.page.use("deprecated", rest[0].line, rest[0].end)
            rest.pop(0)
        if rest:
            line, end = rest[0].line, rest[-1].end
            self.page.use("description", line, end)
            operation.description = prose(self.page.between(line, end))
            operation.documented("description", "section", line)

    def _examples(self, operation: Operation, blocks: Sequence[Block]) -> None:
        operation.call = f"{self.accessor}.{self.name}" if self.accessor else ""
        for block in blocks:
            if block.kind == "html" and (match := _SNIPPET.search(block.text)):
                self.page.use("usage-snippet", block.line, block.end)
                _snippet(operation, match[1], block.line)
            elif block.kind == "code":
                self.page.use("example", block.line, block.end)
                operation.call = operation.call or call_of(block.text, self.name)
                operation.example = operation.example or keywords(block.text, self.name)
                operation.example_result = operation.example_result or result_of(block.text)
                _credentials(block, self.page, self.api)
            else:
                self.page.ignore("example-text", block.line, block.end)
        operation.call = operation.call or self.name

    def _row(self, operation: Operation, header: Sequence[str], row: Row) -> None:
        parameter = field_row(self.page, header, row, "parameter-row")
        if parameter is None:
            return
        flat = re.sub(r"[^a-z]", "", parameter.name.lower())
        kinds = {last_name(w.name).lower() for w in words_of(parameter.shape)}
        if (
            flat in _PLUMBING_NAMES
            or parameter.name.startswith("options.")
            or kinds & _PLUMBING_TYPES
        ):
            self.page.used.pop(row.line, None)
            self.page.ignore("sdk-plumbing", row.line)
        elif flat == "security":
            operation.credentials = parameter
        elif flat == "request":
            operation.wrapper = parameter
        else:
            operation.parameters.append(parameter)

    def _response(self, operation: Operation, blocks: Sequence[Block], *, known: bool) -> None:
        for block in blocks[:1]:
            self.page.use("response", block.line, block.end)
            text = re.sub(r",\s*error\b", "", block.text)
            operation.returns = read_shape(text)
            operation.documented("returns", "response", block.line)
        if not known:
            operation.returns = Nothing()
            operation.inferred("returns", "no-response-section")

    def _errors(self, operation: Operation, table: Block) -> None:
        self.page.use("error-table", table.line, table.end)
        header = table.header
        for row in table.rows[1:]:
            cells = fields(header, row, "", "")
            kind = cells.get("error type", cells.get("error object", ""))
            media = tuple(
                m.strip() for m in plain(cells.get("content type", "")).split(",") if "/" in m
            )
            codes = re.findall(
                r"[1-5](?:\d\d|XX)(?:\s*-\s*\d{3})?", plain(cells.get("status code", ""))
            )
            if not codes or (media == ("*/*",) and all("-" in c or "X" in c for c in codes)):
                # What the SDK raises for anything it does not know.
                self.page.used.pop(row.line, None)
                self.page.ignore("sdk-catch-all", row.line)
                continue
            self.page.use("error-row", row.line)
            for code in _expand(codes):
                status = Status(Place(self.page.page.name, row.line), code, "", None, media)
                shape = read_shape(kind)
                status.shape = shape if media else None
                status.documented("status", "error-row")
                operation.statuses.append(status)


def field_row(page: Parsed, header: Sequence[str], row: Row, rule: str) -> Property | None:
    """A row of a table of parameters or fields."""
    cells = fields(header, row, "type", "description")
    name = plain(cells.get("parameter", cells.get("field", "")))
    if not name:
        return None
    kind = cells.get("type", "")
    found = Property(Place(page.page.name, row.line), name, read_shape(kind))
    found.deprecated = "~~" in cells.get("parameter", cells.get("field", ""))
    found.required = required_mark(cells.get("required", ""))
    text = re.sub(r"<br\s*/?>", "\n", cells.get("description", ""))
    bare = _DEPRECATED.sub("", text)
    found.description = meaningful(prose(bare.strip()))
    found.deprecated = found.deprecated or bare != text
    example = plain(cells.get("example", ""))
    found.example = html.unescape(example) or None
    facts = [("name", True), ("type", True), ("required", found.required is not None)]
    facts += [("description", bool(found.description)), ("example", bool(example))]
    facts += [("deprecated", found.deprecated)]
    for fact, there in facts:
        if there:
            found.documented(fact, rule)
    page.use(rule, row.line)
    return found


def _snippet(operation: Operation, attributes: str, line: int) -> None:
    found = {k: html.unescape(v) for k, v in _ATTRIBUTE.findall(attributes)}
    if found.get("operationID") and not operation.operation_id:
        operation.operation_id = found["operationID"]
        operation.documented("operationId", "usage-snippet", line)
    if found.get("method") and found.get("path") and not operation.method:
        operation.method, operation.path = found["method"].upper(), found["path"]
        operation.documented("method", "usage-snippet", line)
        operation.documented("path", "usage-snippet", line)


def _credentials(block: Block, page: Parsed, api: Api) -> None:
    """Schemes from the `security` of an example; the kind by what its example value looks like."""
    place = Place(page.page.name, block.line)
    for name, value in credentials_of(block.text).items():
        scheme = api.schemes.setdefault(name, Scheme(place, name))
        scheme.example = scheme.example or (value if isinstance(value, str) else "")
        scheme.pair = scheme.pair or isinstance(value, dict)
        if api.global_security is None:
            api.global_security = []
        if name not in api.global_security:
            api.global_security.append(name)


def _expand(codes: Sequence[str]) -> list[str]:
    """`400-402` as its codes, where it is short; a long range as its classes."""
    found: list[str] = []
    for code in codes:
        low, dash, high = (part.strip() for part in code.partition("-"))
        if not dash:
            found.append(low)
        elif int(high) - int(low) <= 20:
            found += [str(n) for n in range(int(low), int(high) + 1)]
        else:
            found += [f"{n}XX" for n in range(int(low[0]), min(int(high) // 100, 5) + 1)]
    return list(dict.fromkeys(found))
