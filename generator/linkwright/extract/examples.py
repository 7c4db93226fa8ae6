"""What an example call in a code block tells: names of arguments, and values as on the wire.

The code of a page is read, never run.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import cast

__all__ = ["call_of", "credentials_of", "keywords", "result_of"]

_LIMIT = 100_000
_DEPTH = 20


def keywords(code: str, method: str) -> dict[str, object]:
    """Arguments of the call of a method in Python code, by name.

    A request object is looked into: `create(req)` with `req = XRequest(company_id='1')` gives
    `{"company_id": "1"}`. Nested objects are dictionaries. Empty where nothing is understood.
    """
    tree = _tree(code)
    if tree is None:
        return {}
    values = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == method
        ):
            found = {k.arg: _value(k.value, values) for k in node.keywords if k.arg}
            request = found.pop("request", None)
            if node.args:
                request = _value(node.args[0], values)
            if isinstance(request, dict):
                found.update({str(k): v for k, v in cast("dict[object, object]", request).items()})
            return found
    return {}


def credentials_of(code: str) -> dict[str, object]:
    """Fields of the `security` object in Python code: the schemes, with example values."""
    tree = _tree(code)
    if tree is not None:
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "security":
                value = _value(node.value, {})
                if isinstance(value, dict):
                    fields = cast("dict[object, object]", value)
                    return {str(k): v for k, v in fields.items()}
    return {}


def result_of(code: str) -> str:
    """The field of the response an example looks at: `if res.connection is not None` gives it."""
    match = re.search(r"^if res\.(\w+)", code, re.M)
    return match[1] if match else ""


def call_of(code: str, method: str) -> str:
    """The resource a method is called on, without the client: `s.connections.create(` gives it."""
    name = re.escape(method)
    match = re.search(rf"\b\w+\.((?:\w+(?:\(\))?\.){{0,6}}){name}\s*\(", code, re.I)
    return f"{match[1]}{method}".replace("()", "") if match else ""


@lru_cache(maxsize=4)
def _tree(code: str) -> ast.Module | None:
    # The oldest vintage ends in an `if` without a body.
    code = re.split(r"^if ", code, maxsplit=1, flags=re.M)[0]
    if len(code) > _LIMIT:
        return None
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr, names: dict[str, ast.expr], depth: int = 0) -> object:
    if depth > _DEPTH:
        return None
    match node:
        case ast.Constant(value):
            return value if isinstance(value, str | int | float | bool) else None
        case ast.Name(id) if id in names and depth < _DEPTH:
            return _value(names[id], {k: v for k, v in names.items() if k != id}, depth + 1)
        case ast.Call(keywords=found) if found:
            return {k.arg: _value(k.value, names, depth + 1) for k in found if k.arg}
        case ast.Dict(keys, values):
            return {
                str(k.value): _value(v, names, depth + 1)
                for k, v in zip(keys, values, strict=True)
                if isinstance(k, ast.Constant)
            }
        case ast.List(items):
            return [_value(item, names, depth + 1) for item in items]
        case _:
            return None
