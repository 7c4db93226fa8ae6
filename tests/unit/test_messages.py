"""Text of strangers in messages: CI systems find no command in it, wherever it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwright.emit.paths import visible
from linkwright.source.text import disarmed, shown

#: GitHub takes white space off a line, then looks at its beginning; the others look anywhere.
_ACTED_ON = re.compile(r"^\s*::|##\[|##vso\[|##teamcity\[", re.M)
_TEXTS = st.lists(
    st.sampled_from(["::", ":", "##", "#", "[", "]", "vso", "teamcity", "\n", " ", "a", "\x85"])
).map("".join)


@settings(deadline=None)
@given(_TEXTS)
def test_no_command_is_left(text: str) -> None:
    assert not _ACTED_ON.search(disarmed(text))
    assert not _ACTED_ON.search(shown(text))
    assert not _ACTED_ON.search(visible(text))


@pytest.mark.parametrize(
    "text", ["## A heading", "a::b", "C# [1]", "see #[1]", "std::vector", "", "plain"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert disarmed(text) == text
