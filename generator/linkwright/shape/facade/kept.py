"""Classes of a facade bear the names of clients, also those that were given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..literals import Code, string_of
from ..model_views import KeptView
from .views import AdapterView, FacadeView

__all__ = ["with_kept_adapters"]


def with_kept_adapters(facade: FacadeView, clients: Mapping[str, Sequence[str]]) -> FacadeView:
    """A facade that still knows what its classes were called.

    Args:
        facade: As *shape* made it.
        clients: By provider, the name of its client class, and after it those that it had before.
    """
    adapters = tuple(_with(one, clients.get(one.provider, ())[1:]) for one in facade.adapters)
    return replace(facade, adapters=adapters)


def _with(adapter: AdapterView, old: Sequence[str]) -> AdapterView:
    assert all(name.isidentifier() for name in old)
    present = {adapter.adapter, adapter.facade}
    kept = [
        _kept(f"{prefix}{client}{class_.removeprefix(adapter.client)}", f"{prefix}{class_}")
        for client in old
        for class_ in (adapter.adapter, adapter.facade)
        for prefix in ("", "Async")
        if f"{client}{class_.removeprefix(adapter.client)}" not in present
    ]
    return replace(adapter, kept=tuple(kept))


def _kept(old: str, new: str) -> KeptView:
    # What `connect` gives has to fit annotations with the old name: these are plain aliases.
    return KeptView(Code(old), Code(new), string_of(f"{old} is now called {new}"))
