"""Lines the way black leaves them: on one line if that fits, else one item a line.

The output goes through black all the same. Text that is already in its form costs black a single
pass instead of two, and formatting is what most of a run is spent on.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .literals import Code

__all__ = ["WIDTH", "alternatives", "exploded_tuple", "listed", "one_tuple"]

WIDTH = 100


def listed(head: str, items: Sequence[str], tail: str, indent: int = 0, *, after: int = 0) -> Code:
    """`head` + items + `tail`, on one line if it fits, else exploded with a trailing comma.

    Args:
        head: Up to and including the opening bracket.
        items: Without separators.
        tail: From the closing bracket on.
        indent: Columns the first line stands at; the text itself begins without them.
        after: Columns that follow on the last line.
    """
    one = head + ", ".join(items) + tail
    if not items or ("\n" not in one and indent + len(one) + after <= WIDTH):
        return Code(one)
    margin = " " * indent
    inner = "".join(f"{margin}    {item},\n" for item in items)
    return Code(f"{head}\n{inner}{margin}{tail}")


def one_tuple(items: Sequence[str]) -> str:
    """A tuple on one line."""
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def exploded_tuple(items: Sequence[str], indent: int) -> str:
    """A tuple as the value of a keyword argument: exploded unless it is a short single one."""
    if len(items) == 1 and "\n" not in items[0] and len(items[0]) <= WIDTH - indent - 11:
        return f"({items[0]},)"
    margin = " " * indent
    return "(\n" + "".join(f"{margin}    {item},\n" for item in items) + f"{margin})"


def alternatives(annotation: str) -> list[str]:
    """The members of a union. A bar inside brackets, or inside a literal, divides nothing."""
    members: list[str] = []
    node = ast.parse(annotation, mode="eval").body
    while isinstance(node, ast.BinOp):
        members.append(ast.get_source_segment(annotation, node.right) or "")
        node = node.left
    members.append(ast.get_source_segment(annotation, node) or "")
    return members[::-1]
