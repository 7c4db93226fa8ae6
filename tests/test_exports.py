"""`__all__` says what a module offers: sorted, and nothing in it is missing."""

from __future__ import annotations

import ast
import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _modules(folder: str) -> Iterator[str]:
    base = ROOT / folder
    for path in sorted(base.rglob("*.py")):
        relative = path.relative_to(base).with_suffix("")
        if relative.name != "__main__":
            yield ".".join(relative.parts).removesuffix(".__init__")


def _names(module: str) -> list[str]:
    return list(getattr(importlib.import_module(module), "__all__", ()))


@pytest.mark.parametrize("module", [*_modules("generator"), *_modules("generated")])
def test_every_exported_name_is_there(module: str) -> None:
    loaded = importlib.import_module(module)
    for name in _names(module):
        assert hasattr(loaded, name), f"{module} has no {name}"


@pytest.mark.parametrize("module", [*_modules("generator"), *_modules("generated")])
def test_exports_are_sorted_and_unique(module: str) -> None:
    names = _names(module)
    assert names == sorted(set(names))


@pytest.mark.parametrize("module", list(_modules("generated")))
def test_a_module_of_the_output_says_what_it_exports(module: str) -> None:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    public = [
        n.name
        for n in tree.body
        if isinstance(n, (ast.ClassDef, ast.FunctionDef)) and not n.name.startswith("_")
    ]
    if module.endswith((".models", ".operations")):
        return  # everything in them is public; a list would only repeat the module
    assert set(public) <= set(_names(module))


def test_a_missing_name_is_named() -> None:
    import clients.powens

    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        getattr(clients.powens, "Nonsense")  # noqa: B009  # a type checker knows it is wrong


def test_every_error_of_the_runtime_is_exported_at_the_root() -> None:
    from clients import errors
    from clients._runtime import errors as runtime

    tree = {n for n in runtime.__all__ if isinstance(getattr(runtime, n), type)}
    assert tree == set(errors.__all__)
