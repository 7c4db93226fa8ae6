"""Overlays: what actions do, and that what they bring in has its own place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwright.diagnostics import Collector, InputError
from linkwright.openapi.overlay import apply_overlay
from linkwright.source.document import Map, plain
from linkwright.source.library import Library
from linkwright.source.load import load, parse
from tests.unit.test_versions import Json

_FORM = {"overlay": "1.1.0", "info": {"title": "O", "version": "1"}}


def overlaid(document: object, *actions: object) -> Library:
    """A document after an overlay; errors are raised."""
    out = Collector()
    library = Library(parse(json.dumps(document).encode(), "spec.json", out), out)
    overlay = json.dumps({**_FORM, "actions": actions}).encode()
    apply_overlay(library, parse(overlay, "overlay.json", out), out)
    out.stop_on_errors()
    return library


_ACTIONS: list[tuple[Any, list[Any], Any]] = [
    # document, actions, what comes out
    ({"a": 1}, [{"target": "$", "update": {"b": 2}}], {"a": 1, "b": 2}),
    ({"a": 1}, [{"target": "$", "update": {"a": 2}}], {"a": 2}),
    ({"a": {"b": 1}}, [{"target": "$", "update": {"a": {"c": 2}}}], {"a": {"b": 1, "c": 2}}),
    ({"a": [1]}, [{"target": "$", "update": {"a": [2, 3]}}], {"a": [1, 2, 3]}),
    ({"a": "x"}, [{"target": "$", "update": {"a": ["x", "y"]}}], {"a": ["x", "y"]}),
    ({"a": [1]}, [{"target": "$.a", "update": {"b": 2}}], {"a": [1, {"b": 2}]}),
    ({"a": [1]}, [{"target": "$.a", "update": [2]}], {"a": [1, 2]}),
    ({"a": "x"}, [{"target": "$.a", "update": "y"}], {"a": "y"}),
    ({"a": 1, "b": 2}, [{"target": "$.a", "remove": True}], {"b": 2}),
    ({"a": [1, 2, 3]}, [{"target": "$.a[0,2]", "remove": True}], {"a": [2]}),
    ({"a": [1, 2]}, [{"target": "$.a[*]", "remove": True}], {"a": []}),
    ({"a": [1, 2, 3]}, [{"target": "$.a[0,0,-3]", "remove": True}], {"a": [2, 3]}),
    ({"a": [[1], [2]]}, [{"target": "$.a[0,0]", "update": [9]}], {"a": [[1, 9], [2]]}),
    ({"a": {"a": {"a": 1}}}, [{"target": "$..a", "remove": True}], {}),
    (
        {"a": {"x-b": "abc", "y": 1}, "c": {"x-b": "b"}},
        [{"target": "$[?match(@['x-b'], 'a.*c')]", "update": {"y": 2}}],
        {"a": {"x-b": "abc", "y": 2}, "c": {"x-b": "b"}},
    ),
    (
        {"a": {"x": "a long text"}, "b": {"x": "short"}},
        [{"target": "$[?search(@.x, 'lo[mn]g (te|zz)')]", "remove": True}],
        {"b": {"x": "short"}},
    ),
    ({"a": 1}, [{"target": "$.a", "remove": True, "update": 5}], {}),
    (
        {"a": {"x": 1}, "b": {"y": 2}},
        [{"target": "$.*", "update": {"z": 3}}],
        {"a": {"x": 1, "z": 3}, "b": {"y": 2, "z": 3}},
    ),
    (
        {"p": {"q": {"on": True}, "r": {"on": False}}},
        [{"target": "$.p[?@.on == true]", "remove": True}],
        {"p": {"r": {"on": False}}},
    ),
    (
        {"a": {"x": 1}, "b": {}},
        [{"target": "$.b", "copy": "$.a"}, {"target": "$.a", "remove": True}],
        {"b": {"x": 1}},
    ),
    (
        {"a": {}},
        [{"target": "$.a", "update": {"b": {}}}, {"target": "$.a.b", "update": {"c": 1}}],
        {"a": {"b": {"c": 1}}},
    ),
]


@pytest.mark.parametrize(("document", "actions", "expected"), _ACTIONS)
def test_actions(document: object, actions: list[object], expected: object) -> None:
    assert plain(overlaid(document, *actions).root.root) == expected


_WRONG: list[tuple[Any, str]] = [
    ({"target": "$.b", "remove": True}, "$.b matches nothing"),
    ({"target": "$.a[", "remove": True}, "is no JSONPath"),
    ({"target": "$.a"}, "does nothing"),
    ({"update": {}}, "needs a target"),
    ({"target": "$", "remove": True}, "whole document"),
    ({"target": "$.a", "update": 1}, "updated by a mapping"),
    ({"target": "$.a", "copy": "$.*"}, "copy needs one"),
    ({"target": "$[?search('x', '(a+)+$')]", "remove": True}, "repeats a group"),
    ({"target": "$[?match('x', 'a*b*c*d*')]", "remove": True}, "too much in it"),
    ({"target": "", "remove": True}, "is no JSONPath"),
    ({"target": f"$.a[{'9' * 1_000}]", "remove": True}, "is no JSONPath"),
    ({"target": "$" + ".a" * 2_000, "remove": True}, "longer than"),
    ("$.a", "an action is a mapping"),
]


@pytest.mark.parametrize(("action", "said"), _WRONG)
def test_what_is_wrong_with_an_action(action: object, said: str) -> None:
    with pytest.raises(InputError) as raised:
        overlaid({"a": {}, "c": {}}, action)
    (error,) = raised.value.diagnostics
    assert error.code == "E105"
    assert said in error.message
    assert error.span.file == "overlay.json"
    assert error.span.line == 1


def test_places_are_those_of_whoever_wrote_it() -> None:
    action = {"target": "$.a", "update": {"new": {"x": 1}, "old": 2}}
    root = overlaid({"a": {"old": 1, "kept": 1}}, action).root.root
    assert isinstance(root, Map)
    inner = root.entries["a"]
    assert isinstance(inner, Map)
    files = {key: (inner.keys[key].file, inner.entries[key].span.file) for key in inner.keys}
    assert files == {
        "old": ("overlay.json", "overlay.json"),
        "kept": ("spec.json", "spec.json"),
        "new": ("overlay.json", "overlay.json"),
    }


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("xy", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=10,
)
_MAPPINGS = st.dictionaries(st.sampled_from("abc"), _VALUES)


@settings(deadline=None)
@given(_MAPPINGS, _MAPPINGS)
def test_merging_is_what_the_specification_says(target: Any, update: Any) -> None:
    """Members of mappings merge, lists join, all else is replaced; inputs stay as they were."""
    out = Collector()
    before = parse(json.dumps(target).encode(), "spec.json", out)
    library = Library(before, out)
    overlay = {**_FORM, "actions": [{"target": "$", "update": update}]}
    apply_overlay(library, parse(json.dumps(overlay).encode(), "overlay.json", out), out)
    assert plain(library.root.root) == _merged(target, update)
    assert plain(before.root) == target


def _merged(target: Any, update: Any) -> Any:
    if isinstance(target, list) and isinstance(update, list):
        return [*cast("list[object]", target), *cast("list[object]", update)]
    if not isinstance(target, dict) or not isinstance(update, dict):
        return update
    merged = dict(cast("Json", target))
    for key, value in cast("Json", update).items():
        merged[key] = _merged(merged[key], value) if key in merged else value
    return merged


def test_extends_names_the_file_that_is_changed(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text("a: 1\n")
    (tmp_path / "part.yaml").write_text("b: 1\n")
    (tmp_path / "fix.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: F, version: '1'}\nextends: part.yaml\n"
        "actions:\n- {target: $, update: {b: 2}}\n"
    )
    out = Collector()
    library = Library(load(tmp_path / "spec.yaml", out), out)
    apply_overlay(library, load(tmp_path / "fix.yaml", out), out)
    assert out.found == []
    assert [plain(document.root) for document in library] == [{"a": 1}, {"b": 2}]
