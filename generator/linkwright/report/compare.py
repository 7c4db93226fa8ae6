"""The changes between two outputs, as far as their source shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ..names import NAMES_FILE
from .catalogue import Change
from .facade import CAPABILITIES, compare_capabilities, compare_mapping, is_mapping
from .models import Uses, compare_models, renamed_models
from .operations import compare_client, compare_errors, compare_resources
from .others import compare_module
from .surface import ProviderSurface, aliases, exported, read_provider
from .until import Record

__all__ = ["compare"]


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Change, ...]:
    """All changes from one output to another, sorted by verdict, provider and path.

    Args:
        old: Source by path below the output root.
        new: The same of the later one; need not be formatted.
    """
    changes: list[Change] = []
    root = new.get("__init__.py", "")
    packages = {side: _packages(files) for side, files in (("old", old), ("new", new))}
    for package in sorted(packages["old"] | packages["new"]):
        if package not in packages["new"]:
            changes.append(_whole("provider-removed", package))
        elif package not in packages["old"]:
            changes.append(_whole("provider-added", package))
        elif _below(package, old) != _below(package, new):
            changes += (_told(c, exported(root)) for c in _provider(package, old, new))
    both = packages["old"] | packages["new"]
    changes += _shared(
        {p: t for p, t in old.items() if p.split("/")[0] not in both},
        {p: t for p, t in new.items() if p.split("/")[0] not in both},
    )
    record = Record(new)
    told = map(record.told, _once(changes))
    return tuple(sorted(told, key=lambda c: (-c.verdict, c.provider, c.path, c.kind)))


def _told(change: Change, exports: Sequence[str]) -> Change:
    """What became of a client: the root has another one of its old name, if it exports that."""
    taken = change.kind == "client-alias-kept" and change.before in exports
    return replace(change, kind="client-renamed") if taken else change


def _packages(files: Mapping[str, str]) -> set[str]:
    return {
        path.split("/")[0]
        for path in files
        if path.endswith("/operations.py") and path.count("/") == 1
    }


def _below(package: str, files: Mapping[str, str]) -> dict[str, str]:
    return {p: t for p, t in files.items() if p.startswith(f"{package}/")}


def _whole(kind: str, package: str) -> Change:
    return Change(
        kind=kind, provider=package, path=package, subject=("client",), before=None, after=None
    )


def _provider(package: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    before, after = read_provider(package, old), read_provider(package, new)
    models = renamed_models(before, after)
    changes = [
        *compare_client(before, after),
        *compare_resources(before, after, models),
        *compare_models(before, after, models, Uses.of(before) | Uses.of(after)),
        *compare_errors(before, after, models),
        *_exports(before, after, models),
        *_aliases(before, after),
    ]
    yield from changes
    told = _below(package, old), _below(package, new)
    yield from _files(package, *told, any_change=bool(changes))


def _exports(
    before: ProviderSurface, after: ProviderSurface, models: Mapping[str, str]
) -> Iterator[Change]:
    """Names of `__all__`; those of things that are compared by themselves are left to that."""
    told = {before.client, after.client, *models, *models.values()}
    told |= {f"Async{name}" for name in (before.client, after.client)}
    for side in (before, after):
        for resource in side.resources.values():
            told |= {resource.name, f"Async{resource.name}"}
        told |= {*side.models, *side.dictionaries, *side.errors}
    for path in sorted(before.exports.keys() | after.exports.keys()):
        module = _module(f"{before.package}/{path}")
        one, other = set(before.exports.get(path, ())), set(after.exports.get(path, ()))
        kept = {old: new for old, new in after.aliases.get(path, {}).items() if old in one - told}
        for old, new in sorted(kept.items()):
            yield Change(
                kind="api-alias-kept",
                provider=before.package,
                path=f"{module}.{new}",
                subject=("client",),
                before=old,
                after=new,
            )
        one, other = one - kept.keys(), other - set(kept.values())
        for kind, names in (
            ("import-path-removed", one - other),
            ("import-path-added", other - one),
        ):
            for name in sorted(names - told):
                yield Change(
                    kind=kind,
                    provider=before.package,
                    path=f"{module}.{name}",
                    subject=("client",),
                    before=None,
                    after=None,
                )


def _aliases(before: ProviderSurface, after: ProviderSurface) -> Iterator[Change]:
    """Deprecated names whose time was up."""
    gone = [
        f"{_module(f'{before.package}/{path}')}.{name}"
        for path, names in before.aliases.items()
        for name in names.keys() - after.aliases[path].keys()
    ]
    for module, resource in before.resources.items():
        now = after.resources.get(module)
        calls = {o.call for o in before.operations.values()}
        for name, method in resource.methods.items():
            alias = method.deprecated and f"{module}.{name}" not in calls
            if alias and now is not None and name not in now.methods:
                gone.append(f"{before.package}.{module}.{name}")
    former = before.attributes.keys() - before.resources.keys() - after.attributes.keys()
    gone += [f"{before.package}.{name}" for name in former]
    for path in sorted(gone):
        yield Change(
            kind="alias-removed",
            provider=before.package,
            path=path,
            subject=("client",),
            before=None,
            after=None,
        )


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _files(
    provider: str, old: Mapping[str, str], new: Mapping[str, str], *, any_change: bool
) -> Iterator[Change]:
    """Files that differ although nothing that they offer does."""
    if any_change:
        return
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield _file_change(provider, path, old.get(path, ""), new.get(path, ""))


def _file_change(provider: str, path: str, old: str, new: str) -> Change:
    same = path.endswith(".py") and ast.dump(ast.parse(old)) == ast.dump(ast.parse(new))
    same = same or "".join(old.split()) == "".join(new.split())
    return Change(
        kind="format-changed" if same else "implementation-changed",
        provider=provider,
        path=path,
        subject=("file", path),
        before=None,
        after=None,
    )


def _shared(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """What belongs to no provider: the root, the runtime, the facade."""
    facades = {p.partition("/")[0] for p in (*old, *new) if p.endswith(f"/{CAPABILITIES}")}
    for path in sorted(old.keys() | new.keys()):
        one, other = old.get(path), new.get(path)
        if path == NAMES_FILE or one == other:
            continue  # what the record says is what is reported
        facade = path.partition("/")[0]
        if facade in facades and path == f"{facade}/{CAPABILITIES}":
            yield from compare_capabilities(facade, one or "", other or "")
            continue
        if facade in facades and is_mapping(path):
            yield from compare_mapping(path, one or "", other or "")
            continue
        if facade in facades and path.endswith(("capabilities.py", ".md")):
            continue  # which say the same as capabilities.json
        if one == other or not path.endswith(".py"):
            if one != other and one is not None and other is not None:
                yield _file_change("", path, one, other)
            continue
        found = list(_names(path, one or "", other or ""))
        if path != "__init__.py":  # which only passes on what is defined elsewhere
            found += compare_module(_module(path), one or "", other or "")
        package = f"{path.rpartition('/')[0]}/__init__.py"
        before, after = aliases(old.get(package, "")), aliases(new.get(package, ""))
        yield from (c for c in found if not _is_kept(c, after))
        if path == package:
            yield from _renamed(_module(path), before, after)
        if not found and one is not None and other is not None:
            yield _file_change("", path, one, other)


def _is_kept(change: Change, aliases: Mapping[str, str]) -> bool:
    """Whether something is said to be gone, or to have come, that has another name now."""
    name = change.path.rpartition(".")[2]
    removed = change.kind in ("api-removed", "import-path-removed") and name in aliases
    return removed or (
        change.kind in ("api-added", "import-path-added") and name in {*aliases, *aliases.values()}
    )


def _renamed(module: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """Old names that a package came to know, or knows no more."""
    for name in sorted(before.keys() ^ after.keys()):
        new = after.get(name)
        yield Change(
            kind="api-alias-kept" if new else "alias-removed",
            provider="",
            path=f"{module}.{new or name}",
            subject=("api", f"{module}.{new or name}"),
            before=name if new else None,
            after=new,
        )


def _names(path: str, old: str, new: str) -> Iterator[Change]:
    if PurePosixPath(path).name != "__init__.py":
        return
    before, after = set(exported(old)), set(exported(new))
    for kind, names in (
        ("import-path-removed", before - after),
        ("import-path-added", after - before),
    ):
        for name in sorted(names):
            yield Change(
                kind=kind,
                provider="",
                path=f"{_module(path)}.{name}".removeprefix("__init__."),
                subject=("export", name),
                before=None,
                after=None,
            )


def _once(changes: Iterable[Change]) -> Iterator[Change]:
    """Without what a graver change of the same thing says already."""
    found = list(changes)
    packages = {c.path for c in found if c.kind in ("provider-added", "provider-removed")}
    clients = {
        name
        for c in found
        if c.kind in ("client-renamed", "client-alias-kept")
        for client in (c.before, c.after)
        if client
        for name in (client, f"Async{client}")
    }
    # The root passes on what was an alias in a provider's package.
    clients |= {c.path.rpartition(".")[2] for c in found if c.kind == "alias-removed"}
    seen: set[tuple[str, str, str | None, str | None]] = set()
    for change in found:
        name = change.path.rpartition(".")[2]
        if change.kind.startswith("import-path") and (name in packages or name in clients):
            continue
        key = (change.kind, change.path, change.before, change.after)
        if key not in seen:
            seen.add(key)
            yield change
