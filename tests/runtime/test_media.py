"""Answers that are no JSON, and the choice between several forms of one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import DecodeError, NotFound, RequestError
from package._runtime.operation import BYTES, TEXT, UNTYPED, Operation
from package._runtime.settle import Answer, settle
from package._runtime.values import Headers, Issue

from .conftest import Server
from .toyapi.operations import PROVIDER


def operation(**given: Any) -> Operation[Any]:
    results: Any = given.pop("results", {200: BYTES})
    return Operation(
        id="x", name="x", method="GET", path="/x", retry="safe", results=results, **given
    )


def settled(operation: Operation[Any], content: bytes, media_type: str = "", **given: Any) -> Any:
    headers = Headers([("Content-Type", media_type)] if media_type else [])
    status = given.pop("status", 200)
    return settle(PROVIDER, operation, Answer(status, headers, content), **given)


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"{}"])
def test_bytes_come_as_they_are(content: bytes) -> None:
    assert settled(operation(), content, "application/json") == content
    assert settled(operation(), content) == content


@pytest.mark.parametrize(
    ("media_type", "content", "text"),
    [
        ("text/csv", "né".encode(), "né"),
        ("text/csv; charset=iso-8859-1", b"n\xe9", "né"),
        ('text/csv;charset="ISO-8859-1"; header=present', b"n\xe9", "né"),
        ("", b"", ""),
        ("text/csv; charset=utf-16", "né".encode("utf-16"), "né"),
        # Python knows these, too, and they are no charsets.
        ("text/csv; charset=rot13", b"text", "text"),
        ("text/csv; charset=zlib", b"text", "text"),
        ("text/csv; charset=nonsense", b"text", "text"),
        ("text/csv; charset=", b"text", "text"),
    ],
)
def test_text_is_decoded_as_it_says(media_type: str, content: bytes, text: str) -> None:
    assert settled(operation(results={200: TEXT}), content, media_type) == text


def test_text_that_is_broken_is_kept_as_far_as_it_goes() -> None:
    answer = Answer(200, Headers([]), b"a\xffb")
    assert settle(PROVIDER, operation(results={200: TEXT}), answer) == "a�b"
    assert answer.issues == [Issue((), "string_unicode")]
    with pytest.raises(DecodeError, match="string_unicode"):
        settle(PROVIDER, operation(results={200: TEXT}), answer, strict=True)


@pytest.mark.parametrize(
    ("media_type", "content", "value"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("application/problem+json; charset=utf-8", b"[1]", [1]),
        ("text/plain", b"1", "1"),
        ("application/pdf", b"%PDF", b"%PDF"),
        ("", b'{"a": 1}', {"a": 1}),
        ("", b"%PDF", b"%PDF"),
        ("application/json", b"", None),
    ],
)
def test_what_nothing_is_known_of_is_what_it_says(
    media_type: str, content: bytes, value: object
) -> None:
    assert settled(operation(results={"2XX": UNTYPED}), content, media_type) == value


def test_what_says_it_is_json_and_is_not() -> None:
    with pytest.raises(DecodeError):
        settled(operation(results={"2XX": UNTYPED}), b"<html>", "application/json")


SEVERAL = operation(
    results={200: lambda: dict[str, int], 204: None},
    media=(
        (200, "application/json", lambda: dict[str, int]),
        (200, "text/csv", TEXT),
        (200, "application/pdf", BYTES),
    ),
)


@pytest.mark.parametrize(
    ("media_type", "content", "value"),
    [
        ("application/json; charset=utf-8", b'{"a": 1}', {"a": 1}),
        ("Text/CSV; header=absent", b"a,1", "a,1"),
        ("application/pdf", b"%PDF", b"%PDF"),
        # Whatever is not documented is read as what is asked for unless told otherwise.
        ("application/octet-stream", b'{"a": 1}', {"a": 1}),
        ("", b'{"a": 1}', {"a": 1}),
    ],
)
def test_an_answer_is_read_as_what_it_is(media_type: str, content: bytes, value: object) -> None:
    assert settled(SEVERAL, content, media_type) == value


def test_no_content_stays_none() -> None:
    assert settled(SEVERAL, b"surprise", "text/csv", status=204) is None


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_the_caller_chooses(server: Server, mode: str) -> None:
    server.reply(200, b"a,1", Content_Type="text/csv")

    def get(**given: Any) -> Any:
        if mode == "sync":
            with Client(PROVIDER, credentials={}, base_url=server.url) as client:
                return client.send(SEVERAL, {}, **given)

        async def call() -> Any:
            async with AsyncClient(PROVIDER, credentials={}, base_url=server.url) as client:
                return await client.send(SEVERAL, {}, **given)

        return asyncio.run(call())

    assert get(accept="text/csv") == "a,1"
    assert server.received[0].header("accept") == "text/csv, */*;q=0.1"
    assert get() == "a,1"
    assert server.received[1].header("accept") == "application/json"
    for wrong in ("text/html", "*/*", "text/csv\r\nX: y"):
        with pytest.raises(RequestError, match="`accept` must be one of application/json"):
            get(accept=wrong)
    assert len(server.received) == 2


def test_errors_may_be_text_or_bytes() -> None:
    failing = operation(errors=((TEXT, (404,)), (BYTES, ("default",))))
    with pytest.raises(NotFound) as caught:
        settled(failing, b"not here", "text/plain", status=404)
    assert caught.value.body == "not here"
    with pytest.raises(Exception, match="500") as failed:
        settled(failing, b"\xff", status=500)
    assert getattr(failed.value, "body", None) == b"\xff"
