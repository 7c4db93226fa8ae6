"""Whether an annotation takes more or less than another one."""

from __future__ import annotations

import ast
from typing import Literal, TypeAlias

__all__ = ["Relation", "compare"]

Relation: TypeAlias = Literal["same", "widened", "narrowed", "changed"]

_TOP = frozenset({"Any", "object"})
#: What stands for "not given" and is no part of a type.
_ABSENT = frozenset({"Unset"})
#: What each builtin includes.
_INCLUDES = {"float": {"int"}, "Decimal": {"int"}, "date": {"datetime"}}


def compare(old: str | None, new: str | None) -> Relation:
    """How `new` relates to `old`; an annotation that is missing takes anything."""
    if old == new:
        return "same"
    before, after = _members(old or "Any"), _members(new or "Any")
    forth, back = _covers(after, before), _covers(before, after)
    if forth and back:
        return "same"
    return "widened" if forth else "narrowed" if back else "changed"


def _members(annotation: str) -> tuple[ast.expr, ...]:
    try:
        return tuple(_flat(ast.parse(annotation.strip(), mode="eval").body))
    except SyntaxError:
        return (ast.Constant(annotation),)


def _flat(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return [*_flat(left), *_flat(right)]
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
            return _flat(first)
        case ast.Subscript(value=ast.Name(id="NotRequired" | "Required"), slice=inner):
            return _flat(inner)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=ast.Tuple(elts=values)):
            return [ast.Subscript(ast.Name("Literal"), value) for value in values]
        case ast.Constant(value=str(text)):
            return list(_members(text))
        case ast.Name(id=name) if name in _ABSENT:
            return []
        case _:
            return [node]


def _covers(wide: tuple[ast.expr, ...], narrow: tuple[ast.expr, ...]) -> bool:
    return all(any(_includes(w, n) for w in wide) for n in narrow)


def _includes(wide: ast.expr, narrow: ast.expr) -> bool:
    one, other = ast.unparse(wide), ast.unparse(narrow)
    if one == other or one in _TOP or other in _INCLUDES.get(one, ()):
        return True
    match wide, narrow:
        case (
            ast.Subscript(value=ast.Name(id=head), slice=inside),
            ast.Subscript(value=ast.Name(id=head_too), slice=inside_too),
        ) if (
            head == head_too and head != "Literal"
        ):
            parts, parts_too = _parts(inside), _parts(inside_too)
            return len(parts) == len(parts_too) and all(
                _covers(tuple(_flat(a)), tuple(_flat(b)))
                for a, b in zip(parts, parts_too, strict=True)
            )
        case ast.Name(id="str"), ast.Subscript(
            value=ast.Name(id="Literal"), slice=ast.Constant(value)
        ):
            return isinstance(value, str)
        case _:
            return False


def _parts(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]
