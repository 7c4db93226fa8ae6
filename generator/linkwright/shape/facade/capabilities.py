"""The capability matrix: one cell for each operation of each provider."""

from __future__ import annotations

import json

from ...ir.expressions import (
    MapOver,
)
from ...ir.facade import (
    Done,
    Facade,
)
from ...ir.types import ListOf
from ...ir.walk import find
from ...source.text import SpecText
from ..literals import Code, markdown, prose, string, string_of
from ..names import known_name
from .views import CapabilityView

__all__ = ["as_json", "cell"]

_MARKS = {"native": "native", "emulated": "emulated", "partial": "partial", "unsupported": "no"}


def cell(done: Done) -> CapabilityView:
    """One cell, as Python and for the documentation."""
    items = [f"level={string_of(done.level)}"]
    if done.reason is not None:
        items.append(f"reason={string(done.reason)}")
    if done.alternative is not None:
        items.append(f"alternative={string_of(done.alternative)}")
    paging = _paging(done)
    if paging is not None:
        items.append(f"paging={string_of(paging)}")
    if done.data is not None:
        items.append(f"data={string(done.data)}")
    if done.refuses:
        pairs = ", ".join(f"{string_of(n)}: {string(r)}" for n, r in done.refuses)
        items.append(f"refuses={{{pairs}}}")
    notes = [markdown(done.reason, cell=True)] if done.reason else []
    if done.data is not None:
        notes.append(Code(f"Data: {markdown(done.data, cell=True)}"))
    if done.alternative is not None:
        notes.append(Code(f"Nearest: `{known_name(done.alternative)}`."))
    for name, reason in done.refuses:
        notes.append(Code(f"Without `{known_name(name)}`: {markdown(reason, cell=True)}"))
    return CapabilityView(
        known_name(done.operation.name),
        Code(", ".join(items)),
        Code(_MARKS[done.level]),
        tuple(notes),
    )


def _paging(done: Done) -> str | None:
    """Whether pages are fetched one by one, or all comes at once."""
    operation = done.operation
    if done.level == "unsupported" or not (
        operation.iterates or (isinstance(operation.returns, ListOf) and done.ways)
    ):
        return None
    results = tuple(w.result for w in done.ways)
    return "native" if any(o.paged for o in find(results, MapOver)) else "emulated"


def as_json(facade: Facade) -> Code:
    """The whole matrix as JSON."""

    def text(given: SpecText | None) -> str | None:
        return " ".join(prose(given)) if given is not None else None

    table = {
        adapter.provider: {
            done.operation.name: {
                key: value
                for key, value in {
                    "level": done.level,
                    "reason": text(done.reason),
                    "alternative": done.alternative,
                    "paging": _paging(done),
                    "data": text(done.data),
                    "refuses": {name: text(reason) for name, reason in done.refuses} or None,
                }.items()
                if value is not None
            }
            for done in adapter.operations
        }
        for adapter in facade.adapters
    }
    return Code(json.dumps(table, indent=2))
