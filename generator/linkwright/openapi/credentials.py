"""Extensions of security schemes: how credentials are got, refused and made."""

from __future__ import annotations

import re

from ..source.document import Map
from ..source.text import SpecText, SpecValue
from .cursor import Cursor, Source, join, plain
from .security_model import ExpiredForm, SchemeKind, SignatureForm, TokenForm

__all__ = ["expired_forms", "signature_form", "token_form"]

#: What RFC 9110 lets a header name be.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIGNED_PART = re.compile(r"\{(expires|method|url|body)\}")


def _extension(
    source: Source, cursor: Cursor, keyword: str, kind: str, allowed: bool
) -> Cursor | None:
    node = cursor.node.entries.get(keyword)
    if node is None:
        return None
    if not allowed:
        source.out.add(
            "E202", f"{keyword} has no meaning for this kind of scheme", cursor.node.keys[keyword]
        )
        return None
    found = source.cursor(node, join(cursor.pointer, keyword), kind)
    found.account()
    return found


def token_form(source: Source, cursor: Cursor, kind: SchemeKind) -> TokenForm | None:
    """Read `x-linkwright-token`."""
    form = _extension(
        source, cursor, "x-linkwright-token", "token source", kind not in ("apiKey", "basic")
    )
    if form is None:
        return None
    for key in ("parameters", "body"):
        node = form.node.entries.get(key)
        if node is not None and not isinstance(plain(node), dict):
            source.out.add("E202", f"{key} must be a mapping", node.span)
    return TokenForm(
        operation=form.need_text("operation"),
        parameters=form.value("parameters") or SpecValue({}),
        body=form.value("body"),
        inputs=form.texts("inputs"),
        token=form.text("token") or SpecText("access_token"),
        expires=form.text("expires") or SpecText("expires_in"),
        span=form.span,
    )


def expired_forms(
    source: Source, cursor: Cursor, kind: SchemeKind
) -> tuple[ExpiredForm, ...] | None:
    """Read `x-linkwright-expired`."""
    keyword = "x-linkwright-expired"
    if keyword not in cursor:
        return None
    if kind in ("apiKey", "basic"):
        source.out.add(
            "E202", f"{keyword} has no meaning for this kind of scheme", cursor.node.keys[keyword]
        )
    found: list[ExpiredForm] = []
    for node, pointer in cursor.items(keyword):
        path: tuple[SpecText, ...] = ()
        value = SpecText("")
        status = plain(node)
        if isinstance(node, Map):
            form = source.cursor(node, pointer, "expired answer")
            form.account()
            status = plain(form.need("status"))
            parts = (form.string("path") or "").split("/")[1:]
            path = tuple(SpecText(p.replace("~1", "/").replace("~0", "~")) for p in parts)
            value = form.text("value") or SpecText("")
        if type(status) is not int or not 400 <= status <= 499:
            source.out.add("E202", "the status of a refusal is from 400 to 499", node.span)
        else:
            found.append(ExpiredForm(status, path, value))
    return tuple(found)


def signature_form(
    source: Source, cursor: Cursor, kind: SchemeKind, place: str | None
) -> SignatureForm | None:
    """Read `x-linkwright-signature`."""
    allowed = kind == "apiKey" and place == "header"
    form = _extension(source, cursor, "x-linkwright-signature", "signature form", allowed)
    if form is None:
        return None
    expires, text = form.need_text("expires"), form.need_text("text")
    if not _TOKEN.fullmatch(expires.raw):
        source.out.add("E202", f"{expires.shown!r} cannot be the name of a header", form.span)
    if {"{", "}"} & set(_SIGNED_PART.sub("", text.raw)):
        source.out.add(
            "E202",
            "only {expires}, {method}, {url} and {body} can be signed",
            form.need("text").span,
        )
    return SignatureForm(expires, int(form.seconds("lifetime") or 60), text)
