"""Changes of a facade: what it can do with each provider, and where it gets its values from."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast

from .catalogue import Change

__all__ = ["CAPABILITIES", "compare_capabilities", "compare_mapping", "is_mapping"]

#: The file by which a folder of an output is known to be a facade.
CAPABILITIES = "capabilities.json"
_MAPPINGS = ("mapping.py", "rules.py", "webhooks.py")
#: From nothing to all of it.
_LEVELS = ("unsupported", "partial", "emulated", "native")

#: By provider, then by operation.
Table: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Any]]]


def is_mapping(path: str) -> bool:
    """Whether a file of a facade says where values come from and what they become."""
    return "/providers/" in path and path.rpartition("/")[2] in _MAPPINGS


def compare_capabilities(facade: str, old: str, new: str) -> Iterator[Change]:
    """What can be done now and could not, and the other way round.

    Args:
        facade: Name of its package.
        old: `capabilities.json` before; may be empty.
        new: The same after.
    """
    before, after = (cast("Table", json.loads(text or "{}")) for text in (old, new))
    for provider in sorted(before.keys() | after.keys()):
        one, other = before.get(provider, {}), after.get(provider, {})
        for operation in sorted(one.keys() | other.keys()):
            kind = _kind(one.get(operation), other.get(operation))
            if kind is not None:
                yield Change(
                    kind=kind,
                    provider="",
                    path=f"{facade}.capabilities.{provider}.{operation}",
                    subject=("capability", provider, operation),
                    before=_level(one.get(operation)),
                    after=_level(other.get(operation)),
                )


def _level(capability: Mapping[str, Any] | None) -> str:
    return "unsupported" if capability is None else str(capability.get("level", "unsupported"))


def _kind(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str | None:
    before, after = _LEVELS.index(_level(old)), _LEVELS.index(_level(new))
    if (before == 0) != (after == 0):
        return "capability-added" if before == 0 else "capability-removed"
    refused = [set(c.get("refuses", ())) if c else set[str]() for c in (old, new)]
    if after < before or refused[1] - refused[0]:
        return "capability-reduced"
    if after > before or refused[0] - refused[1]:
        return "capability-improved"
    return "capability-documentation-changed" if old != new and after else None


def compare_mapping(path: str, old: str, new: str) -> Iterator[Change]:
    """Each table and function of a mapping that is another one now.

    Args:
        path: Of the file.
        old: Its source before; may be empty.
        new: The same after.
    """
    before, after = _definitions(old), _definitions(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield Change(
                kind="mapping-changed",
                provider="",
                path=f"{path.removesuffix('.py').replace('/', '.')}.{name}",
                subject=("mapping", path, name),
                before=None,
                after=None,
            )


def _definitions(text: str) -> dict[str, str]:
    """What each name of a module stands for, without its layout."""
    found: dict[str, str] = {}
    for node in ast.parse(text).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = ast.dump(node)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = ast.dump(node)
            case _:
                pass
    found.pop("__all__", None)
    return found
