"""Reading of OAuth 2 flows: where tokens are given, as far as secrets may be sent there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..source.text import SpecText
from .cursor import Cursor, Source, join
from .security_model import FlowsForm, SchemeKind

__all__ = ["flows_form"]

_FLOWS = ("clientCredentials", "authorizationCode", "password", "implicit", "deviceAuthorization")
#: A URL or a path in ASCII: no spaces, no backslash, no query, no `{variables}`, no user.
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/%!$&'()*+,;=\[\]-]+")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def flows_form(source: Source, cursor: Cursor, kind: SchemeKind) -> FlowsForm | None:
    """Read `flows`. None where no flow says where a client without browser gets tokens."""
    node = cursor.node.entries.get("flows")
    if kind != "oauth2" or node is None:
        return None
    flows = source.cursor(node, join(cursor.pointer, "flows"), "oauth flows")
    flows.account()
    token_url: SpecText | None = None
    refresh_url: SpecText | None = None
    for name in _FLOWS:
        inner = flows.node.entries.get(name)
        if inner is None:
            continue
        flow = source.cursor(inner, join(flows.pointer, name), "oauth flow")
        flow.account()
        given, renewed = _address(source, flow, "tokenUrl"), _address(source, flow, "refreshUrl")
        if name == "clientCredentials":
            token_url = given
            # RFC 6749, 4.4.3: this grant gives no refresh token.
        else:
            refresh_url = refresh_url or renewed or given
    if token_url is None and refresh_url is None:
        return None
    return FlowsForm(token_url, refresh_url)


def _address(source: Source, flow: Cursor, key: str) -> SpecText | None:
    text = flow.text(key)
    if text is None:
        return None
    if _takes_secrets(text.raw):
        return text
    source.out.add(
        "W204",
        f"{key} {text.shown!r} is neither https nor a path of the API; no secret is sent there",
        flow.node.entries[key].span,
        help="the client takes a token, or what gets one, such as `auth.ClientCredentials`",
    )
    return None


def _takes_secrets(address: str) -> bool:
    if not _ADDRESS.fullmatch(address) or address.startswith("//"):
        return False
    try:
        parts = urlsplit(address)
        if parts.scheme == "http":
            return parts.hostname in _THIS_MACHINE
        return not parts.scheme or (parts.scheme == "https" and bool(parts.hostname))
    except ValueError:
        return False
