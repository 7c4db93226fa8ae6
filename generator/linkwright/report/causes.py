"""Which of the things that moved a change can come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .catalogue import Change

__all__ = ["Moved", "attribute"]

_FORMATTERS = frozenset({"black"})


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs between the making of two outputs.

    Attributes:
        documents: `spec` and `overlay` by provider.
        tools: Of generator, template, formatter, config.
        overlays: Files that are overlays.
    """

    documents: Mapping[str, frozenset[str]]
    tools: frozenset[str]
    overlays: frozenset[str] = frozenset()

    @classmethod
    def between(
        cls,
        old: tuple[str, Mapping[str, str], Mapping[str, str]],
        new: tuple[str, Mapping[str, str], Mapping[str, str]],
        overlays: frozenset[str] = frozenset(),
    ) -> Moved:
        """From what two locks record: version of the generator, tools, inputs."""
        documents: dict[str, frozenset[str]] = {}
        moved: set[str] = set()
        for name in old[2].keys() | new[2].keys():
            if old[2].get(name) == new[2].get(name):
                continue
            kind, _, rest = name.partition(":")
            provider = rest.partition(":")[0]
            if kind in ("spec", "overlays"):
                what = "overlay" if kind == "overlays" else "spec"
                documents[provider] = documents.get(provider, frozenset()) | {what}
            else:
                moved.add({"generator": "generator", "templates": "template"}.get(kind, "config"))
        if old[0] != new[0]:
            moved.add("generator")
        for tool in old[1].keys() | new[1].keys():
            if old[1].get(tool) != new[1].get(tool):
                moved.add("formatter" if tool in _FORMATTERS else "generator")
        return cls(documents, frozenset(moved), overlays)


def attribute(change: Change, moved: Moved) -> Change:
    """A change with its causes: one, or several where several things moved at once."""
    return replace(change, causes=_causes(change, moved) or ("edit",))


def _causes(change: Change, moved: Moved) -> tuple[str, ...]:
    tools = moved.tools
    if change.kind.startswith("page-"):
        return ("documentation",)
    if change.kind == "format-changed":
        return _first(tools, "formatter", "template", "generator")
    if change.kind in ("provider-added", "provider-removed"):
        return ("config",)
    if not change.provider:
        facade = ("config",) if change.path.startswith("facade") else ()
        shared = _all(tools, "generator", "template", *facade)
        return shared or _all(tools, "config") or _documents(moved)
    own = moved.documents.get(change.provider, frozenset())
    if change.place is not None and change.place.file in moved.overlays and "overlay" in own:
        return ("overlay",)
    found = tuple(sorted(own, reverse=True)) or _all(tools, "config")
    return found + _all(tools, "generator", "template")


def _documents(moved: Moved) -> tuple[str, ...]:
    return tuple(sorted({what for own in moved.documents.values() for what in own}, reverse=True))


def _all(tools: frozenset[str], *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name in tools)


def _first(tools: frozenset[str], *names: str) -> tuple[str, ...]:
    return _all(tools, *names)[:1]
