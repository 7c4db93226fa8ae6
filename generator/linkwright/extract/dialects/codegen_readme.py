"""READMEs of openapi-generator and swagger-codegen SDKs: security schemes, and the base URL."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Api, Place, Scheme
from ..pages import Block, Parsed, plain
from .base import column, prose, title_of

__all__ = ["is_readme", "read_readme"]

_HEADINGS = ("documentation for authorization", "authorization")
#: OAuth flows by their names in OpenAPI 2, which the generators still print.
_FLOWS = {
    "application": "clientCredentials",
    "accesscode": "authorizationCode",
    "implicit": "implicit",
    "password": "password",
    "clientcredentials": "clientCredentials",
    "authorizationcode": "authorizationCode",
}


def is_readme(page: Parsed) -> bool:
    """An index over all classes, or the section on authorization."""
    return any(
        (block.kind == "table" and {"class", "method", "http request"} <= set(block.header))
        or (block.kind == "heading" and block.level <= 2 and plain(block.text).lower() in _HEADINGS)
        for block in page.blocks
    )


def read_readme(page: Parsed, api: Api) -> None:
    """Add the security schemes of a README."""
    title = title_of(page)
    if title is not None and not api.title:
        api.title = plain(title.text)
        page.use("title", title.line, title.end)
    inside = 0
    scheme: Scheme | None = None
    for at, block in enumerate(page.blocks):
        if block.kind == "heading":
            text = plain(block.text)
            if block.level <= 2 and text.lower() in _HEADINGS:
                inside, scheme = block.level, None
                page.use("heading-authorization", block.line, block.end)
                continue
            if inside and block.level <= inside and not _describes(page.blocks[at + 1 : at + 2]):
                inside = 0
            if inside:
                name = text
                scheme = api.schemes.setdefault(
                    name, Scheme(Place(page.page.name, block.line), name)
                )
                page.use("scheme", block.line, block.end)
                continue
        if inside and scheme is not None and block.kind == "list":
            _details(page, scheme, block)
        elif block.kind == "table" and column(block.header, "http request") is not None:
            page.ignore("index-repeated", block.line, block.end)
    page.ignore("readme-text", 1, len(page.lines) + 1)


def _describes(blocks: Sequence[Block]) -> bool:
    """Whether a list tells the type of a scheme; older READMEs put schemes on any level."""
    return any(b.kind == "list" and re.match(r"\W*Type\W", b.text) for b in blocks)


def _details(page: Parsed, scheme: Scheme, block: Block) -> None:
    found = dict[str, str]()
    for row in block.rows:
        head, *rest = row.cells[0].split("\n")
        name, colon, value = plain(head).partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
        for line in rest:
            item = re.match(r"\s+[-*]\s+([^\s:]+(?::[^\s:]+)*)\s*:\s*(.*)$", line)
            if name.strip().lower() == "scopes" and item:
                scheme.scopes[plain(item[1])] = prose(item[2])
    kind = found.get("type", "").lower()
    if not kind:
        return
    page.use("scheme", block.line, block.end)
    place = Place(page.page.name, block.line)
    scheme.documented("kind", "readme-scheme", place)
    if "key" in kind:
        scheme.kind = "apiKey"
        scheme.key = found.get("api key parameter name", scheme.key)
        scheme.documented("key", "readme-scheme", place)
        where = found.get("location", "").lower()
        scheme.location = (
            "query" if "query" in where else "cookie" if "cookie" in where else "header"
        )
        scheme.documented("in", "readme-scheme", place)
    elif "oauth" in kind:
        scheme.kind = "oauth2"
        scheme.flow = _FLOWS.get(found.get("flow", "").lower().replace("_", ""), "")
        scheme.url = found.get("authorization url", "")
    elif "basic" in kind:
        scheme.kind, scheme.scheme = "http", "basic"
    elif "bearer" in kind:
        scheme.kind, scheme.scheme = "http", "bearer"
    elif "openid" in kind:
        scheme.kind = "openIdConnect"
    else:
        scheme.missing("kind", f"the README calls it {kind[:40]!r}")
