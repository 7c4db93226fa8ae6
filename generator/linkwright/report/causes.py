"""Which of the things that moved a change can come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .catalogue import Change

__all__ = ["Moved", "attribute"]

_FORMATTERS = frozenset({"black"})
#: Every cause of a provider's own, in the order in which they are named.
_OWN = ("spec", "overlay", "config")
#: What is copied from the templates as it is.
_COPIED = ("_runtime", "_verify", "auth", "errors", "testing")


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs between the making of two outputs.

    Attributes:
        own: Of `spec`, `overlay`, `config`, by provider.
        tools: Of `generator`, `template`, `formatter`.
        config: Whether the settings that belong to no provider differ.
        facades: Whether the definition of a facade, or a mapping, differs.
        overlays: Files that are overlays.
        edited: Top-level folders with files that were changed by hand; empty for the root itself.
    """

    own: Mapping[str, frozenset[str]]
    tools: frozenset[str]
    config: bool = False
    facades: bool = False
    overlays: frozenset[str] = frozenset()
    edited: frozenset[str] = frozenset()

    @classmethod
    def between(
        cls,
        old: tuple[str, Mapping[str, str], Mapping[str, str]],
        new: tuple[str, Mapping[str, str], Mapping[str, str]],
        overlays: frozenset[str] = frozenset(),
        edited: frozenset[str] = frozenset(),
    ) -> Moved:
        """From what two locks record: version of the generator, tools, inputs."""
        own: dict[str, frozenset[str]] = {}
        shared: set[str] = set()
        for name in old[2].keys() | new[2].keys():
            if old[2].get(name) == new[2].get(name):
                continue
            if name == "release" and not (name in old[2] and name in new[2]):
                continue  # it counts only while a name is kept
            kind, _, rest = name.partition(":")
            provider = rest.partition(":")[0]
            if provider and kind in ("spec", "overlays", "config"):
                what = "overlay" if kind == "overlays" else kind
                own[provider] = own.get(provider, frozenset()) | {what}
            else:
                shared.add({"templates": "template"}.get(kind, kind))
        if old[0] != new[0]:
            shared.add("generator")
        for tool in old[1].keys() | new[1].keys():
            if old[1].get(tool) != new[1].get(tool):
                shared.add("formatter" if tool in _FORMATTERS else "generator")
        return cls(
            own,
            frozenset(shared & {"generator", "template", "formatter"}),
            config=bool(shared & {"config", "release"}),
            facades="facades" in shared,
            overlays=overlays,
            edited=edited,
        )


def attribute(changes: Iterable[Change], moved: Moved) -> tuple[Change, ...]:
    """Changes with their causes: one each, or several of which it is one, where nothing tells.

    What tells: what did not move is no cause; where the thing stands; and that the very same change
    came about with a provider of which nothing moved, which only the tools can have done.
    """
    found = tuple(changes)
    still = {c.provider for c in found} - {"", *moved.own, *moved.edited}
    elsewhere = {_like(c) for c in found if c.provider in still}
    return tuple(replace(c, causes=_causes(c, moved, elsewhere) or ("edit",)) for c in found)


def _like(change: Change) -> tuple[str, ...]:
    """What a change is apart from whose it is."""
    path = change.path.removeprefix(change.provider)
    if change.kind.startswith("client-"):
        path = path.partition("(")[2]  # the class is called after the provider
    return change.kind, path, change.before or "", change.after or ""


def _causes(change: Change, moved: Moved, elsewhere: set[tuple[str, ...]]) -> tuple[str, ...]:
    if change.kind.startswith("page-"):
        return ("documentation",)
    if change.kind in ("provider-added", "provider-removed"):
        own = moved.own.get(change.provider, frozenset())
        return ("config",) if "config" in own else _tools(moved)
    top = change.path.replace("/", ".").partition(".")[0]
    edited = top in moved.edited or (not change.provider and "" in moved.edited)
    return _moved(change, moved, elsewhere) + (("edit",) if edited else ())


def _moved(change: Change, moved: Moved, elsewhere: set[tuple[str, ...]]) -> tuple[str, ...]:
    if change.kind == "format-changed":
        # Of the settings, the licence is in the head of every file and nowhere else.
        found = (*_config(moved.config), *_tools(moved, "formatter"))
        return found or _own(moved, change.provider)
    if not change.provider:
        return _shared(change, moved)
    own = _own(moved, change.provider)
    if change.place is not None and change.place.file in moved.overlays and "overlay" in own:
        return ("overlay",)
    tools = _tools(moved)
    if tools and change.subject[0] != "file" and _like(change) in elsewhere:
        return tools
    aliases = change.kind.endswith(("alias-kept", "alias-removed", "-renamed"))
    if aliases and moved.config and "config" not in own:
        own += ("config",)  # for how long a name is kept
    return own + tools


def _shared(change: Change, moved: Moved) -> tuple[str, ...]:
    """Of what belongs to no provider: what is copied, the facades, and the root package."""
    if change.path.replace("/", ".").partition(".")[0] in _COPIED:
        return _tools(moved) if "template" not in moved.tools else ("template",)
    provider = ""
    if change.subject[0] == "capability":
        provider = change.subject[1]
    elif change.subject[0] == "mapping":
        provider = change.subject[1].partition("/providers/")[2].partition("/")[0]
    own = _own(moved, provider) if provider else _any(moved)
    if moved.facades and "config" not in own and change.subject[0] != "export":
        own += ("config",)
    return own + _tools(moved) or _config(moved.config)


def _own(moved: Moved, provider: str) -> tuple[str, ...]:
    return tuple(what for what in _OWN if what in moved.own.get(provider, frozenset()))


def _any(moved: Moved) -> tuple[str, ...]:
    """What moved of any provider."""
    return tuple(what for what in _OWN if any(what in own for own in moved.own.values()))


def _tools(moved: Moved, *more: str) -> tuple[str, ...]:
    return tuple(tool for tool in (*more, "generator", "template") if tool in moved.tools)


def _config(moved: bool) -> tuple[str, ...]:
    return ("config",) if moved else ()
