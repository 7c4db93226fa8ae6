"""Webhooks and callbacks: a function that parses each."""

from __future__ import annotations

from ..diagnostics import Collector
from ..ir.api import Api, Event
from ..source.text import SpecText
from .annotations import Annotations
from .imports import names_in, standard_imports, typing_import
from .literals import Code, docstring, entry, prose
from .names import Scope, Wanted, attribute, digested, spelled, tell_apart
from .views import EventsView, EventView, LazyView

__all__ = ["shape_events"]

_WRAP = 90


def shape_events(api: Api, annotations: Annotations, out: Collector) -> EventsView | None:
    """The module of webhooks and callbacks; None where there are none."""
    if not api.events:
        return None
    names = tell_apart({event.key: _wanted(event) for event in api.events})
    scope = Scope("webhooks or callbacks", out)
    events = sorted(
        (
            EventView(
                scope.take(names[event.key], event.span),
                _doc(event),
                annotations.received(event.type),
                annotations.decoded(event.type),
                event.key,
            )
            for event in api.events
        ),
        key=lambda view: view.name,
    )
    used = names_in(text for view in events for text in (view.result, view.decoded))
    lazy = [
        LazyView(Code(name), Code(origin), Code(module))
        for name, origin, module in (
            ("types", ".._runtime", "._runtime.types"),
            ("models", ".", "models"),
        )
        if name in used
    ]
    return EventsView(
        tuple(events),
        typing_import(used, "TYPE_CHECKING", *(used & {"Annotated"})),
        standard_imports(used),
        tuple(lazy),
    )


def _wanted(event: Event) -> Wanted:
    if event.given:
        return Wanted((_function((event.given,)),))
    name = _function(event.words)
    return Wanted((name, spelled(name, event.words[-1]), digested(name, event.key)), rank=1)


def _function(words: tuple[SpecText, ...]) -> Code:
    return Code("_".join(["parse", *(attribute(word).strip("_") for word in words)]))


def _doc(event: Event) -> Code:
    lines = prose(event.description, _WRAP)
    if event.operation:
        origin = prose(SpecText(f"A callback of `{event.operation.shown}`."), _WRAP)
        lines = [*lines, *([""] if lines else []), *origin]
    if event.deprecated:
        lines = ["Deprecated.", *([""] if lines else []), *lines]
    lines += [*([""] if lines else ["Parse what came.", ""]), "Args:"]
    lines += entry("payload: The body as it came, or already parsed.")
    lines += entry("decoding: Whether what is not as documented is kept as it came, or an error.")
    lines += ["", "Raises:"]
    lines += entry("PayloadError: It is no JSON, or not of the documented kind.")
    return docstring(lines, 4)
