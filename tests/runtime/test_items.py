"""Streams of documents, cut anywhere: what comes out never depends on how the bytes came."""

from __future__ import annotations

import json
import time
from typing import Any, Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from package._runtime.items import Framing, TooLong
from package._runtime.operation import Items

Form: TypeAlias = Literal["lines", "sequence", "events", "json events"]
FORMS: tuple[Form, ...] = ("lines", "sequence", "events", "json events")


def cut(form: Form, *chunks: bytes, longest: int = 1_000_000) -> list[bytes]:
    framing = Framing(Items(lambda: object, form), longest)
    found = [document for chunk in chunks for document in framing.feed(chunk)]
    return [*found, *framing.feed(b"", last=True)]


@given(
    st.lists(
        st.sampled_from(
            [b"data: {}", b"\r", b"\n", b"\x1e", b"id:1", b"\xef\xbb\xbf", b"\xff", b"1"]
        )
    ),
    st.sampled_from(FORMS),
    st.data(),
)
def test_where_the_chunks_end_does_not_matter(
    parts: list[bytes], form: Form, data: st.DataObject
) -> None:
    content = b"".join(parts)
    ends = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=8)))
    chunks = [content[a:b] for a, b in zip([0, *ends], [*ends, len(content)], strict=True)]
    assert cut(form, *chunks) == cut(form, content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(JSON), st.sampled_from(["lines", "sequence", "json events"]))
def test_what_was_written_comes_back(values: list[Any], form: Form) -> None:
    head, tail = {"lines": ("", "\n"), "sequence": ("\x1e", "\n")}.get(form, ("data: ", "\n\n"))
    content = "".join(f"{head}{json.dumps(value)}{tail}" for value in values).encode()
    read = [json.loads(document) for document in cut(form, content)]
    assert read == ([{"data": value} for value in values] if form == "json events" else values)


@given(st.text(), st.text(st.characters(exclude_characters="\r\n")))
def test_texts_of_events_are_only_texts(data: str, event: str) -> None:
    """Whatever stands in a field, the object has that field, and no other."""
    lines = [f"data: {line}" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    content = "\n".join([f"event: {event}", *lines, "", ""]).encode("utf-8", "replace")
    (document,) = cut("events", content)
    assert json.loads(document).keys() == {"data", "event"}


@pytest.mark.parametrize("form", FORMS)
def test_a_document_has_an_end(form: Form) -> None:
    with pytest.raises(TooLong):
        cut(form, *[b"data: x"] * 100, longest=500)
    with pytest.raises(TooLong):
        cut(form, *[b"data: x\n"] * 100, b"\n\x1e", longest=500 if form != "lines" else 5)


@pytest.mark.parametrize(
    ("form", "begin", "piece"),
    [
        ("json events", b"data:", b"x" * 100),
        ("json events", b"", b"data:\n"),
        ("lines", b"", b"x" * 100),
    ],
)
def test_looking_for_an_end_takes_no_longer_the_more_there_is(
    form: Form, begin: bytes, piece: bytes
) -> None:
    """A server that never ends a document cannot keep the client busy: bytes are looked at once."""

    def spent(pieces: int) -> float:
        begun = time.process_time()
        cut(form, begin, *[piece] * pieces, longest=10_000_000)
        return time.process_time() - begun

    # What looks at everything again takes 64 times as long for 8 times as much.
    assert min(spent(80_000) for _ in range(3)) < 24 * min(spent(10_000) for _ in range(3))
