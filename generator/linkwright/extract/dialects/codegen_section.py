"""The section of one operation on API pages of openapi-generator and swagger-codegen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..facts import Api, Operation, Place, Property, Scheme, Status
from ..pages import Block, Parsed, Row, links, plain
from ..shapes import read_shape
from .base import column, fields, is_anchor, meaningful, prose
from .codegen_notes import Hint, hints, read_notes
from .codegen_schemes import configured, scheme_hints, scheme_titles
from .codegen_typed import is_typed_section, read_typed_section

__all__ = ["Entry", "Section", "from_index", "heading_of"]

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


@dataclass(slots=True)
class Entry:
    """A row of the index."""

    name: str
    method: str
    path: str
    summary: str
    has_summary: bool
    line: int


def heading_of(block: Block) -> str:
    """The name in the heading of a section; PHP writes it as a call."""
    return plain(block.text).removesuffix("()")


def from_index(
    page: Parsed, tag: str, entry: Entry | None, name: str = "", line: int = 0
) -> Operation:
    """An operation with what a row of the index tells about it; without a row, only its name."""
    place = Place(page.page.name, line or (entry.line if entry else 0))
    operation = Operation(place, entry.name if entry else name, tag)
    operation.documented("operationId", "section")
    if tag:
        operation.tags.append(tag)
        operation.documented("tags", "title", 1)
    if entry and entry.method:
        operation.method, operation.path = entry.method, entry.path
        operation.documented("method", "index", entry.line)
        operation.documented("path", "index", entry.line)
    if entry and entry.summary:
        operation.summary = entry.summary
        operation.documented("summary", "index", entry.line)
    return operation


@dataclass(slots=True)
class Section:
    """The section of one operation."""

    page: Parsed
    api: Api
    tag: str
    entry: Entry | None
    blocks: Sequence[Block]

    def read(self) -> Operation:
        """The operation; the page keeps count of the lines that were understood."""
        heading = self.blocks[0]
        operation = from_index(self.page, self.tag, self.entry, heading_of(heading), heading.line)
        operation.name = heading_of(heading)
        operation.anchor = operation.name
        self.page.use("section", heading.line, heading.end)
        if is_typed_section(self.blocks):
            self._typed(operation)
        parts = self._parts()
        self._prose(operation, parts.pop("prose"))
        known: dict[str, Hint] = {}
        for block in parts.get("example", ()):
            if block.kind == "code":
                self.page.use("example", block.line, block.end)
                known = known or hints(block.text)
                scheme_hints(block.text, Place(self.page.page.name, block.line), self.api)
            else:
                scheme_titles(self.page, block, self.api)
        self._parameters(operation, parts, known)
        self._returns(operation, parts.get("returns", ()))
        self._security(operation, parts.get("security", ()))
        self._headers(operation, parts.get("headers", ()))
        self._statuses(operation, parts.get("statuses", ()))
        return operation

    def _typed(self, operation: Operation) -> None:
        """Leave what stands between the example and the authorization to the form that has it."""
        titles = [plain(b.text).lower() if b.kind == "heading" else "" for b in self.blocks]
        start = titles.index("parameters") if "parameters" in titles else len(titles)
        end = titles.index("authorization") if "authorization" in titles else len(titles)
        read_typed_section(self.page, operation, self.blocks[start:end])
        self.blocks = [*self.blocks[:start], *self.blocks[end:]]

    def _parts(self) -> dict[str, list[Block]]:
        """Blocks by section; `prose` is what stands before the first one."""
        parts: dict[str, list[Block]] = {"prose": []}
        current = "prose"
        for block in self.blocks[1:]:
            name = plain(block.text).rstrip(":").lower() if block.kind == "heading" else ""
            if block.kind == "heading" and name in _SECTIONS:
                current = _SECTIONS[name]
                self.page.use(f"heading-{current}", block.line, block.end)
                parts.setdefault(current, [])
            elif block.kind == "heading" and current != "prose":
                # Variants of the call in one language; they say nothing new about the API.
                current = "variant"
                self.page.ignore("variant-of-the-call", block.line, block.end)
            elif current == "variant":
                self.page.ignore("variant-of-the-call", block.line, block.end)
            elif "[[Back to" in block.text or is_anchor(block):
                self.page.ignore("navigation", block.line, block.end)
            else:
                parts.setdefault(current, []).append(block)
        return parts

    def _prose(self, operation: Operation, blocks: Sequence[Block]) -> None:
        rest = list(blocks)
        start = self.blocks[0].end
        if rest and rest[0].kind in ("quote", "code"):
            signature = rest.pop(0)
            self.page.use("signature", signature.line, signature.end)
            start = signature.end
        if rest and rest[0].kind == "heading" and plain(rest[0].text).lower().startswith("uri(s)"):
            rest = self._servers(operation, rest)
        if not rest:
            return
        first = rest[0]
        text = prose(first.text)
        told = self.entry is not None and self.entry.has_summary
        # Without a column for it, the summary is what follows the signature at once; where it is
        # empty, the template leaves its blank line.
        if (told and _same(text, operation.summary)) or (not told and first.line <= start + 1):
            rest.pop(0)
            self.page.use("summary", first.line, first.end)
            if not operation.summary:
                operation.summary = text
                operation.documented("summary", "section", first.line)
        if rest:
            line, end = rest[0].line, rest[-1].end
            self.page.use("description", line, end)
            operation.description = prose(self.page.between(line, end))
            operation.documented("description", "section", line)

    def _servers(self, operation: Operation, rest: list[Block]) -> list[Block]:
        """PHP lists the servers of an operation that has its own."""
        self.page.use("heading-servers", rest[0].line, rest[0].end)
        blocks = rest[1:]
        while blocks and blocks[0].kind == "list":
            block = blocks.pop(0)
            self.page.use("servers", block.line, block.end)
            for row in block.rows:
                url = plain(row.cells[0]).split(" ")[0]
                if re.match(r"https?://|/", url):
                    operation.servers.append(url.split("\n")[0])
        return blocks

    def _parameters(
        self, operation: Operation, parts: dict[str, list[Block]], known: dict[str, Hint]
    ) -> None:
        found = False
        for part in ("path", "required", "parameters", "optional"):
            for block in parts.get(part, ()):
                if block.kind == "table" and column(block.header, "name") is not None:
                    found = True
                    self.page.use("parameter-table", block.line, block.end)
                    bold = any("**" in row.cells[0] for row in block.rows[1:])
                    for row in block.rows[1:]:
                        self._row(operation, block.header, row, part, known, bold=bold)
                elif block.kind == "paragraph":
                    self.page.use("no-parameters", block.line, block.end)
        # Go leaves `[optional]` out of its tables and says it in the comments of the example.
        if found and "path" in parts:
            for parameter in operation.parameters:
                hint = known.get(parameter.name)
                if parameter.location != "path" and hint is not None:
                    parameter.required = not hint.optional
                    parameter.documented("required", "example-comment")
                elif parameter.location != "path":
                    parameter.required = False
                    parameter.inferred("required", "builder-argument")

    def _row(
        self,
        operation: Operation,
        header: Sequence[str],
        row: Row,
        part: str,
        known: dict[str, Hint],
        *,
        bold: bool,
    ) -> None:
        cells = fields(header, row, "type", "description")
        name = plain(cells.get("name", ""))
        kind = cells.get("type", "")
        if len(row.cells) == 1 and operation.parameters and "**" not in row.cells[0]:
            # A description with a line break in it.
            last = operation.parameters[-1]
            last.description = prose(f"{last.description} {name}")
            return
        extra = bold and "**" not in cells.get("name", "")
        if not name or extra or any(word in kind for word in _PLUMBING_TYPES):
            self.page.used.pop(row.line, None)
            self.page.ignore("sdk-plumbing", row.line)
            return
        notes = read_notes(f"{cells.get('required', '')} {cells.get('notes', '')}")
        parameter = Property(Place(self.page.page.name, row.line), name, read_shape(kind))
        parameter.description = meaningful(prose(cells.get("description", "")))
        parameter.required = not (
            notes.optional or part == "optional" or kind.strip().startswith("Option<")
        )
        parameter.default, parameter.enum = notes.default, notes.enum
        parameter.deprecated = "~~" in cells.get("name", "")
        for fact in ("name", "type", "required"):
            parameter.documented(fact, "parameter-row")
        for fact, there in (
            ("description", parameter.description),
            ("default", parameter.default is not None),
            ("enum", parameter.enum),
        ):
            if there:
                parameter.documented(fact, "parameter-row")
        hint = known.get(name)
        if hint is not None:
            parameter.example = hint.value
            if parameter.default is None and hint.default is not None:
                parameter.default = hint.default
                parameter.documented("default", "example-comment")
        if part == "path":
            parameter.location = "path"
            parameter.documented("in", "path-table")
        self.page.use("parameter-row", row.line)
        operation.parameters.append(parameter)

    def _returns(self, operation: Operation, blocks: Sequence[Block]) -> None:
        for block in blocks[:1]:
            self.page.use("return-type", block.line, block.end)
            operation.returns = read_shape(block.text.split("\n")[0])
            operation.documented("returns", "return-type", block.line)

    def _security(self, operation: Operation, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self.page.use("authorization", block.line, block.end)
            place = Place(self.page.page.name, block.line)
            names = [plain(label) for label, target in links(block.text) if "#" in target]
            names += configured(block.text, place, self.api)
            operation.security = list(dict.fromkeys((operation.security or []) + names))
            operation.documented("security", "authorization", block.line)
            for name in names:
                self.api.schemes.setdefault(name, Scheme(place, name))

    def _headers(self, operation: Operation, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if block.kind != "list":
                continue
            self.page.use("request-headers", block.line, block.end)
            for row in block.rows:
                name, _, value = plain(row.cells[0]).partition(":")
                types = tuple(dict.fromkeys(t.strip() for t in value.split(",") if "/" in t))
                if name.strip().lower() == "content-type":
                    operation.consumes = types
                    operation.documented("consumes", "request-headers", row.line)
                elif name.strip().lower() == "accept":
                    operation.produces = types
                    operation.documented("produces", "request-headers", row.line)

    def _statuses(self, operation: Operation, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if block.kind != "table" or column(block.header, "status code") is None:
                continue
            self.page.use("status-table", block.line, block.end)
            for row in block.rows[1:]:
                cells = fields(block.header, row, "", "description")
                code = plain(cells.get("status code", "")).upper()
                if not re.fullmatch(r"[1-5](?:\d\d|XX)|0|DEFAULT", code):
                    continue
                status = Status(Place(self.page.page.name, row.line), code)
                if code in ("0", "DEFAULT"):
                    status.code = "default"
                status.description = meaningful(prose(cells.get("description", "")))
                status.documented("status", "status-row")
                operation.statuses.append(status)


def _same(text: str, other: str) -> bool:
    return " ".join(plain(text).split()) == " ".join(plain(other).split())
