"""Which names that were given up stay for a while, and as what they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..names import Kept, Key, Names
from .constructor import OPTION_RESERVED
from .methods import METHOD_RESERVED
from .names import FIELD_RESERVED, MODULE_RESERVED
from .signatures import ARGUMENT_RESERVED
from .views import ProviderView

__all__ = ["Given", "given_up", "names_of"]

#: Kinds whose names are inside of something: of an operation, of a model.
_INSIDE = frozenset({"argument", "field", "member"})
#: Modules of a provider's package, which its classes stand beside.
_MODULES = frozenset({"aio", "bodies", "client", "errors", "models", "operations", "resources"})
_RESERVED: Mapping[str, frozenset[str]] = {
    "client": _MODULES,
    "model": _MODULES,
    "constant": frozenset({"Final", "PROVIDER", "TYPE_CHECKING"}),
    "option": OPTION_RESERVED,
    "argument": ARGUMENT_RESERVED,
    "field": FIELD_RESERVED,
    "method": METHOD_RESERVED,
    "resource": MODULE_RESERVED,
}


def names_of(view: ProviderView) -> Names:
    """What everything is called now."""
    tables: dict[str, dict[Key, str]] = {
        "client": {(): str(view.client)},
        "option": {
            **{(a.key,): str(a.name) for a in (*view.credential_arguments, *view.token_inputs)},
            **{(v.key,): str(v.name) for v in view.variables},
        },
        "method": {(o.key,): str(o.call) for o in view.operations},
        "constant": {(o.key,): str(o.name) for o in view.operations},
        "argument": {
            (o.key, key): str(name) for o in view.operations for key, name in o.names.items()
        },
        "model": {(key,): str(name) for key, name in view.classes.items()},
        "class": {(str(r.module),): str(r.name) for r in view.resources},
        "link": {(k.key,): str(k.name) for k in view.links},
        "event": {(e.key,): str(e.name) for e in (view.events.events if view.events else ())},
    }
    fields: dict[Key, str] = {}
    members: dict[Key, str] = {}
    models = {model.name: model for model in view.models.models}
    for key, class_ in view.classes.items():
        if (model := models.get(class_)) is not None:
            fields.update(((key, field.wire), name) for name, field in model.fields.items())
            members.update(((key, str(value)), name) for name, value in model.values.items())
    tables |= {"field": fields, "member": members}
    return Names({kind: table for kind, table in tables.items() if table})


@dataclass(frozen=True, slots=True)
class Given:
    """A name that was given up, and what its thing is called now."""

    kept: Kept
    new: str


def given_up(old: Names, now: Names, releases: int, release: str | None) -> tuple[Given, ...]:
    """Names of things that have another one now, and that do not stand for anything else.

    Args:
        old: The names when the output was last written.
        now: The present ones.
        releases: For how many releases a name is kept.
        release: The present one; None if releases are not told apart, and nothing expires.
    """
    moved = dict(_moved(old, now))
    resources = _resources(old, now)
    found: dict[tuple[str, Key, str], Given] = {}
    for one in (*old.kept, *_changed(old, now, moved, resources)):
        given = _given(_again(one, moved, resources), now)
        seen = _seen(one, releases, release)
        if given is not None and seen is not None:
            kept = replace(given.kept, seen=seen)
            found.setdefault((kept.kind, kept.key, kept.name), replace(given, kept=kept))
    return tuple(given for _, given in sorted(found.items()))


def _seen(kept: Kept, releases: int, release: str | None) -> tuple[str, ...] | None:
    """The releases that have an alias, with the present one; None if its time is up."""
    if release is None or release in kept.seen:
        return kept.seen
    return (*kept.seen, release) if len(kept.seen) < releases else None


def _changed(
    old: Names, now: Names, moved: Mapping[str, str], resources: Mapping[str, str]
) -> Iterator[Kept]:
    """Whatever has another name than before."""
    for kind, table in old.tables.items():
        for key, name in table.items():
            here = (moved.get(key[0], key[0]), *key[1:]) if kind in _OF_MODELS else key
            if kind == "class":
                here = (resources.get(key[0], key[0]),)
            new = now.of(kind).get(here)
            if new is None or new == name:
                continue
            if kind == "method":
                resource, _, method = name.partition(".")
                home = resources.get(resource, resource)
                if new == f"{home}.{method}":
                    continue  # as a whole, its resource is called otherwise
                name = f"{home}.{method}"
            yield Kept(kind, here, name)
    for resource, target in resources.items():
        yield Kept("resource", (target,), resource)


_OF_MODELS = frozenset({"model", "field", "member"})


def _again(kept: Kept, moved: Mapping[str, str], resources: Mapping[str, str]) -> Kept:
    """A name that was given up earlier, of a thing that moved once more."""
    if kept.kind in _OF_MODELS:
        return replace(kept, key=(moved.get(kept.key[0], kept.key[0]), *kept.key[1:]))
    if kept.kind in ("resource", "class"):
        return replace(kept, key=(resources.get(kept.key[0], kept.key[0]),))
    if kept.kind == "method":
        resource, _, method = kept.name.partition(".")
        return replace(kept, name=f"{resources.get(resource, resource)}.{method}")
    return kept


def _resources(old: Names, now: Names) -> dict[str, str]:
    """Resources that are gone, all of whose operations are in one other resource."""
    present = {_resource(call) for call in now.of("method").values()}
    went: dict[str, set[str]] = {}
    for key, call in old.of("method").items():
        if key in now.of("method"):
            went.setdefault(_resource(call), set()).add(_resource(now.of("method")[key]))
    return {
        resource: min(targets)
        for resource, targets in went.items()
        if len(targets) == 1 and resource not in present
    }


def _resource(call: str) -> str:
    return call.partition(".")[0]


def _moved(old: Names, now: Names) -> Iterator[tuple[str, str]]:
    """Declarations that stand elsewhere: known by what they consist of, if there is no doubt."""
    before, after = _contents(old), _contents(now)
    came: dict[frozenset[str], list[str]] = {}
    gone: dict[frozenset[str], list[str]] = {}
    for found, here, there in ((came, after, before), (gone, before, after)):
        for key in here.keys() - there.keys():
            found.setdefault(here[key], []).append(key)
    for content, keys in gone.items():
        twins = came.get(content, [])
        if content and len(keys) == len(twins) == 1:
            yield keys[0], twins[0]


def _contents(names: Names) -> dict[str, frozenset[str]]:
    """The names on the wire, or the values, of everything that is declared."""
    found: dict[str, set[str]] = {key[0]: set() for key in names.of("model")}
    for kind in ("field", "member"):
        for first, second in names.of(kind):
            found.setdefault(first, set()).add(f"{kind} {second}")
    return {key: frozenset(content) for key, content in found.items()}


def _given(kept: Kept, now: Names) -> Given | None:
    """A name with what it stands for; None where it cannot stand for that."""
    present = {_resource(call) for call in now.of("method").values()}
    if kept.kind == "resource":
        target = kept.key[0] if kept.key[0] in present else None
        taken = present
    else:
        target = now.of(kept.kind).get(kept.key)
        table = now.of(kept.kind)
        taken = (
            set(now.inside(kept.kind, kept.key[0]).values())
            if kept.kind in _INSIDE
            else set(table.values())
        )
    if kept.kind in ("class", "model"):
        taken |= set(now.of("client").values())
    if target is None or kept.name in taken or not _is_good(kept):
        return None
    return Given(kept, target)


def _is_good(kept: Kept) -> bool:
    """Whether such a thing may have such a name: the record may come from anywhere."""
    resource, _, method = kept.name.rpartition(".")
    names = [(method, _RESERVED.get(kept.kind, frozenset[str]()))]
    if kept.kind == "method":
        names.append((resource, MODULE_RESERVED))
    if kept.kind == "member" and not kept.name.isupper():
        return False
    return not any(name.startswith("_") or name in reserved for name, reserved in names)
