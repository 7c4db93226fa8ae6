"""Selectors: what stars reach, the same as a pattern says that is tried out."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from linkwright.openapi.selection import Selector
from linkwright.source.document import Map
from linkwright.source.span import Span

_NOWHERE = Span("a.toml")
_PATTERNS = st.lists(st.sampled_from(["a", "b", "/", "*", "**"]), max_size=7).map("".join)
_TEXTS = st.text("ab/", max_size=7)


@settings(deadline=None)
@given(_PATTERNS, _TEXTS)
def test_stars_reach_what_they_should(pattern: str, text: str) -> None:
    wild = {"*": "[^/]*", "**": ".*"}
    expected = "".join(wild.get(p) or re.escape(p) for p in re.split(r"(\*\*?)", pattern))
    selector = Selector(None, pattern, None, None, webhook=None, span=_NOWHERE)
    found = selector.takes(text, "get", Map({}, {}, _NOWHERE))
    assert found == (re.fullmatch(expected, text) is not None)
