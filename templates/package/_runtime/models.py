"""The base of all models."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .lazy import link
from .renamed import old_fields, replaced
from .values import Issue

__all__ = ["BUILDING", "Model", "issues_in", "noted"]

BUILDING: Final = threading.RLock()
"""Held while pydantic builds validators, which it does not do safely in several threads."""

if hasattr(os, "register_at_fork"):
    # A child has no use for what another thread of its parent had built by half.
    os.register_at_fork(
        before=BUILDING.acquire, after_in_parent=BUILDING.release, after_in_child=BUILDING.release
    )


_DEEPEST: Final = 20
"""Levels of models inside models that are built at once, where not all of them can be."""

_deep: Final[set[str]] = set()
"""Packages of models of which that is known."""


class _Building(threading.local):
    """How many models there are around the one that is described."""

    depth = 0
    deepest = sys.maxsize


_building: Final = _Building()


class Model(BaseModel, frozen=True):
    """A JSON object.

    Fields the specification does not know are kept, in `model_extra`, and sent back as they came.
    The `repr` shows what was set, but neither the values of unknown fields nor secrets.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        defer_build=True,
        extra="allow",
        hide_input_in_errors=True,
        populate_by_name=True,
        protected_namespaces=(),
    )

    def __init_subclass__(cls, **given: Any) -> None:
        # The types of inherited fields are looked up in the module of a class of yours, which does
        # not know their names: they have to be found before.
        for base in cls.__bases__:
            if base is not Model and issubclass(base, Model):
                base.model_rebuild()
        super().__init_subclass__(**given)

    def is_set(self, name: str) -> bool:
        """Tell whether a field was given, be it as null.

        Args:
            name: The Python name of a field, or the name of an unknown one.

        Raises:
            AttributeError: There is no such field.
        """
        if name in self.model_fields_set:
            return True
        if name in type(self).model_fields:
            return False
        new = old_fields(type(self)).get(name)
        if new is not None:
            return self.is_set(new)
        raise AttributeError(f"{type(self).__name__} has no field {name!r}", name=name, obj=self)

    def model_issues(self) -> tuple[Issue, ...]:
        """What of this object came other than documented, with everything inside it.

        Empty, unless it was decoded from an answer that the specification does not describe: what
        could not be typed then stands in its field as the JSON value that came, and a required
        field that is missing reads as `None`.
        """
        return tuple(issues_in(self))

    if not TYPE_CHECKING:
        # What came other than documented is written as it came. Pydantic would warn, and its
        # warnings quote values.
        def model_dump(self, **options: Any) -> dict[str, Any]:
            return super().model_dump(**self._options(options))

        def model_dump_json(self, **options: Any) -> str:
            return super().model_dump_json(**self._options(options))

        def _options(self, options: dict[str, Any]) -> dict[str, Any]:
            options = {"warnings": False, **options}
            old = old_fields(type(self)).keys() - (self.model_extra or {}).keys()
            for name in options.keys() & {"include", "exclude"}:
                given = options[name]
                if isinstance(given, (AbstractSet, Mapping)) and not old.isdisjoint(given):
                    given = given if isinstance(given, Mapping) else dict.fromkeys(given, True)
                    options[name] = replaced(type(self), given, name)
            return options

        def model_copy(
            self, *, update: Mapping[str, Any] | None = None, deep: bool = False
        ) -> Self:
            given = update and replaced(type(self), update, "model_copy")
            return super().model_copy(update=given, deep=deep)

        @classmethod
        def model_construct(cls, _fields_set: set[str] | None = None, **values: Any) -> Self:
            return super().model_construct(_fields_set, **replaced(cls, values, "model_construct"))

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Describe the model to pydantic, which goes into the models inside by calling this.

        If models lead to models deeper than Python goes, the description ends a few levels down, in
        a call of the next model's own validator, which is built when a value first gets there.
        Values come out the same, but a union of such models takes the first one that fits, and not
        the one of which most fields were given.
        """
        link(cls.__module__)
        depth = _building.depth
        if depth >= _building.deepest:
            return core_schema.no_info_wrap_validator_function(
                lambda value, _: cls.model_validate(value), core_schema.any_schema()
            )
        _building.depth = depth + 1
        try:
            if depth or cls.__module__.rpartition(".")[0] not in _deep:
                return handler(source)
        except RecursionError:
            if depth:
                raise
            _deep.add(cls.__module__.rpartition(".")[0])
        finally:
            _building.depth = depth
        return cls._in_pieces(source, handler)

    @classmethod
    def _in_pieces(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        _building.depth, _building.deepest = 1, _DEEPEST
        try:
            return handler(source)
        finally:
            _building.depth, _building.deepest = 0, sys.maxsize

    def __str__(self) -> str:
        return repr(self)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, field in type(self).model_fields.items():
            if field.repr and name in self.model_fields_set:
                yield name, self.__dict__.get(name)
        if self.model_extra:
            yield "model_extra", list(self.model_extra)

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        """Build the validator, one thread at a time. Pydantic calls this on first use."""
        link(cls.__module__)
        with BUILDING:
            return super().model_rebuild(
                force=force,
                raise_errors=raise_errors,
                _parent_namespace_depth=_parent_namespace_depth + 1,
                _types_namespace=_types_namespace,
            )


M = TypeVar("M", bound=Model)


def noted(
    kind: type[M],
    known: dict[str, Any],
    given: set[str],
    rest: dict[str, Any],
    issues: tuple[Issue, ...],
) -> M:
    """Make a model of values that are not all of their types.

    Args:
        kind: Its class.
        known: A value for every field.
        given: The fields that came.
        rest: Unknown fields.
        issues: What is not as documented, apart from what is inside models inside.
    """
    model = kind.__new__(kind)
    # What `model_construct` does, which cannot keep a note and mixes up names and aliases.
    object.__setattr__(model, "__dict__", known)
    object.__setattr__(model, "__pydantic_fields_set__", given)
    object.__setattr__(model, "__pydantic_extra__", rest)
    object.__setattr__(model, "__pydantic_private__", {_ISSUES: issues} if issues else None)
    return model


_ISSUES: Final = "_issues"


def issues_in(value: object) -> Iterator[Issue]:
    """Find the notes of all models in a value, from the outside in."""
    stack: list[tuple[tuple[str | int, ...], object]] = [((), value)]
    while stack:
        path, value = stack.pop()
        inside: list[tuple[str | int, object]] = []
        if isinstance(value, Model):
            own: tuple[Issue, ...] = (value.__pydantic_private__ or {}).get(_ISSUES, ())
            yield from (Issue((*path, *issue.path), issue.kind) for issue in own)
            fields = type(value).model_fields
            inside = [(fields[n].alias or n, v) for n, v in value.__dict__.items() if n in fields]
            inside += (value.model_extra or {}).items()
        elif isinstance(value, (list, tuple)):
            inside = list(enumerate(cast("list[object]", value)))
        elif isinstance(value, dict):
            inside = list(cast("dict[str, object]", value).items())
        stack += [
            ((*path, key), item)
            for key, item in reversed(inside)
            if isinstance(item, (Model, list, tuple, dict))
        ]
