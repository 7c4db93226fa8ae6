"""Reading of a provider's file: how it fills a facade."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, cast

from ..diagnostics import Collector
from ..source.document import Document
from ..source.span import Span
from ..source.text import SpecText
from .cursor import Cursor
from .definition import read_fields
from .model import (
    Branch,
    Call,
    Errors,
    EventMapping,
    Guard,
    GuardUse,
    Level,
    Loop,
    OperationMapping,
    ProviderMapping,
    ResourceMapping,
    Setting,
    Signed,
    TypeName,
    WaitMapping,
    Webhooks,
)
from .syntax import Hook, Path
from .values import read_hook, read_path, read_value

__all__ = ["read_provider"]

_LEVELS = ("native", "emulated", "partial", "unsupported")
_HOLE = re.compile(r"\{([^{}]*)\}")
_PLACES: Mapping[str, Literal["path", "url", "body"]] = {
    "path": "path",
    "url": "url",
    "body": "body",
}
_WAY = ("guard", "steps", "guard_after", "result")


def read_provider(document: Document, out: Collector) -> ProviderMapping:
    """A mapping. Mistakes are left in `out` as E501."""
    root = Cursor(document.root, out)
    root.only(
        *("provider", "hooks", "settings", "optional", "guards", "resources", "errors"),
        *("operations", "webhooks"),
    )
    hooks, settings, optional, guards, webhooks = map(
        root.get, ("hooks", "settings", "optional", "guards", "webhooks")
    )
    return ProviderMapping(
        provider=root.need("provider").name("a provider"),
        hooks=hooks.text().raw if hooks else None,
        settings=(
            tuple(
                Setting(
                    n, TypeName(c.need("type").text(), c.span), c.need("description").text(), c.span
                )
                for n, c in settings.named("a setting")
            )
            if settings
            else ()
        ),
        optional={n: c.text() for n, c in optional.entries()} if optional else {},
        guards=tuple(_guard(n, c) for n, c in guards.named("a guard")) if guards else (),
        resources=tuple(
            _resource(n, c) for n, c in root.need("resources").named("a resource", upper=True)
        ),
        errors=_errors(root.need("errors")),
        operations=tuple(
            _operation(n, c) for n, c in root.need("operations").named("an operation")
        ),
        webhooks=_webhooks(webhooks) if webhooks else None,
        span=root.span,
    )


def _guard(name: str, cursor: Cursor) -> Guard:
    cursor.only("argument", "call", "with", "equals", "remember")
    remember = cursor.get("remember")
    return Guard(
        name,
        cursor.need("argument").name("an argument"),
        _call("known", cursor),
        read_value(cursor.need("equals")),
        remember.flag() if remember else False,
        cursor.span,
    )


def _resource(name: str, cursor: Cursor) -> ResourceMapping:
    cursor.only("from", "context", "fields")
    context = cursor.get("context")
    fields = cursor.need("fields")
    return ResourceMapping(
        name,
        tuple((item.text(), item.span) for item in cursor.need("from").items()),
        read_fields(context) if context else (),
        {key: read_value(item) for key, item in fields.entries()},
        fields.keys(),
        cursor.span,
    )


def _errors(cursor: Cursor) -> Errors:
    cursor.only("body", "code", "message", "request_id", "retry_at", "statuses", "codes")
    statuses, codes = cursor.get("statuses"), cursor.get("codes")

    def path(key: str) -> Path | None:
        found = cursor.get(key)
        return read_path(found) if found else None

    return Errors(
        cursor.need("body").text(),
        path("code"),
        path("message"),
        path("request_id"),
        path("retry_at"),
        (
            tuple(
                (int(key), item.name("an error", upper=True), item.span)
                for key, item in statuses.entries()
                if key.isdecimal()
            )
            if statuses
            else ()
        ),
        (
            tuple(
                (key, tuple((i.text(), i.span) for i in item.items()), codes.keys()[key])
                for key, item in codes.entries()
            )
            if codes
            else ()
        ),
        cursor.span,
    )


def _call(name: str, cursor: Cursor) -> Call:
    parameters, body = cursor.get("with"), cursor.get("body")
    key, loop = cursor.get("idempotency_key"), cursor.get("for")
    return Call(
        name,
        cursor.need("call", "name an operation of the provider: `call: listThings`").text(),
        {n: read_value(c) for n, c in parameters.entries()} if parameters else {},
        parameters.keys() if parameters else {},
        read_value(body) if body else None,
        read_path(key) if key else None,
        (loop.name("a variable"), read_value(cursor.need("in"))) if loop else None,
        cursor.span,
    )


def _use(cursor: Cursor) -> GuardUse:
    if not cursor.is_map:
        return GuardUse(cursor.name("a guard"), {}, cursor.span)
    cursor.only("use", "with")
    names = {n: c.name("an argument") for n, c in cursor.need("with").entries()}
    return GuardUse(cursor.need("use").name("a guard"), names, cursor.span)


def _branch(cursor: Cursor) -> Branch:
    when, guard, steps, after, result = map(
        cursor.get, ("when", "guard", "steps", "guard_after", "result")
    )
    condition: Path | None = None
    if when is not None:
        for key, item in when.entries():
            condition = Path((SpecText(key),), item.span)
            if not item.is_null:
                item.bad("only `null` can be asked for here", "when: {connection_id: null}")
    calls: list[Call] = []
    for name, item in steps.named("a step") if steps else ():
        item.only("call", "with", "body", "idempotency_key", "for", "in")
        calls.append(_call(name, item))
    return Branch(
        condition,
        _use(guard) if guard else None,
        tuple(calls),
        (
            (after.need("argument").name("an argument"), read_value(after.need("equals")))
            if after
            else None
        ),
        read_value(result) if result else None,
        cursor.span,
    )


def _operation(name: str, cursor: Cursor) -> OperationMapping:
    cursor.only(
        *("level", "reason", "alternative", "paging", "data", "refuses", "same_as", "loop"),
        *("choose", "pace", "grace", *_WAY),
    )
    level = cast("Level", cursor.need("level", "level: native").choice(*_LEVELS))
    reason, alternative, paging, data, refuses, same_as, loop, choose, pace = map(
        cursor.get,
        ("reason", "alternative", "paging", "data", "refuses", "same_as", "loop", "choose", "pace"),
    )
    if level != "native" and reason is None:
        cursor.bad(
            f"{name} is {level}, but it does not say why", "reason: What is missing, and why."
        )
    if level == "unsupported" and alternative is None:
        cursor.bad(
            f"{name} is unsupported, but it does not say what is nearest", "alternative: get"
        )
    branches = tuple(map(_branch, choose.items())) if choose else ()
    if not branches and any(cursor.get(key) for key in _WAY):
        branches = (_branch(cursor),)
    return OperationMapping(
        name,
        level,
        reason.text() if reason else None,
        alternative.name("an operation") if alternative else None,
        paging.text() if paging else None,
        data.text() if data else None,
        {n: c.text() for n, c in refuses.entries()} if refuses else {},
        refuses.keys() if refuses else {},
        same_as.name("an operation") if same_as else None,
        _loop(loop) if loop else None,
        branches,
        _pace(pace, cursor.get("grace")) if pace else None,
        cursor.span,
    )


def _loop(cursor: Cursor) -> Loop:
    cursor.only("over", "do", "skip")
    skip = cursor.get("skip")
    return Loop(
        cursor.need("over").name("an operation"),
        cursor.need("do").name("an operation"),
        read_hook(skip) if skip else None,
        cursor.span,
    )


def _pace(cursor: Cursor, grace: Cursor | None) -> WaitMapping:
    cursor.only("first", "factor", "longest")
    return WaitMapping(
        cursor.need("first").number(),
        cursor.need("factor").number(),
        cursor.need("longest").number(),
        grace.number() if grace else None,
        cursor.span,
    )


def _webhooks(cursor: Cursor) -> Webhooks:
    cursor.only("algorithm", "secret", "signed", "signature", "time", "event", "types", "refine")
    signature = cursor.need("signature")
    signature.only("header", "prefix", "separator")
    prefix, separator = signature.get("prefix"), signature.get("separator")
    refine = cursor.get("refine")
    event = cursor.need("event")
    event.only("id", "native_type", "connection_id", "owner_id", "occurred_at", "connection")
    return Webhooks(
        Signed(
            cast(
                'Literal["hmac-sha256", "rsa-sha256"]',
                cursor.need("algorithm").choice("hmac-sha256", "rsa-sha256"),
            ),
            cast(
                'Literal["text", "whsec", "pem"]',
                cursor.need("secret").choice("text", "whsec", "pem"),
            ),
            _signed(cursor.need("signed")),
            signature.need("header").text(),
            prefix.text() if prefix else SpecText(""),
            separator.text() if separator else None,
            _time(cursor.need("time")),
            cursor.span,
        ),
        _event(event),
        _types(cursor.need("types")),
        {key: _types(item) for key, item in refine.entries()} if refine else {},
        cursor.span,
    )


def _signed(
    cursor: Cursor,
) -> tuple[tuple[Literal["text", "header", "path", "url", "body"], SpecText], ...]:
    parts: list[tuple[Literal["text", "header", "path", "url", "body"], SpecText]] = []
    for index, piece in enumerate(_HOLE.split(cursor.text().raw)):
        kind, _, name = piece.partition(":")
        if index % 2 == 0:
            if piece:
                parts.append(("text", SpecText(piece)))
        elif kind == "header" and name:
            parts.append(("header", SpecText(name)))
        elif not name and (place := _PLACES.get(kind)) is not None:
            parts.append((place, SpecText("")))
        else:
            cursor.bad("only {path}, {url}, {body} and {header:Name} can be signed")
    if not any(kind == "body" for kind, _ in parts):
        cursor.bad("the body is not signed", "put {body} into it")
    return tuple(parts)


def _time(cursor: Cursor) -> tuple[Literal["header", "body"], SpecText]:
    cursor.only("header", "body")
    header = cursor.get("header")
    if header is not None:
        return "header", header.text()
    return "body", cursor.need("body").text()


def _event(cursor: Cursor) -> EventMapping:
    def place(key: str) -> Path | Hook | None:
        found = cursor.get(key)
        if found is None:
            return None
        return read_hook(found) if found.is_map else read_path(found)

    id_, occurred, resource = map(cursor.get, ("id", "occurred_at", "connection"))
    native_type = place("native_type")
    if native_type is None:
        native_type = read_path(cursor.need("native_type"))
    parsed: tuple[Path, str, Mapping[str, Path]] | None = None
    if resource is not None:
        context = {k: read_path(c) for k, c in resource.entries() if k not in ("at", "to")}
        to = resource.need("to").name("a resource", upper=True)
        parsed = (read_path(resource.need("at")), to, context)
    return EventMapping(
        native_type,
        id_.need("header").text() if id_ else None,
        place("connection_id"),
        place("owner_id"),
        read_path(occurred) if occurred else None,
        parsed,
        cursor.span,
    )


def _types(cursor: Cursor) -> Mapping[str, tuple[str, Span]]:
    return {key: (item.text().raw, item.span) for key, item in cursor.entries()}
