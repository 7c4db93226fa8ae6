"""Typing what can be typed of an answer that is not as documented.

Every part that has the documented shape becomes typed. What has not stays at its place as the JSON
value that came, and the model around it keeps a note.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Sequence
from functools import cache
from typing import (
    Annotated,
    Any,
    Final,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from .models import BUILDING, Model, noted
from .types import Tagged, TypeAliasType
from .values import Issue

__all__ = ["adapter_of", "details", "mend"]

M = TypeVar("M", bound=Model)

_TRIED: Final = 20
"""Down to here, each part is tried as a whole before it is taken apart. Bounds the total work."""

_adapters: Final[dict[object, TypeAdapter[Any]]] = {}


def mend(kind: Any, value: Any, path: tuple[str | int, ...], notes: list[Issue]) -> Any:
    """Type what can be typed.

    Args:
        kind: The documented type.
        value: What came, parsed.
        path: Where it stands.
        notes: Gets what is not as documented, apart from what models inside note themselves.
    """
    origin = get_origin(kind)
    if origin is Annotated:
        base, *metadata = get_args(kind)
        tagged = next((one for one in metadata if isinstance(one, Tagged)), None)
        if tagged is not None and isinstance(value, dict):
            return _tagged(tagged, base, cast("dict[str, Any]", value), path, notes)
        if tagged is None and _is_structured(base):
            return mend(base, value, path, notes)
    elif origin in (Union, types.UnionType):
        return _union(kind, value, path, notes)
    elif origin is list and isinstance(value, list):
        items = enumerate(cast("list[object]", value))
        return [mend(get_args(kind)[0], item, (*path, index), notes) for index, item in items]
    elif origin is dict and isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
        return {key: mend(get_args(kind)[1], one, (*path, key), notes) for key, one in entries}
    elif origin is tuple and isinstance(value, list):
        return _tuple(kind, cast("list[object]", value), path, notes)
    elif isinstance(kind, TypeAliasType):
        return mend(_meaning(kind), value, path, notes)
    elif isinstance(kind, type) and issubclass(kind, Model) and isinstance(value, dict):
        return _model(kind, cast("dict[str, Any]", value), path)
    return _leaf(kind, value, path, notes)


def _leaf(kind: Any, value: Any, path: tuple[str | int, ...], notes: list[Issue]) -> Any:
    typed, fault = _attempt(kind, value)
    if fault:
        notes.append(Issue(path, fault))
    return typed


def _tuple(
    kind: Any, value: list[object], path: tuple[str | int, ...], notes: list[Issue]
) -> object:
    kinds = get_args(kind)
    if len(kinds) != len(value):
        return _leaf(kind, value, path, notes)
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(mend(one, item, (*path, index), notes) for index, (one, item) in pairs)


def _attempt(kind: Any, value: Any) -> tuple[Any, str]:
    """The typed value, or the given one and the rule it breaks."""
    try:
        return adapter_of(kind, lambda: kind).validate_python(value), ""
    except ValidationError as error:
        found = details(error)
        # A union breaks a rule of each of its variants.
        return value, found[0].kind if len(found) == 1 else "union"
    except (ValueError, RecursionError, ArithmeticError):
        return value, "value_error"


def _model(kind: type[M], value: dict[str, Any], path: tuple[str | int, ...]) -> M:
    if len(path) < _TRIED:
        typed, fault = _attempt(kind, value)
        if not fault:
            return cast("M", typed)
    notes: list[Issue] = []
    known: dict[str, Any] = {}
    given: set[str] = set()
    rest = dict(value)
    for name, alias, type_, field in _fields(kind):
        key = alias if alias in value else name
        if key in value:
            # The depth goes on from here, the places start anew: notes are the model's own.
            known[name] = mend(type_, rest.pop(key), (*path, key), notes)
            given.add(name)
        elif field.is_required():
            known[name] = None
            notes.append(Issue((*path, alias), "missing"))
        else:
            known[name] = field.get_default(call_default_factory=True)
    further = _further(kind)
    if further is not None:
        rest = {key: mend(further, one, (*path, key), notes) for key, one in rest.items()}
    return noted(kind, known, given, rest, tuple(Issue(n.path[len(path) :], n.kind) for n in notes))


def _union(kind: Any, value: Any, path: tuple[str | int, ...], notes: list[Issue]) -> Any:
    variants = [one for one in get_args(kind) if one is not type(None)]
    if value is not None and len(variants) == 1:
        return mend(variants[0], value, path, notes)
    if not isinstance(value, (dict, list)):
        return _leaf(kind, value, path, notes)
    whole = cast("dict[str, Any] | list[Any]", value)
    if len(path) < _TRIED:
        typed, fault = _attempt(kind, whole)
        if not fault:
            return typed
    closest = _closest(variants, whole)
    if closest is not None:
        return mend(closest, whole, path, notes)
    notes.append(Issue(path, "union"))
    return whole


def _tagged(
    tagged: Tagged,
    union: Any,
    value: dict[str, Any],
    path: tuple[str | int, ...],
    notes: list[Issue],
) -> Any:
    tag = value.get(tagged.property)
    variants = {variant.__name__: variant for variant in get_args(union)}
    if tag is None and tagged.other is None:
        # No tag at all: what is there may still say enough.
        variant = _closest(list(variants.values()), value)
    else:
        name = tagged.variants.get(tag, tagged.other) if isinstance(tag, str) else tagged.other
        variant = variants[name] if name is not None else None
    if variant is not None:
        return mend(variant, value, path, notes)
    notes.append(Issue(path, "union_tag_not_found" if tag is None else "union_tag_invalid"))
    return value


def _closest(variants: Sequence[Any], value: dict[str, Any] | list[Any]) -> Any:
    """The variant that has most in common with a value, by its names alone; or None."""
    best: Any = None
    most = 0
    for variant in variants:
        base = get_args(variant)[0] if get_origin(variant) is Annotated else variant
        score = 0
        if isinstance(value, list):
            score = int((get_origin(base) or base) is list)
        elif isinstance(base, type) and issubclass(base, Model):
            score = _likeness(base, value)
        elif (get_origin(base) or base) is dict or base is not variant:
            score = 1
        if score > most:
            best, most = variant, score
    return best


def _likeness(kind: type[Model], value: dict[str, Any]) -> int:
    score = 0
    for name, alias, _, field in _fields(kind):
        if alias in value or name in value:
            score += 2
        elif field.is_required():
            score -= 1
    return score


def _is_structured(kind: Any) -> bool:
    return get_origin(kind) is not None or (isinstance(kind, type) and issubclass(kind, Model))


@cache
def _fields(kind: type[Model]) -> tuple[tuple[str, str, Any, FieldInfo], ...]:
    """Name, name on the wire, and type of each field."""
    kind.model_rebuild()
    return tuple(
        (name, field.alias or name, _annotated(field), field)
        for name, field in kind.model_fields.items()
    )


@cache
def _further(kind: type[Model]) -> Any:
    """The type of properties without a field, where the document says it."""
    described = vars(kind).get("additional_properties")
    if not isinstance(described, property) or described.fget is None:
        return None
    hints = get_type_hints(described.fget, include_extras=True)
    return get_args(hints["return"])[1]


@cache
def _meaning(alias: Any) -> Any:
    """The type that a name stands for."""
    holder = types.SimpleNamespace(__annotations__={"value": alias.__value__})
    names = vars(sys.modules[alias.__module__])
    return get_type_hints(holder, names, include_extras=True)["value"]


def _annotated(field: FieldInfo) -> Any:
    kind: Any = field.annotation
    for one in field.metadata:
        kind = Annotated[kind, one]
    return kind


def adapter_of(key: object, source: Callable[[], Any]) -> TypeAdapter[Any]:
    """Get what pydantic makes of a type, built once for each key."""
    adapter = _adapters.get(key)
    if adapter is None:
        # Outside the lock: this imports models, and another thread that does may be building some.
        kind = source()
        with BUILDING:
            adapter = _adapters.get(key)
            if adapter is None:
                adapter = TypeAdapter[Any](kind)
                adapter.rebuild()
                _adapters[key] = adapter
    return adapter


def details(error: ValidationError) -> list[Issue]:
    """Say where and which rule, and nothing of the input."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [Issue(item["loc"], item["type"]) for item in found]
