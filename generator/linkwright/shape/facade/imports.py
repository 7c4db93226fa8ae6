"""Which imports the code of an adapter needs: read off the code itself, never guessed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from ..literals import Code

__all__ = ["import_lines", "import_order", "names_used"]

_STANDARD = {
    "AsyncIterator": "collections.abc",
    "Iterator": "collections.abc",
    "List": "builtins",
    "Mapping": "collections.abc",
    "Sequence": "collections.abc",
    "date": "datetime",
    "datetime": "datetime",
    "Decimal": "decimal",
    "Event": "threading",
    "Final": "typing",
    "TypeVar": "typing",
}


def names_used(code: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Names that some definitions use when they run, and names only their annotations use.

    Args:
        code: Functions, methods or assignments.
    """
    running: set[str] = set()
    annotated: set[str] = set()
    for block in code:
        stack: list[tuple[ast.AST, bool]] = [(ast.parse(_dedented(block)), False)]
        while stack:
            node, annotation = stack.pop()
            if isinstance(node, ast.Name):
                (annotated if annotation else running).add(node.id)
            own = {
                id(n) for n in (getattr(node, "annotation", None), getattr(node, "returns", None))
            }
            stack += [(c, annotation or id(c) in own) for c in ast.iter_child_nodes(node)]
    return frozenset(running), frozenset(annotated - running)


def _dedented(block: str) -> str:
    return f"class _:\n{block}" if block.startswith("    ") else block


def import_lines(names: Iterable[str], sources: Mapping[str, str]) -> tuple[Code, ...]:
    """Import statements, sorted; an empty line stands between the library's and our own.

    Args:
        names: What is used.
        sources: The module of every name that is ours, relative; the standard library's are known.
    """
    modules: dict[str, list[str]] = {}
    for name in names:
        module = sources.get(name) or _STANDARD.get(name)
        if module is not None:
            modules.setdefault(module, []).append(name)
    standard = sorted(m for m in modules if not m.startswith("."))
    ours = sorted((m for m in modules if m.startswith(".")), key=lambda m: (-_dots(m), m))
    lines = [_line(m, modules[m]) for m in standard]
    if standard and ours:
        lines.append(Code(""))
    return (*lines, *(_line(m, modules[m]) for m in ours))


def _dots(module: str) -> int:
    return len(module) - len(module.lstrip("."))


def _line(module: str, names: list[str]) -> Code:
    if names == ["List"]:
        # Adapters have a method called `list`, which hides the builtin.
        return Code(f"from {module} import list as List")
    return Code(f"from {module} import {', '.join(sorted(names, key=import_order))}")


def import_order(name: str) -> tuple[bool, bool, str]:
    """Constants first, then classes, then the rest, as isort has it."""
    return (not name.isupper(), not name[:1].isupper(), name)
