"""The model generator says of a kind of field what it says of it among others."""

from __future__ import annotations

import random

import pytest

from linkwright.render.hints import type_hints
from linkwright.shape.model_views import (
    KindView,
)

_PLAIN = ("string", "integer", "number", "boolean")


def _schema(chance: random.Random, depth: int) -> dict[str, object]:
    """A type as *shape* describes it."""
    kind = chance.randrange(7 if depth else 3)
    if kind == 0:
        return {}
    if kind == 1:
        return {"type": chance.choice(_PLAIN)}
    if kind == 2:
        name = f"Type_{chance.randrange(3)}_"
        return {"type": "string", "customTypePath": f"linkwright_runtime.types.{name}"}
    inner = [_schema(chance, depth - 1) for _ in range(chance.randint(1, 3))]
    if kind == 3:
        return {"type": "array", "items": inner[0]}
    if kind == 4:
        return {"type": "object", "additionalProperties": inner[0] or True}
    return {"anyOf": [*inner, *([{"type": "null"}] if kind == 5 else [])]}


@pytest.mark.parametrize("seed", range(5))
def test_kinds_do_not_depend_on_each_other(seed: int) -> None:
    chance = random.Random(seed)
    kinds = [KindView(_schema(chance, 3), chance.random() < 0.5) for _ in range(12)]
    together = type_hints(kinds)
    assert list(together) == [hint for kind in kinds for hint in type_hints([kind])]


def test_what_may_be_missing_may_be_none() -> None:
    text: dict[str, object] = {"type": "string"}
    lists: dict[str, object] = {"anyOf": [{"type": "array", "items": text}, {"type": "null"}]}
    given = [KindView(text, True), KindView(text, False), KindView(lists, True)]
    assert type_hints(given) == ("str", "str | None", "list[str] | None")
    assert type_hints(()) == ()
