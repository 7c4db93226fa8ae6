"""READMEs of Speakeasy SDKs: security schemes and servers."""

from __future__ import annotations

import re

from ..facts import Api, Place, Scheme, Server
from ..pages import Block, Parsed, plain
from .base import column, prose, title_of

__all__ = ["is_readme", "read_readme"]

_SECTIONS = (
    "available resources and operations",
    "server selection",
    "authentication",
    "sdk installation",
    "sdk example usage",
)
_SERVER = re.compile(r"""server_?url\W{1,6}(https?://[^"'\s`]+)["'`]""", re.I)


def is_readme(page: Parsed) -> bool:
    """At least two of the sections every such README has."""
    found = {
        plain(b.text).lower() for b in page.blocks if b.kind == "heading" and b.level == 2
    } & set(_SECTIONS)
    return len(found) >= 2


def read_readme(page: Parsed, api: Api) -> None:
    """Add the schemes and servers of a README."""
    title = title_of(page)
    if title is not None and not api.title:
        api.title = plain(title.text)
        page.use("title", title.line, title.end)
    section = ""
    for block in page.blocks:
        if block.kind == "heading" and block.level <= 2:
            section = plain(block.text).lower()
        elif section == "authentication" and block.kind == "table":
            _schemes(page, block, api)
        elif section == "server selection" and block.kind == "table":
            _servers(page, block, api)
        elif section == "server selection" and block.kind == "code" and not api.servers:
            match = _SERVER.search(block.text)
            if match:
                _server(page, api, match[1], "", block.line)
                page.use("server-example", block.line, block.end)
    page.ignore("readme-text", 1, len(page.lines) + 1)


def _schemes(page: Parsed, table: Block, api: Api) -> None:
    header = table.header
    if column(header, "name") is None or column(header, "scheme") is None:
        return
    page.use("scheme-table", table.line, table.end)
    for row in table.rows[1:]:
        cells = dict(zip(header, row.cells, strict=False))
        names = re.findall(r"`([^`]+)`", cells["name"]) or [plain(cells["name"])]
        kind, words = plain(cells.get("type", "")).lower(), plain(cells.get("scheme", "")).lower()
        place = Place(page.page.name, row.line)
        # User name and password are two fields of one scheme.
        name = names[0] if len(names) == 1 or "basic" not in words else "basic_auth"
        scheme = api.schemes.setdefault(name, Scheme(place, name))
        if kind == "apikey":
            scheme.kind = "apiKey"
        elif kind == "oauth2" or "oauth" in words:
            scheme.kind = "oauth2"
            scheme.flow = "clientCredentials" if "client credentials" in words else ""
        elif kind == "openidconnect":
            scheme.kind = "openIdConnect"
        elif kind == "http":
            scheme.kind = "http"
            scheme.scheme = "basic" if "basic" in words else "bearer"
        else:
            scheme.missing("kind", f"the README calls it {kind[:40]!r}")
            continue
        scheme.documented("kind", "scheme-table", place)
        api.global_security = list(dict.fromkeys([*(api.global_security or []), name]))


def _servers(page: Parsed, table: Block, api: Api) -> None:
    at = column(table.header, "server")
    if at is None:
        return
    page.use("server-table", table.line, table.end)
    about = column(table.header, "description")
    for row in table.rows[1:]:
        url = plain(row.cells[at]) if at < len(row.cells) else ""
        if re.match(r"(?:https?:/)?/", url):
            text = row.cells[about] if about is not None and about < len(row.cells) else ""
            _server(page, api, url, prose(text), row.line)


def _server(page: Parsed, api: Api, url: str, text: str, line: int) -> None:
    server = Server(Place(page.page.name, line), url, text)
    server.documented("url", "server-selection")
    api.servers.setdefault(url, server)
