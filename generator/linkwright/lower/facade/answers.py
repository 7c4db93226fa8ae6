"""Error answers and webhooks: what is read off plain JSON."""

from __future__ import annotations

from ...ir.facade import Event, Facade, Rules, Signing, WebhookRules
from ...ir.types import Enumeration, ListOf, Named, Struct, Type, UnionOf
from ...mapping.model import Errors, ProviderMapping, Webhooks
from ...mapping.syntax import Hook, Path
from ...source.span import Span
from ...source.text import SpecText, shown
from .fitting import bare
from .world import World, near, texts

__all__ = ["lower_errors", "lower_webhooks"]


def lower_errors(errors: Errors, facade: Facade, world: World) -> Rules:
    """How error answers become errors of the facade. Every known code must have a kind."""
    body = world.declaration(errors.body, errors.span)
    known = [e.name for e in facade.errors]

    def walk(path: Path | None) -> tuple[tuple[SpecText, ...], Type | None]:
        if path is None or body is None:
            return (), None
        return path.parts, _walk(world, Named(body.key), path)

    code, code_type = walk(errors.code)
    statuses = {s: e.name for e in facade.errors for s in e.statuses}
    for status, name, span in errors.statuses:
        _check(world, name, known, span)
        statuses[status] = name
    codes: list[tuple[SpecText, str]] = []
    for name, values, span in errors.codes:
        _check(world, name, known, span)
        codes += [(value, name) for value, _ in values]
    inner = bare(code_type) if code_type is not None else None
    enum = world.api.declarations.get(inner.key) if isinstance(inner, Named) else None
    if isinstance(enum, Enumeration):
        for _, values, _ in errors.codes:
            for value, span in values:
                world.value(enum, value, span)
        named = {value for value, _ in codes}
        for value in texts(enum):
            if value not in named:
                world.bad(
                    "E504",
                    f"no kind of error is given for the code {value.shown!r}",
                    errors.span,
                    help=f"codes: {{ServerError: [{value.shown}]}}",
                    there=(enum.span, f"{world.title(enum.key)} has it"),
                )
    return Rules(
        code,
        walk(errors.message)[0],
        walk(errors.request_id)[0],
        walk(errors.retry_at)[0],
        tuple(sorted(statuses.items())),
        tuple(codes),
    )


def _check(world: World, name: str, known: list[str], span: Span) -> None:
    if name not in known:
        world.out.add(
            "E502", f"the facade has no error {shown(name)!r}", span, help=near(name, known)
        )


def _walk(world: World, type_: Type, path: Path) -> Type | None:
    """The type a path into JSON leads to; digits are places in lists."""
    current: Type = type_
    for part in path.parts:
        inner = bare(current)
        if isinstance(inner, ListOf) and part.raw.isdecimal():
            current = inner.item
            continue
        if isinstance(inner, UnionOf):
            inner = next((v for v in inner.variants if isinstance(v, Named)), inner)
        struct = world.api.declarations.get(inner.key) if isinstance(inner, Named) else None
        if not isinstance(struct, Struct):
            world.bad("E502", f"nothing stands at {part.shown!r}", path.span)
            return None
        found = world.property(struct, part, path.span)
        if found is None:
            return None
        current = found.type
    return current


def lower_webhooks(
    webhooks: Webhooks, mapping: ProviderMapping, facade: Facade, world: World
) -> WebhookRules:
    """How webhooks are verified and read. Their bodies are not in the provider's document."""
    types = next((e for e in facade.enums if e.name == "EventType"), None)
    if types is None:
        world.out.add(
            "E504",
            "the facade has no enumeration EventType, so webhooks cannot be read",
            webhooks.span,
            help="add one to facade.yaml",
        )
    values = [v.raw for v, _ in types.values] if types else []
    status = next((e for e in facade.enums if e.name == f"{facade.resource}Status"), None)

    def known(name: str, span: Span) -> SpecText:
        if types is not None and name not in values:
            world.out.add(
                "E502", f"EventType has no value {shown(name)!r}", span, help=near(name, values)
            )
        return SpecText(name)

    states = [v.raw for v, _ in status.values] if status else []
    for table in webhooks.refine.values():
        for state, (_, span) in table.items():
            if state not in states:
                world.out.add(
                    "E502", f"{facade.resource}Status has no value {shown(state)!r}", span,
                    help=near(state, states),
                )  # fmt: skip
    event = webhooks.event
    signed = webhooks.signed
    if event.resource is not None and event.resource[1] not in {r.name for r in mapping.resources}:
        world.out.add("E502", f"{shown(event.resource[1])} is not mapped here", event.span)

    def place(given: Path | Hook | None) -> tuple[SpecText, ...] | str | None:
        if isinstance(given, Hook):
            if mapping.hooks is None:
                world.out.add(
                    "E504", "no file of hooks is named", given.span, help="hooks: hooks.py"
                )
            return given.name.raw
        return given.parts if given else None

    return WebhookRules(
        Signing(
            signed.algorithm,
            signed.secret,
            signed.parts,
            signed.header,
            signed.prefix,
            signed.separator,
            signed.time,
        ),
        Event(
            place(event.native_type) or (),
            event.id,
            place(event.connection_id),
            place(event.owner_id),
            event.occurred_at.parts if event.occurred_at else None,
            event.resource[0].parts if event.resource else None,
            event.resource[1] if event.resource else None,
            tuple((n, p.parts) for n, p in event.resource[2].items()) if event.resource else (),
        ),
        tuple((SpecText(n), known(v, s)) for n, (v, s) in webhooks.types.items()),
        tuple(
            (known(n, webhooks.span), tuple((SpecText(s), known(v, p)) for s, (v, p) in t.items()))
            for n, t in webhooks.refine.items()
        ),
    )
