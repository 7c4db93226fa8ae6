"""Modules without a pattern of their own, compared by griffe."""

from __future__ import annotations

from collections.abc import Iterator

import griffe

from .catalogue import Change
from .surface import visit

__all__ = ["compare_module"]


def compare_module(module: str, old: str, new: str) -> Iterator[Change]:
    """What griffe calls breaking, and public names that are new."""
    before, after = visit(f"{module}.py", old), visit(f"{module}.py", new)
    removed: set[str] = set()
    for breakage in griffe.find_breaking_changes(before, after):
        path = breakage.obj.path
        gone = breakage.kind is griffe.BreakageKind.OBJECT_REMOVED
        removed.add(path)
        yield _change("api-removed" if gone else "api-changed", path, breakage)
    for name in sorted(_public(after) - _public(before)):
        yield Change(
            kind="api-added", provider="", path=name, subject=("api", name), before=None, after=None
        )


def _change(kind: str, path: str, breakage: griffe.Breakage) -> Change:
    old, new = (None if v is None else str(v) for v in (breakage.old_value, breakage.new_value))
    if kind == "api-removed":
        old = new = None
    what = breakage.kind.value
    return Change(
        kind=kind,
        provider="",
        path=path,
        subject=("api", path),
        before=old,
        after=None if kind == "api-removed" else f"{new} ({what})",
    )


def _public(module: griffe.Module) -> set[str]:
    found: set[str] = set()
    pending: list[griffe.Module | griffe.Class] = [module]
    while pending:
        for name, member in pending.pop().members.items():
            if name.startswith("_") or isinstance(member, griffe.Alias) or not member.is_public:
                continue
            found.add(member.path)
            if isinstance(member, griffe.Class):
                pending.append(member)
    return found
