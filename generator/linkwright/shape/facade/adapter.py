"""One provider behind a facade, as the view its templates print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...diagnostics import Collector
from ...ir.expressions import (
    Mapped,
)
from ...ir.facade import (
    Adapter,
    Done,
    Facade,
    Mapper,
    WebhookRules,
)
from ...ir.types import Named, Nullable, Type, UnionOf
from ...ir.walk import find
from ...source.text import SpecText
from ..flavors import ASYNC, SYNC, Flavor
from ..literals import Code, docstring, prose, string, string_of
from ..names import known_name
from .capabilities import cell
from .emit import Emitter
from .gathered import HELPERS, Module, snaked
from .hooks import check_hooks
from .imports import import_lines, names_used
from .methods import MethodWriter
from .names import Annotator, ProviderNames, enum_member, known_class, pascal_name
from .views import AdapterView, MapperView, SettingView, WebhookView
from .wait import wait_method

__all__ = ["HookFile", "shape_adapter"]


@dataclass(frozen=True, slots=True)
class HookFile:
    """A file of hooks: what to call it in messages, and its source."""

    file: str
    text: str


def shape_adapter(
    adapter: Adapter, facade: Facade, names: ProviderNames, hooks: HookFile | None, out: Collector
) -> AdapterView:
    """Lay out one adapter.

    Args:
        adapter: From the IR.
        facade: What it is part of.
        names: Python names of the provider's package.
        hooks: The hooks it calls.
        out: Takes complaints about the hooks.
    """
    main = next((m for m in adapter.mappers if m.resource == facade.resource), None)
    native = (
        Code(f"models.{names.model(main.sources[0])}") if main and main.sources else Code("object")
    )
    annotate = Annotator(facade, names, native)
    mapping = Module(names, annotate, "")
    mappers = tuple(_mapper(m, mapping, names) for m in adapter.mappers)
    title = Code(" ".join(prose(names.api.title)) or str(names.client))
    sync, sync_methods = _methods(adapter, facade, names, title, native, SYNC)
    _, async_methods = _methods(adapter, facade, names, title, native, ASYNC)
    if hooks is not None:
        check_hooks(hooks.file, hooks.text, [*mapping.hooks, *sync.hooks], out)
    done = adapter.operations
    lacking = [d for d in done if d.level == "unsupported"]
    wait = next((d for d in done if d.pace is not None), None)
    imports, checking = _imports(sync_methods, facade, names, SYNC)
    async_imports, async_checking = _imports(async_methods, facade, names, ASYNC)
    return AdapterView(
        provider=names.package,
        key=string_of(adapter.provider),
        client=names.client,
        title=title,
        adapter=Code(f"{names.client}{pascal_name(facade.name)}"),
        facade=Code(f"{names.client}{pascal_name(facade.package)}"),
        native=native,
        settings=tuple(
            SettingView(
                known_name(s.name),
                annotate(s.type),
                Code(" ".join(prose(s.description))),
            )
            for s in adapter.settings
        ),
        remembers=tuple(Code(f"_{known_name(g.name)}_known") for g in adapter.guards if g.remember),
        methods=sync_methods,
        async_methods=async_methods,
        imports=imports,
        async_imports=async_imports,
        checking=checking,
        async_checking=async_checking,
        unsupported=tuple(
            (
                string_of(d.operation.name),
                string(d.reason or SpecText("")),
                string_of(d.alternative or ""),
            )
            for d in lacking
        ),
        capabilities=tuple(cell(d) for d in done),
        protocols=tuple(
            Code(f"Can{pascal_name(d.operation.name)}") for d in done if d.level != "unsupported"
        ),
        mapping_imports=_mapping_imports(mapping, mappers, facade, names),
        mappers=mappers,
        functions=tuple(mapping.functions),
        tables=tuple(mapping.tables),
        rules=tuple(_rules(adapter)),
        codes=tuple(
            (string(code), Code(f"errors.{known_name(name)}")) for code, name in adapter.rules.codes
        ),
        statuses=tuple(
            (Code(str(status)), Code(f"errors.{known_name(name)}"))
            for status, name in adapter.rules.statuses
        ),
        pace=_pace(wait) if wait else None,
        webhooks=_webhooks(adapter.webhooks, adapter, facade, names) if adapter.webhooks else None,
    )


def _mapper(mapper: Mapper, module: Module, names: ProviderNames) -> MapperView:
    resource = known_class(mapper.resource)
    models = tuple(Code(f"models.{names.model(key)}") for key in mapper.sources)
    several = len(models) > 1
    native = Code("Native") if several else (models[0] if models else Code("object"))
    context = "".join(f", {known_name(v.name)}: {module.annotate(v.type)}" for v in mapper.context)
    emitter = Emitter(
        module, snaked(mapper.resource), ["native", *(v.name for v in mapper.context)]
    )
    fields: list[str] = []
    for name, expr in mapper.fields:
        inside = emitter.child(f"{snaked(mapper.resource)}_{name}")
        text = inside.text(expr)
        emitter.absorb(inside)
        fields.append(f"{known_name(name)}={text}")
    lines = [*emitter.lines, f"return {resource}({', '.join([*fields, 'native=native'])})"]
    return MapperView(
        name=snaked(mapper.resource),
        resource=resource,
        signature=Code(f"(native: {native}{context}) -> {resource}[{native}]"),
        doc=docstring([f"`{resource}` of what the provider sends."], 4),
        body=tuple(Code(line) for line in lines),
        variable=native if several else None,
        models=models,
    )


def _methods(
    adapter: Adapter,
    facade: Facade,
    names: ProviderNames,
    title: Code,
    native: Code,
    flavor: Flavor,
) -> tuple[Module, tuple[Code, ...]]:
    module = Module(names, Annotator(facade, names, native), "mapping.")
    writer = MethodWriter(module, adapter.provider, title, adapter.operations, flavor)
    methods: list[Code] = []
    for done in adapter.operations:
        if done.level == "unsupported":
            continue
        if done.operation.wait is not None:
            methods.append(wait_method(done, adapter, module, flavor))
            continue
        mapped = next(find(tuple(w.result for w in done.ways), Mapped), None)
        module.annotate = Annotator(facade, names, _native(mapped, names) or native)
        methods.append(writer.method(done))
        module.annotate = Annotator(facade, names, native)
    methods += [writer.guard(rule) for rule in adapter.guards]
    return module, tuple(_inside_class(m) for m in methods)


def _native(mapped: Mapped | None, names: ProviderNames) -> Code | None:
    if mapped is None:
        return None
    inner: Type = mapped.of.type.inner if isinstance(mapped.of.type, Nullable) else mapped.of.type
    if isinstance(inner, UnionOf):
        inner = inner.variants[0]
    return Code(f"models.{names.model(inner.key)}") if isinstance(inner, Named) else None


def _inside_class(method: Code) -> Code:
    return Code("\n".join(f"    {line}" if line else "" for line in method.split("\n")))


def _sources(facade: Facade, names: ProviderNames, flavor: Flavor) -> dict[str, str]:
    """Where the names in an adapter come from."""
    package = f"....{names.package}"
    records = [r.name for r in facade.records] + [e.name for e in facade.enums]
    return {
        **dict.fromkeys(HELPERS, "...._runtime.mapping"),
        **dict.fromkeys(("Pace", "Target", "Wait", "wait", "wait_async"), "...._runtime.waiting"),
        **dict.fromkeys(("UnsupportedArgument", "keeping", "unsupported"), "...._runtime.failures"),
        "RequestOptions": "...._runtime.operation",
        "bodies": package,
        "models": package,
        f"{flavor.prefix}{names.client}": package,
        "errors": "...",
        "waiting": "...",
        **dict.fromkeys(records, "...models"),
        "Capability": "...matrix",
        "hooks": ".",
        "mapping": ".",
        "PACE": ".rules",
        "RULES": ".rules",
        "UNSUPPORTED": ".rules",
    }


def _imports(
    methods: Sequence[Code], facade: Facade, names: ProviderNames, flavor: Flavor
) -> tuple[tuple[Code, ...], tuple[Code, ...]]:
    """Import statements for running, and further ones for type checkers."""
    running, annotated = names_used(methods)
    sources = _sources(facade, names, flavor)
    always = running | {"unsupported", "UNSUPPORTED"}
    client = f"{flavor.prefix}{names.client}"
    more = {client, "Capability", "Mapping"}
    return import_lines(always, sources), import_lines((annotated - always) | more, sources)


def _mapping_imports(
    module: Module, mappers: Sequence[MapperView], facade: Facade, names: ProviderNames
) -> tuple[Code, ...]:
    bodies = ["\n    ".join([f"def {m.name}{m.signature}:", *m.body]) for m in mappers]
    running, annotated = names_used([*module.functions, *module.tables, *bodies])
    more = {"TypeVar"} if any(m.variable for m in mappers) else set[str]()
    return import_lines(running | annotated | more, _sources(facade, names, SYNC))


def _rules(adapter: Adapter) -> Iterator[Code]:
    rules = adapter.rules
    for name, path in (
        ("code", rules.code),
        ("message", rules.message),
        ("request_id", rules.request_id),
        ("retry_at", rules.retry_at),
    ):
        if path:
            yield Code(f"{name}={_path(path)}")


def _path(path: Sequence[SpecText]) -> str:
    parts = [part.raw if part.raw.isdecimal() else string(part) for part in path]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def _pace(done: Done) -> Code:
    assert done.pace is not None
    first, factor, longest, grace = done.pace
    more = f", grace={grace:g}" if grace is not None else ""
    return Code(f"Pace(first={first:g}, factor={factor:g}, longest={longest:g}{more})")


def _webhooks(
    webhooks: WebhookRules, adapter: Adapter, facade: Facade, names: ProviderNames
) -> WebhookView:
    signing, event = webhooks.signing, webhooks.event
    parts = ", ".join(f"({string_of(kind)}, {string(text)})" for kind, text in signing.parts)
    items = [
        f"provider={string_of(adapter.provider)}",
        f"algorithm={string_of(signing.algorithm)}",
        f"secret={string_of(signing.secret)}",
        f"parts=({parts},)",
        f"header={string(signing.header)}",
        f"time=({string_of(signing.time[0])}, {string(signing.time[1])})",
    ]
    if signing.prefix:
        items.append(f"prefix={string(signing.prefix)}")
    if signing.separator:
        items.append(f"separator={string(signing.separator)}")
    used = False

    def place(given: tuple[SpecText, ...] | str | None) -> Code:
        nonlocal used
        if given is None:
            return Code("None")
        if isinstance(given, str):
            used = True
            return Code(f"hooks.{known_name(given)}(payload)")
        return Code(f"found(payload, {_path(given)})")

    native_type = place(event.native_type)
    connection_id, owner_id = place(event.connection_id), place(event.owner_id)
    mapper = next((m for m in adapter.mappers if m.resource == event.resource), None)
    main = next(m for m in adapter.mappers if m.resource == facade.resource)
    context = "".join(
        f", {known_name(name)}=found(payload, {_path(path)}) or ''" for name, path in event.context
    )
    helpers = ["SignatureRules", "Webhook", "found"]
    helpers[2:2] = ["decoded"] if event.at and mapper else []
    helpers += ["partly"] if event.at and mapper else []
    helpers += ["when"] if event.occurred_at else []
    key = "facade:EventType"
    status = f"facade:{facade.resource}Status"
    return WebhookView(
        rules=Code(f"SignatureRules({', '.join(items)})"),
        types=tuple((string(n), enum_member(key, v)) for n, v in webhooks.types),
        refine=tuple(
            (enum_member(key, n), enum_member(status, s), enum_member(key, v))
            for n, table in webhooks.refine
            for s, v in table
        ),
        native_type=native_type,
        id=Code(f"webhook.header({string(event.id)})") if event.id else Code("None"),
        connection_id=connection_id,
        owner_id=owner_id,
        occurred_at=Code(
            f"when(payload, {_path(event.occurred_at)})" if event.occurred_at else "None"
        ),
        helpers=Code(", ".join(helpers)),
        at=Code(_path(event.at)) if event.at and mapper else None,
        mapper=snaked(event.resource) if event.resource else Code("None"),
        model=names.model(main.sources[0]),
        context=Code(context),
        hooks=used,
    )
