"""Bytes to positioned values: JSON and YAML agree, and neither lets a small file become a big one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwright.diagnostics import Collector, InputError
from linkwright.source.document import Map, Scalar, plain
from linkwright.source.from_json import compose_json
from linkwright.source.from_yaml import compose_yaml
from linkwright.source.load import parse

_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["C"]))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(_TEXT, _JSON, max_size=4), st.sampled_from([None, 1, "\t"]))
def test_json_reads_alike_by_both_parsers(value: dict[str, Any], indent: int | str | None) -> None:
    """The same values at the same places; tabs are no indentation for YAML, so not asked for."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    out = Collector()
    fast = compose_json(text, "f", out)
    assert fast is not None
    assert plain(fast) == value
    if indent != "\t":
        assert fast == compose_yaml(text, "f", out)
    assert out.found == []


@pytest.mark.parametrize(
    "text",
    [
        "{a: 1}",
        "{'a': 1}",
        '{"a": 1,}',
        '{"a": 1} # so',
        '{"a": 01}',
        '{"a": .5}',
        '{"a": [1,]}',
        '{"a": tru}',
    ],
)
def test_what_is_no_json_is_left_to_yaml(text: str) -> None:
    assert compose_json(text, "f", Collector()) is None
    assert isinstance(compose_yaml(text, "f", Collector()), Map)


def test_escapes_of_json() -> None:
    root = parse(rb'{"a": "\ud83d\ude00 \u0041\n", "<<": {"b": 1}}', "f", Collector()).root
    assert plain(root) == {"a": "\U0001f600 A\n", "<<": {"b": 1}}


def test_merge_keys_merge_only_without_quotes() -> None:
    text = b"a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}\nc: {'<<': *a}\n"
    assert plain(parse(text, "f", Collector()).root) == {
        "a": {"x": 1, "y": 1},
        "b": {"x": 1, "y": 2},
        "c": {"<<": {"x": 1, "y": 1}},
    }


_WORDS = {"no": "no", "on": "on", "2024-01-01": "2024-01-01", "1:30": "1:30", "0o17": 15, "~": None}


@pytest.mark.parametrize(("text", "value"), _WORDS.items())
def test_scalars_of_yaml_1_2(text: str, value: object) -> None:
    root = parse(f"{text}: {text}\n".encode(), "f", Collector()).root
    assert isinstance(root, Map)
    (found,) = root.entries.values()
    assert isinstance(found, Scalar)
    assert (found.value, list(root.entries)) == (value, [text])


def _deep_by_aliases() -> str:
    text = "a0: &a0 1\n"
    for n in range(1, 30):
        text += f"a{n}: &a{n} {'[' * 10}*a{n - 1}{']' * 10}\n"
    return text


def _wide_by_aliases() -> str:
    text = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for n in range(1, 9):
        text += f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"
    return text


_TOO_MUCH = {
    "deep aliases": (_deep_by_aliases(), "nested deeper than 200 levels"),
    "wide aliases": (_wide_by_aliases(), "aliases stand for more than 200,000 values"),
    "deep JSON": ('{"a": ' + "[" * 300 + "]" * 300 + "}", "nested deeper than 200 levels"),
    "long JSON": ('{"a": [' + "1," * 2_000_000 + "1]}", "more than 2,000,000 values"),
}


@pytest.mark.parametrize("name", _TOO_MUCH)
def test_too_much(name: str) -> None:
    text, said = _TOO_MUCH[name]
    with pytest.raises(InputError) as raised:
        parse(text.encode(), "f", Collector())
    (error,) = raised.value.diagnostics
    assert (error.code, error.message) == ("E104", said)
