"""Names that were given up: they work for a while, and say what to use instead.

Type checkers know `typing_extensions.deprecated`, which pydantic brings; at run time this module
does the same without importing it.
"""

from __future__ import annotations

import functools
import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from enum import EnumType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

__all__ = [
    "OldMembers",
    "deprecated",
    "listed",
    "old_fields",
    "renamed",
    "renamed_arguments",
    "renamed_fields",
    "replaced",
    "warn",
]

_T = TypeVar("_T")

if TYPE_CHECKING:
    from pydantic import BaseModel
    from typing_extensions import deprecated as deprecated
else:

    def deprecated(message: str) -> Callable[[_T], _T]:
        """Make a function warn whenever it is called.

        Args:
            message: What to use instead.
        """

        def mark(function: Callable[..., Any]) -> Callable[..., Any]:
            call = _wrapped(function, message, {})
            call.__deprecated__ = message
            return call

        return mark


def renamed_arguments(
    message: str | None = None, /, **names: str
) -> Callable[[Callable[..., _T]], Callable[..., _T]]:
    """Make a function take arguments under names that were given up, and warn where it does.

    Its overloads tell type checkers which those are.

    Args:
        message: What to use instead of the function itself, if that was renamed too.
        **names: What each old name is called now.
    """

    def mark(function: Callable[..., _T]) -> Callable[..., _T]:
        return _wrapped(function, message, names)

    return mark


def _wrapped(
    function: Callable[..., _T], message: str | None, names: Mapping[str, str]
) -> Callable[..., _T]:
    def told(kwargs: dict[str, Any]) -> dict[str, Any]:
        if message is not None:
            warn(message)
        for old in [name for name in names if name in kwargs]:
            _rename(kwargs, old, names[old], function.__name__)
        return kwargs

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> _T:
        return function(*args, **told(kwargs))

    if not inspect.iscoroutinefunction(function):
        return call
    if sys.version_info >= (3, 12):
        # Warns where it is called, which may be elsewhere than where it is awaited.
        return inspect.markcoroutinefunction(call)

    @functools.wraps(function)
    async def wait(*args: Any, **kwargs: Any) -> Any:
        return await function(*args, **told(kwargs))

    return cast("Callable[..., _T]", wait)


def _rename(given: dict[str, Any], old: str, new: str, where: str) -> None:
    """Hand an argument on under its present name.

    Raises:
        TypeError: It is there already.
    """
    if new in given:
        raise TypeError(f"{where}() got {new!r} twice: {old!r} is its old name")
    warn(f"argument {old} is now called {new}")
    given[new] = given.pop(old)


def renamed_fields(**names: str) -> Callable[..., None]:
    """Make the `__init__` of a model some of whose fields had other names.

    Answers are decoded without it: what they call so is something else.

    Args:
        **names: What each old name is called now.
    """
    from pydantic import BaseModel  # resources have no use for it

    def __init__(self: Any, /, **data: Any) -> None:  # noqa: N807  # what it becomes
        for old in [name for name in names if name in data]:
            _rename(data, old, names[old], type(self).__name__)
        BaseModel.__init__(self, **data)

    # For pydantic: that this makes nothing that its own one would not make.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]
    __init__.renamed = names  # type: ignore[attr-defined]
    return __init__


def old_fields(kind: type[BaseModel]) -> dict[str, str]:
    """What the fields of a model, and of what it is derived from, were called, and are now."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        found |= getattr(vars(one).get("__init__"), "renamed", {})
    # Of a class of the user's own, it may be a field again.
    return {old: new for old, new in found.items() if old not in kind.model_fields}


def replaced(kind: type[BaseModel], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What is given by names of fields, by their present ones.

    Raises:
        TypeError: A field is there under both.
    """
    found, names = dict(given), old_fields(kind)
    for old in [name for name in names if name in found]:
        _rename(found, old, names[old], where)
    return found


def listed(kind: type, names: Iterable[str]) -> list[str]:
    """The names of attributes without those that were given up, which warn when they are read."""
    return [
        name
        for name in names
        if not hasattr(getattr(getattr(kind, name, None), "fget", None), "__deprecated__")
    ]


class OldMembers(EnumType):
    """The metaclass of an enumeration some of whose members had other names.

    Each is a deprecated property of a subclass. They are no members: neither listed nor counted.
    """

    def __getitem__(cls, name: str) -> Any:
        old: Any = getattr(getattr(type(cls), name, None), "fget", None)
        text: str | None = getattr(old, "__deprecated__", None)
        if text is None:
            return super().__getitem__(name)
        warn(text)
        return old.__wrapped__(cls)


def renamed(module: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the `__getattr__` of a module some of whose names were given up.

    Args:
        module: The `__name__` of the module.
        names: What each old name is called now.
    """

    def get(name: str) -> Any:
        new = names.get(name)
        if new is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
        warn(f"{name} is now called {new}")
        return getattr(sys.modules[module], new)

    return get


def warn(message: str) -> None:
    """Warn whoever uses an old name, through whatever of this package that is called."""
    level, frame = 1, inspect.currentframe()
    while frame is not None:
        name: object = frame.f_globals.get("__name__")
        if isinstance(name, str) and name.startswith(_PACKAGE):
            level += 1
        elif not str(name).startswith("importlib."):  # which `warnings` does not count
            break
        frame = frame.f_back
    warnings.warn(message, DeprecationWarning, stacklevel=level)


_PACKAGE: Final = f"{__name__.rpartition('.')[0]}."
