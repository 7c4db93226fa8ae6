"""Names that were given up: they work for a while, and say what to use instead.

Type checkers know `typing_extensions.deprecated`, which pydantic brings; at run time this module
does the same without importing it.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

__all__ = ["deprecated", "renamed"]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def deprecated(message: str) -> Callable[[_Function], _Function]:
    """Make a function warn whenever it is called.

    Args:
        message: What to use instead.
    """

    def mark(function: _Function) -> _Function:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return function(*args, **kwargs)

        return call  # type: ignore[return-value]

    return mark


def renamed(module: str, names: Mapping[str, str], stacklevel: int = 2) -> Callable[[str], Any]:
    """Make the `__getattr__` of a module some of whose names were given up.

    Args:
        module: The `__name__` of the module.
        names: What each old name is called now.
        stacklevel: How far above the result its caller is, as for `warnings.warn`.
    """

    def get(name: str) -> Any:
        new = names.get(name)
        if new is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
        text = f"{name} is now called {new}"
        warnings.warn(text, DeprecationWarning, stacklevel=stacklevel)
        return getattr(sys.modules[module], new)

    return get
