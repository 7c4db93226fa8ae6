"""Hooks are read, not run: the functions a mapping names must be there, and fit."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ...diagnostics import Collector
from ...ir.expressions import (
    HookCall,
)
from ...source.span import Span
from ...source.text import shown
from ..literals import Code

__all__ = ["check_hooks"]


def check_hooks(
    file: str, text: str, calls: Sequence[tuple[HookCall, Code]], out: Collector
) -> None:
    """Compare calls of hooks with the functions of a file.

    Args:
        file: Its name, for messages.
        text: Its source.
        calls: What is called, and how the result must be annotated.
        out: Takes E501 to E503.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        out.add("E501", "the hooks are not valid Python", Span(file, line, 1))
        return
    functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
    seen: set[tuple[str, Span]] = set()
    for call, wanted in calls:
        if (call.name, call.span) in seen:
            continue
        seen.add((call.name, call.span))
        found = functions.get(call.name)
        if found is None:
            out.add(
                "E502",
                f"there is no function {shown(call.name)!r} among the hooks",
                call.span,
                help=f"write `def {shown(call.name)}(...) -> {wanted}:` there",
                related=[(Span(file, 1, 1), "the hooks stand here")],
            )
            continue
        there = Span(file, found.lineno, found.col_offset + 1)
        arguments = [*found.args.posonlyargs, *found.args.args]
        needed = len(arguments) - len(found.args.defaults)
        if not needed <= len(call.arguments) <= len(arguments) or any(
            a.annotation is None for a in arguments
        ):
            out.add(
                "E503",
                f"the hook {shown(call.name)} is called with {len(call.arguments)} values",
                call.span,
                help="give the function as many arguments, each with its type",
                related=[(there, f"it takes {len(arguments)} here")],
            )
        result = ast.unparse(found.returns) if found.returns is not None else "nothing"
        # A hook that never gives nothing fits where nothing is allowed.
        if not _parts(result) <= _parts(wanted) or not _parts(result) - {"None"}:
            out.add(
                "E503",
                f"the hook {shown(call.name)} must give {wanted}",
                call.span,
                help=f"-> {wanted}",
                related=[(there, f"it gives {shown(result)} here")],
            )


def _parts(annotation: str) -> set[str]:
    """The alternatives of an annotation."""
    return {part.strip(" '\"") for part in annotation.split("|")}
