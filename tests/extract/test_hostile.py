"""Documentation is text of strangers: it stays text, and costs no more than it is long."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwright.extract import Page, extract
from linkwright.extract.document import to_yaml
from linkwright.extract.shapes import read_shape, words_of

from .apis import HARBOUR
from .codegen_forms import CODEGEN
from .speakeasy_forms import SPEAKEASY

PAGES = CODEGEN[0].pages(HARBOUR)
NASTY = (
    "!!python/object/apply:os.system ['id']",
    "&a [*a, *a]",
    "{{ 7 * 7 }} ${7*7} `id` $(id)",
    "\x1b[2J\x1b]0;owned\x07",
    "a: b\n---\nc: d",
    "'''\"\"\" \\N{BULLET} \\u0000",
    "\u202egnp.exe\u2066",
    "::set-env name=X::y",
    "on",
    "no",
    "1e3",
    "0x1F",
    "0o17",
    "1_000",
    ".inf",
    "~",
    "null",
    "2024-01-01",
    "=",
    "<<",
    "%YAML 1.1",
    "? x",
    "- x",
    "# x",
    "x #y",
    "x: ",
    ": x",
    "@x",
    "`x",
    "|",
    ">",
    "'",
    '"',
)


@pytest.mark.parametrize("text", NASTY)
def test_text_of_a_page_is_only_text_of_the_document(text: str) -> None:
    pages = [
        Page(name, page.replace("Add a boat", text.replace("\n", " ")).replace("A vessel.", text))
        for name, page in PAGES.items()
    ]
    written = to_yaml(extract(pages).document)
    assert not any(ord(c) < 32 and c != "\n" for c in written)
    document = yaml.safe_load(written)
    assert "!!" not in written or "python/object" in text
    assert isinstance(document["paths"]["/boats"]["post"].get("summary", ""), str)
    assert set(document["components"]["schemas"]) == {"Boat", "BoatDraft", "Rig"}


def test_no_anchor_no_alias_and_no_tag_is_written() -> None:
    written = to_yaml(extract([Page(n, t) for n, t in PAGES.items()]).document)
    tokens = {type(token).__name__ for token in yaml.scan(written)}
    assert not tokens & {"AliasToken", "AnchorToken", "TagToken", "DirectiveToken"}


_LINES = st.sampled_from([line for page in PAGES.values() for line in page.split("\n")])
_JUNK = st.text(alphabet="|*[]()<>`#-_&;\\ \n'\"{}:ab1\x00\x1b\u2028", max_size=30)


@given(st.lists(st.one_of(_LINES, _JUNK), max_size=60))
@settings(max_examples=150, deadline=None)
def test_shuffled_and_broken_pages_never_crash(lines: list[str]) -> None:
    head = PAGES["docs/BoatsApi.md"].split("\n")[:9]
    result = extract([Page("docs/BoatsApi.md", "\n".join([*head, *lines]))])
    assert yaml.safe_load(to_yaml(result.document))["openapi"] == "3.1.0"
    for page in result.report.pages:
        numbered = {
            n for ranges in page.ignored.values() for a, b in ranges for n in range(a, b + 1)
        }
        assert max(numbered, default=0) <= page.lines


@given(st.text(alphabet="[]<>(){}|,?*:&;\\. 'abList", max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_type_cell_is_read_as_something(cell: str) -> None:
    assert isinstance(words_of(read_shape(cell)), tuple)


@pytest.mark.parametrize(
    "cell",
    ["List[" * 3_000, "[" * 4_000, "](" * 2_000, "a|" * 2_000, "Optional<" * 1_000, "&lt;" * 999],
)
def test_nested_types_cost_no_more_than_they_are_long(cell: str) -> None:
    begun = time.process_time()
    read_shape(cell)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "filler",
    [
        "[a](" * 20_000,
        "**" * 40_000,
        "`" * 50_000,
        "[enum: " * 10_000,
        "<a id=" * 10_000,
        "[default to " * 8_000,
        "\\" * 50_000,
        " " * 80_000 + "x",
        "Configure API key " * 4_000,
    ],
    ids=lambda f: f[:12],
)
def test_a_long_text_takes_time_in_proportion(filler: str) -> None:
    for pages in (PAGES, SPEAKEASY[2].pages(HARBOUR)):
        given_text: list[Page] = []
        for name, page in pages.items():
            for text in (
                "How many.",
                "List boats",
                "On the stern.",
                "All about Boats.",
                "Only try.",
            ):
                page = page.replace(text, filler)
            given_text.append(Page(name, page))
        begun = time.process_time()
        extract(given_text)
        assert time.process_time() - begun < 10
