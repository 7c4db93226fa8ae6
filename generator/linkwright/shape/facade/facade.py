"""A facade as the view its templates print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...diagnostics import Collector
from ...ir.api import Api
from ...ir.facade import (
    Argument,
    Facade,
    FacadeEnum,
    FacadeOperation,
    FacadeRecord,
    Wait,
    facade_key,
)
from ...ir.types import ListOf
from ...source.text import SpecText
from ..flavors import ASYNC, SYNC, Flavor
from ..literals import Code, docstring, markdown, prose, string, string_of
from ..names import constant, known_name
from .adapter import HookFile, shape_adapter
from .capabilities import as_json
from .gathered import Module, snaked
from .imports import import_lines, import_order, names_used
from .methods import MethodWriter
from .names import Annotator, ProviderNames, enum_member, known_class, pascal_name
from .views import (
    EnumView,
    ErrorKindView,
    FacadeView,
    ProtocolView,
    RecordFieldView,
    RecordView,
    WaitView,
)

__all__ = ["HookFile", "shape_facade"]

_WRAP = 94
#: Kinds of errors whose cause may pass.
_PASSING = frozenset({429, 500, 502, 503, 504})
_BUILTIN_ERRORS = (
    *("ErrorRules", "FacadeError", "ForeignOwner", "InvalidArgument", "UnsupportedArgument"),
    *("UnsupportedOperation", "WaitCancelled", "WaitFailed", "WaitTimeout", "WebhookError"),
)


def shape_facade(
    facade: Facade, apis: Mapping[str, Api], hooks: Mapping[str, HookFile], out: Collector
) -> FacadeView:
    """Lay out a facade.

    Args:
        facade: From the IR.
        apis: Of its providers.
        hooks: Files of hooks, by provider.
        out: Takes complaints about the hooks.
    """
    annotate = Annotator(facade, None, "Model")
    adapters = tuple(
        shape_adapter(a, facade, ProviderNames(apis[a.provider]), hooks.get(a.provider), out)
        for a in facade.adapters
    )
    records = tuple(_record(r, Annotator(facade, None, "Native")) for r in facade.records)
    protocols = tuple(_protocol(o, annotate) for o in facade.operations)
    errors = tuple(
        ErrorKindView(
            known_class(e.name),
            docstring(prose(e.description, _WRAP), 4),
            bool(set(e.statuses) & _PASSING) or e.name == "NotRefreshableYet",
        )
        for e in facade.errors
    )
    fields = [f.annotation for r in records for f in r.fields]
    used = names_used(f"def _(x: {a}): pass" for a in fields)
    heads = [f"    {head} ..." for p in protocols for head in (p.head, p.async_head)]
    protocol_names = names_used(heads)
    ours = [known_class(r.name) for r in facade.records] + [
        known_class(e.name) for e in facade.enums
    ]
    sources: dict[str, str] = {
        **dict.fromkeys(ours, ".models"),
        "Model": ".._runtime.models",
        "RequestOptions": ".._runtime.operation",
    }
    event = any(a.webhooks for a in facade.adapters)
    return FacadeView(
        package=known_name(facade.package),
        name=known_name(facade.name),
        key=string_of(facade.name),
        resource=known_class(facade.resource),
        resource_variable=snaked(facade.resource),
        summary=docstring(prose(facade.summary, _WRAP), 0),
        about=markdown(facade.summary),
        enums=tuple(map(_enum, facade.enums)),
        records=records,
        errors=errors,
        last_error=known_class(facade.errors[-1].name) if facade.errors else Code("FacadeError"),
        protocols=protocols,
        model_imports=import_lines(used[0] | used[1], {}),
        protocol_imports=import_lines(protocol_names[0] | protocol_names[1], sources),
        adapters=adapters,
        wait=next((_wait(o.wait, facade, o) for o in facade.operations if o.wait), None),
        event=event,
        capabilities_json=as_json(facade),
        exports=tuple(sorted(_exports(facade, event), key=lambda e: (e[1], import_order(e[0])))),
    )


def _enum(enum: FacadeEnum) -> EnumView:
    members = tuple((constant(v), string(v), docstring(prose(d, _WRAP), 4)) for v, d in enum.values)
    return EnumView(known_class(enum.name), docstring(prose(enum.description, _WRAP), 4), members)


def _record(record: FacadeRecord, annotate: Annotator) -> RecordView:
    return RecordView(
        known_class(record.name),
        docstring(prose(record.description, _WRAP), 4),
        tuple(_field(f, annotate) for f in record.fields),
        record.native,
        record.name in annotate.generic,
    )


def _field(field: Argument, annotate: Annotator) -> RecordFieldView:
    return RecordFieldView(
        known_name(field.name),
        annotate(field.type, "tuple"),
        field.secret,
        docstring(prose(field.description, _WRAP), 4),
    )


def _protocol(operation: FacadeOperation, annotate: Annotator) -> ProtocolView:
    def head(flavor: Flavor) -> Code:
        if operation.wait is not None:
            return _wait_head(operation, operation.wait, flavor)
        module = Module(_NO_NAMES, annotate, "")
        text = MethodWriter(module, "", "", (), flavor).head(operation, ())
        if operation.iterates:
            # An asynchronous generator is a plain function that gives an iterator.
            text = text.removeprefix("async ")
        if isinstance(operation.returns, ListOf) and not operation.iterates:
            text = text.replace("-> List[", "-> Sequence[")
        return Code(text)

    summary = prose(operation.summary, _WRAP)
    doc = docstring([f"Can `{known_name(operation.name)}`."], 4)
    return ProtocolView(
        Code(f"Can{pascal_name(operation.name)}"),
        doc,
        head(SYNC),
        head(ASYNC),
        docstring(summary, 8),
        known_name(operation.name),
    )


class _NoNames(ProviderNames):
    """Protocols are about no provider in particular."""

    def __init__(self) -> None:
        """Know nothing."""


_NO_NAMES = _NoNames()


def _wait_head(operation: FacadeOperation, wait: Wait, flavor: Flavor) -> Code:
    handle = f"{known_class(wait.handle)}[Any]"
    outcome = f"{known_class(wait.outcome)}[Model]"
    looks = "owner: str | None = None, "
    return Code(
        f"{flavor.def_} {known_name(operation.name)}(self, target: str | {handle}, *, {looks}"
        f"timeout: float = 300.0, options: RequestOptions | None = None) -> {outcome}:"
    )


def _wait(wait: Wait, facade: Facade, operation: FacadeOperation) -> WaitView:
    def has(name: str, field: str) -> bool:
        record = next((r for r in facade.records if r.name == name), None)
        return record is not None and field in {f.name for f in record.fields}

    key = facade_key(wait.status)
    values = [v for e in facade.enums if e.name == wait.status for v, _ in e.values]
    known = {*wait.ready, *wait.user, *wait.failed}

    def states(given: tuple[SpecText, ...]) -> tuple[Code, ...]:
        return tuple(enum_member(key, v) for v in given)

    track = next((o for o in facade.operations if o.name == wait.track), None)
    job: str | None = None
    if track is not None and track.returns is not None:
        job = str(getattr(track.returns, "key", "")).removeprefix("facade:")
    native = {
        known_class(facade.resource),
        known_class(wait.handle),
        Code("Native"),
        *([known_class(job)] if job else []),
    }
    return WaitView(
        operation=known_name(operation.name),
        handle=known_class(wait.handle),
        outcome=known_class(wait.outcome),
        status=known_class(wait.status),
        ready=states(wait.ready),
        failed=states(wait.failed),
        going=states(tuple(v for v in values if v not in known)),
        owner=has(wait.handle, "owner"),
        jobs=has(wait.handle, "job_ids"),
        baseline=has(wait.handle, "baseline"),
        job=known_class(job) if job else None,
        imports=import_lines(
            [known_class(wait.outcome), known_class(wait.status)],
            {known_class(wait.outcome): ".models", known_class(wait.status): ".models"},
        ),
        checking=import_lines(native, dict.fromkeys(native, ".models")),
        error=has(facade.resource, "error"),
        action=has(facade.resource, "action") and has(wait.outcome, "action"),
        detail=has(facade.resource, "status_detail"),
        revision=has(facade.resource, "revision"),
    )


def _exports(facade: Facade, event: bool) -> Iterator[tuple[Code, Code]]:
    """Everything the facade's package exports, with the module it stands in."""
    for enum in facade.enums:
        yield known_class(enum.name), Code("models")
    for record in facade.records:
        yield known_class(record.name), Code("models")
    for error in facade.errors:
        yield known_class(error.name), Code("errors")
    for name in _BUILTIN_ERRORS[1:]:
        yield Code(name), Code("errors")
    yield Code("Capability"), Code("matrix")
    yield Code("capabilities"), Code("matrix")
    yield Code("connect"), Code("connecting")
    for operation in facade.operations:
        for prefix in ("", "Async"):
            yield Code(f"{prefix}Can{pascal_name(operation.name)}"), Code("protocols")
    if event:
        yield Code("Event"), Code("webhooks")
        yield Code("receive"), Code("webhooks")
