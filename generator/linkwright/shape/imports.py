"""Which imports generated code needs: read off the annotations it uses, never guessed."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from .literals import Code

__all__ = ["names_in", "names_in_signature", "standard_imports", "typing_import"]

_STANDARD = (
    ("builtins", {"List": "list as List"}),
    ("collections.abc", {"Awaitable": "Awaitable", "Mapping": "Mapping", "Sequence": "Sequence"}),
    ("datetime", {"date": "date", "datetime": "datetime"}),
    ("decimal", {"Decimal": "Decimal"}),
)
_TYPING = frozenset({"Any", "Final", "Literal", "NotRequired", "TypedDict"})


def names_in(annotations: Iterable[str]) -> frozenset[str]:
    """Every plain name in some annotations, inside quotes too."""
    found: set[str] = set()
    for annotation in annotations:
        for node in ast.walk(ast.parse(annotation, mode="eval")):
            if isinstance(node, ast.Name):
                found.add(node.id)
    return frozenset(found)


def names_in_signature(head: str) -> frozenset[str]:
    """Every plain name that the annotations and defaults of a `def` mention."""
    function = ast.parse(f"def {head} ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    parts: list[ast.expr | None] = [a.annotation for a in (*arguments.args, *arguments.kwonlyargs)]
    parts += [*arguments.defaults, *arguments.kw_defaults, function.returns]
    return frozenset(
        node.id
        for part in parts
        if part is not None
        for node in ast.walk(part)
        if isinstance(node, ast.Name)
    )


def standard_imports(names: frozenset[str]) -> tuple[Code, ...]:
    """Import statements of the standard library, except `typing`, sorted."""
    lines: list[Code] = []
    for module, known in _STANDARD:
        wanted = [known[name] for name in sorted(known) if name in names]
        if wanted:
            lines.append(Code(f"from {module} import {', '.join(wanted)}"))
    return tuple(lines)


def typing_import(names: frozenset[str], *always: str) -> Code:
    """What stands behind `from typing import`, sorted as isort sorts it: constants first."""
    wanted = set(always) | (names & _TYPING)
    return Code(", ".join(sorted(wanted, key=lambda n: (not n.isupper(), n))))
