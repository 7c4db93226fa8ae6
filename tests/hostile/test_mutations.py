"""Real documents with random damage: refused with a place, or generated into code that is imported."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwright.config import Provider
from linkwright.pipeline import understand
from linkwright.render.layout import render_provider
from linkwright.resources import BUNDLED, bundled_spec, templates
from tests.hostile.jail import Jail

_ODD: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**30, "", "x", "pwned()", '"""', "\u202e", "a" * 300),
    *([], {}, [None], {"$ref": "#/"}, {"type": ["null", "object"]}, {"allOf": [{}]}, "object"),
    *({"oneOf": [{"type": "null"}, {"const": 1}]}, {"enum": [None, 1, "a"]}, "#/paths"),
]
_KEYS = [
    *(
        "",
        "class",
        "$ref",
        "type",
        "\u202e",
        "self",
        "enum",
        "const",
        "default",
        "required",
        "allOf",
    ),
    *(
        "properties",
        "discriminator",
        "parameters",
        "items",
        "readOnly",
        "None",
        "x-linkwright-name",
    ),
]
_WRAPS: list[Callable[[Any], Any]] = [
    lambda node: [node],
    lambda node: {"allOf": [node]},
    lambda node: {"oneOf": [node, {"type": "null"}]},
    lambda node: {"type": "array", "items": node},
    lambda node: {"properties": {"list": node, "str": {"type": "string"}}},
]


@pytest.fixture(scope="module")
def documents() -> list[Any]:
    """The bundled documents as plain data."""
    return [yaml.load(bundled_spec(name).read_bytes(), yaml.CSafeLoader) for name in BUNDLED]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=False))
def test_a_damaged_document(
    random: Random, documents: list[Any], tmp_path: Path, jail: Jail
) -> None:
    document = _excerpt(random.choice(documents), random)
    for _ in range(random.choice([1, 1, 2, 3, 6])):
        _damage(document, random)
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(document))
    understood = understand(Provider("acme", spec))
    if understood.view is None:
        errors = [d for d in understood.diagnostics if d.code.startswith("E")]
        assert errors
        assert all(d.span.line and d.span.column for d in errors), errors
        return
    output = tmp_path / "clients"
    shutil.rmtree(output, ignore_errors=True)
    for path, text in render_provider(understood.view, templates()).items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, "utf-8")
    used = jail.run("use", tmp_path, "acme")
    assert used.status == 0, used.err[-4_000:]


def _excerpt(document: Any, random: Random) -> Any:
    """A copy with a few of the paths."""
    copy = json.loads(json.dumps(document))
    chosen = random.sample(sorted(copy["paths"]), k=3)
    copy["paths"] = {path: copy["paths"][path] for path in chosen}
    return copy


def _damage(document: Any, random: Random) -> None:
    holder, key = random.choice(_places(document))
    other, place = random.choice(_places(document))
    node = holder[key]
    match random.choice(["replace", "delete", "duplicate", "swap", "wrap", "rename"]):
        case "replace":
            holder[key] = random.choice(_ODD)
        case "delete":
            del holder[key]
        case "duplicate":
            other[place] = json.loads(json.dumps(node))
        case "swap":
            copies = json.loads(json.dumps([other[place], node]))
            holder[key], other[place] = copies
        case "wrap":
            holder[key] = random.choice(_WRAPS)(node)
        case _:
            if isinstance(key, str):
                holder[random.choice(_KEYS)] = holder.pop(key)


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every mapping and list with each of its keys."""
    found: list[tuple[Any, Any]] = []
    waiting: list[object] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            members = cast("dict[str, object]", node)
            found += [(members, key) for key in members]
            waiting += members.values()
        elif isinstance(node, list):
            items = cast("list[object]", node)
            found += [(items, index) for index in range(len(items))]
            waiting += items
    return found
