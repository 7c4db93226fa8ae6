"""The injection gate: values survive byte for byte, prose cannot become code."""

from __future__ import annotations

import ast
import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwright.shape.literals import Code, docstring, entry, markdown, prose, string, value
from linkwright.source.text import SpecText, SpecValue

#: Categories that no source text may hold: controls, formats, surrogates, private use, separators.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}

HOSTILE = [
    '"""',
    '\\"""',
    'a"',
    "a\\",
    "\\N{BULLET}",
    "{{ 7*7 }}{% raw %}",
    "line\rbreak\x0b\x0c\x1c\x85\u2028\u2029end",
    "\u202eabc\u2066",
    "\x00\x1b[31m",
    "'''\nimport os\nos.system('x')\n'''",
    "# -*- coding: utf-7 -*-",
    "\ud800",
]

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.text())
def test_a_string_literal_means_the_same_string(text: str) -> None:
    assert ast.literal_eval(string(SpecText(text))) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_string_survives_byte_for_byte(text: str) -> None:
    literal = string(SpecText(text))
    assert ast.literal_eval(literal) == text
    assert not HIDDEN & {unicodedata.category(c) for c in literal}


@given(JSON)
def test_a_value_survives(raw: object) -> None:
    assert ast.literal_eval(value(SpecValue(raw))) == raw


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_a_number_without_literal_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="no literal"):
        value(SpecValue(number))


@given(st.text(max_size=300), st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_string_and_nothing_else(text: str, indent: int) -> None:
    code = docstring(prose(SpecText(text), 80), indent)
    module = ast.parse(code)
    assert len(module.body) == 1
    statement = module.body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert isinstance(statement.value.value, str)
    assert not HIDDEN & {unicodedata.category(c) for c in code if c != "\n"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_prose_stays_prose(text: str) -> None:
    code = docstring(["First line.", *prose(SpecText(text)), *entry(f"x: {text!r}")], 4)
    (statement,) = ast.parse(code).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)


def test_prose_keeps_paragraphs_and_list_items_apart() -> None:
    text = SpecText("One\ntwo.\n\nThree:\n* a\n  b\n* c\n")
    assert prose(text, 40) == ["One two.", "", "Three:", "* a b", "* c"]


def test_an_empty_docstring_is_still_a_docstring() -> None:
    assert docstring([], 4) == '"""No description."""'


@given(st.text(max_size=100))
def test_markdown_stays_in_its_cell(text: str) -> None:
    cell = markdown(SpecText(text), cell=True)
    assert not {"\n", "|", "<", "["} & set(cell)


def test_text_of_a_spec_cannot_be_printed() -> None:
    text = SpecText("x")
    with pytest.raises(TypeError, match="gate"):
        f"{text}"  # formatting is what must fail
    with pytest.raises(TypeError, match="gate"):
        str(text)
    with pytest.raises(TypeError, match="gate"):
        Code(text)


def test_text_in_messages_is_harmless() -> None:
    shown = SpecText("a\x1b[2J\n::set-env name=X::y" + "z" * 500).shown
    assert shown.isprintable()
    assert len(shown) <= 140
