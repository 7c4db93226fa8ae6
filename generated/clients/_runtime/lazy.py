"""Imports that happen when a name is first used.

Both helpers are told the importing package, never their own: the tree works under any name, at any
depth, from a zip, and twice in one process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

__all__ = ["LazyModule", "lazy_exports", "link", "refers"]

_references: Final[dict[str, Mapping[str, str]]] = {}


def refers(module: str, names: Mapping[str, str]) -> None:
    """Note which classes of other modules the annotations of a module of models name.

    Modules that imported each other would do so deeper than Python goes where many lead to each
    other in a chain.

    Args:
        module: Its `__name__`.
        names: Name of a class -> module beside this one that defines it.
    """
    _references[module] = names


def link(module: str) -> None:
    """Give a module what it refers to, and all modules that this leads to, one after the other.

    What has been done is not done again; of two threads that do it at once, both do all of it.
    """
    if module not in _references:
        return
    done: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        names = _references.get(name)
        if names is None or name in done:
            continue
        done.add(name)
        package = name.rpartition(".")[0]
        for wanted, other in names.items():
            setattr(sys.modules[name], wanted, getattr(import_module(f".{other}", package), wanted))
            waiting.append(f"{package}.{other}")
    for name in done:
        _references.pop(name, None)


class LazyModule:
    """Stands for a module of a package and imports it when an attribute is first read."""

    __slots__ = ("_name", "_package")

    def __init__(self, package: str, name: str) -> None:
        self._package = package
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(f".{self._name}", self._package), attribute)

    def __repr__(self) -> str:
        return f"<lazy module {self._package}.{self._name}>"


def lazy_exports(
    package: str,
    exports: Mapping[str, str],
    renamed: Mapping[str, str] | None = None,
    custom: Collection[str] = (),
    former: Mapping[str, str] | None = None,
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the `__getattr__` and `__dir__` of a package that imports its exports on demand.

    Args:
        package: The `__name__` of the package.
        exports: Exported name -> submodule that defines it, relative to the package. A name that
            equals the last part of its submodule exports the module itself.
        renamed: What names that were given up are called now.
        custom: Names of classes that a `_custom` package beside may replace by subclasses.
        former: Names that were given up in submodules -> the submodule, which knows of them.
    """
    given_up = renamed or {}
    elsewhere = former or {}

    def get(name: str) -> Any:
        if name in given_up:
            from .renamed import renamed as make

            return make(package, given_up)(name)
        if name in elsewhere:
            return getattr(import_module(f".{elsewhere[name]}", package), name)
        submodule = exports.get(name)
        if submodule is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)
        module = import_module(f".{submodule}", package)
        link(module.__name__)
        exports_module = submodule.rpartition(".")[2] == name
        value = module if exports_module else getattr(module, name)
        if name in custom:
            names = (name, *(old for old, new in given_up.items() if new == name))
            value = _customised(package, names, value)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *exports})

    return get, names


def _customised(package: str, names: Sequence[str], generated: Any) -> Any:
    """The class of the user's own that takes the place of a generated one, if there is one.

    Args:
        package: The `__name__` of the package.
        names: What the class is called, and after it what it was called before.
        generated: The class.
    """
    where = f"{package}._custom"
    try:
        module = import_module("._custom", package)
    except ModuleNotFoundError as error:
        if error.name != where:
            raise  # it is there, and something that it imports is not
        return generated
    name = next((n for n in names if hasattr(module, n)), names[0])
    own = getattr(module, name, generated)
    if own is not generated and name != names[0]:
        from .renamed import warn

        warn(f"{name} is now called {names[0]}: {where}.{name} should be, too")
    if not (isinstance(own, type) and issubclass(own, generated)):
        raise TypeError(f"{where}.{name} must be a subclass of the generated {names[0]}")
    return own
