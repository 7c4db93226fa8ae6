"""Clients of a document with streams, generated and called: whole, and item by item."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from linkwright.cli import main
from tests.helpers import REPO
from tests.runtime.test_streamed import Piece, Script, scripted

SPEC = REPO / "tests" / "cases" / "responses" / "streams" / "spec.yaml"
QUOTES = [{"symbol": "A", "price": "1.50"}, {"symbol": "é", "at": "2026-01-31T09:30:00Z"}]
LINES = "".join(json.dumps(quote, ensure_ascii=False) + "\n" for quote in QUOTES).encode()
EVENTS = (
    b"\xef\xbb\xbf: hello\n\nid: 1\r\nevent: quote\r\nretry: 0500\r\n"
    b'data: {"symbol": "A",\r\ndata: "price": 1.50}\r\n\r\n'
    b'event: other\rid: a\0b\rretry: soon\rdata:{"symbol":"B"}\r\r'
    b"event: nothing\n\ndata: [DONE]\n\ndata: incomplete"
)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("streams")
    arguments = [
        "generate",
        "--spec",
        str(SPEC),
        "--name",
        "acme",
        "--out",
        str(folder / "ticking"),
    ]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    sys.path.insert(0, str(folder))
    yield importlib.import_module("ticking.acme")
    sys.path.remove(str(folder))


@pytest.fixture
def script() -> Iterator[Script]:
    with scripted() as state:
        yield state


Items = Callable[..., list[Any]]


@pytest.fixture(params=["sync", "async"])
def items(request: pytest.FixtureRequest, acme: ModuleType, script: Script) -> Items:
    """The items that the stream of a method gives."""

    def sync(method: str, limit: int | None = None, **client: Any) -> list[Any]:
        resource, name = method.split(".")
        one = acme.Acme(base_url=script.url, **client)
        with one, one.stream(getattr(getattr(one, resource), name)) as answer:
            return list(answer.iter_items(limit=limit))

    def aio(method: str, limit: int | None = None, **client: Any) -> list[Any]:
        async def body() -> list[Any]:
            resource, name = method.split(".")
            one = acme.AsyncAcme(base_url=script.url, **client)
            async with one, one.stream(getattr(getattr(one, resource), name)) as answer:
                return [item async for item in answer.iter_items(limit=limit)]

        return asyncio.run(body())

    return sync if request.param == "sync" else aio


def split(content: bytes, size: int) -> list[Piece]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_lines(items: Items, script: Script, size: int) -> None:
    script.says(*split(b"\n \r\n" + LINES.rstrip(), size), content_type="application/x-ndjson")
    first, second = items("quotes.list")
    assert (first.symbol, first.price) == ("A", Decimal("1.50"))
    assert (second.symbol, second.at.year) == ("é", 2026)


@pytest.mark.parametrize("size", [1, 2, 1_000])
def test_events(items: Items, script: Script, size: int) -> None:
    script.says(*split(EVENTS, size), content_type="text/event-stream")
    first, second, done = items("events.watch")
    assert (first.id, first.event, first.retry) == ("1", "quote", 500)
    assert (first.data.symbol, first.data.price) == ("A", Decimal("1.50"))
    assert (second.event, second.id, second.retry) == ("other", None, None)
    assert not second.event.is_known
    # What is no JSON stays as it came, and is told.
    assert done.data == "[DONE]"
    assert [issue.path for issue in done.model_issues()] == [("data",)]


def test_texts_of_events(items: Items, script: Script) -> None:
    script.says(b"data: 1\ndata: 2\n\ndata\n\n", content_type="text/event-stream; charset=utf-8")
    assert [event.data for event in items("events.watch_lines")] == ["1\n2", ""]


def test_whole(acme: ModuleType, script: Script) -> None:
    script.says(LINES, content_type="application/x-ndjson")
    script.says(content_type="application/x-ndjson")
    script.says(json.dumps(QUOTES).encode(), content_type="application/json")
    script.says(b'{"symbol": 1}\n', content_type="application/x-ndjson")
    with acme.Acme(base_url=script.url) as client:
        assert [quote.symbol for quote in client.quotes.list()] == ["A", "é"]
        assert client.quotes.list() == []
        assert [quote.symbol for quote in client.quotes.list()] == ["A", "é"]
        assert client.raw(client.quotes.list).issues == ((((0, "symbol"), "string_type")),)


def test_faults(items: Items, script: Script) -> None:
    errors = importlib.import_module("ticking.errors")
    script.says(b'{"symbol": "A"}\nno JSON\n', content_type="application/x-ndjson")
    with pytest.raises(errors.DecodeError, match="no readable JSON"):
        items("quotes.list")
    with pytest.raises(errors.BodyTooLarge):
        items("quotes.list", limit=4)
    with pytest.raises(errors.BodyTooLarge, match="a document"):
        items("quotes.list", max_body=8)
    with pytest.raises(errors.DecodeError):
        items("events.watch_any", decoding="strict")
    with pytest.raises(TypeError, match="item by item"):
        items("events.get_parts")
    script.answers[:] = []
    script.says(b'{"code": "X"}\n', status=503, content_type="application/jsonl", retry_after="0")
    with pytest.raises(errors.ServerError):
        items("events.watch", retries=0)


def test_fakes(acme: ModuleType) -> None:
    testing = importlib.import_module("ticking.testing")
    fake = testing.FakeApi()
    fake.on(acme.operations.LIST_QUOTES, QUOTES)
    fake.on(acme.operations.WATCH_EVENTS, EVENTS, headers={"Content-Type": "text/event-stream"})
    with acme.Acme(http_client=fake.http_client()) as client:
        assert [quote.symbol for quote in client.quotes.list()] == ["A", "é"]
        assert len(client.events.watch()) == 3
