"""Answers that are read piece by piece, from a server on loopback that sends them so."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

import pytest

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import (
    ApiError,
    BodyTooLarge,
    NotFound,
    TimedOut,
    TransportError,
)
from package._runtime.operation import BYTES, Bearer, Operation, Provider

from .toyapi import errors

PROVIDER = Provider(
    name="toy",
    title="Toy",
    base_url="https://toy.example",
    credentials={"token": Bearer("token")},
    error=errors.ToyError,
    errors={404: errors.ToyNotFound},
)
DOWNLOAD: Operation[bytes] = Operation(
    id="download",
    name="files.download",
    method="GET",
    path="/file",
    results={200: BYTES},
    accept="application/pdf, */*;q=0.1",
    security=(("token",),),
    retry="safe",
)

Piece: TypeAlias = bytes | float
"""What is sent, or seconds to wait."""

SLOW: list[Piece] = [b"x", 0.1]


@dataclass
class Script:
    """What the server says, call by call; the last one stays."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], list[Piece]]] = field(default_factory=list[Any])
    requests: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    gone: threading.Event = field(default_factory=threading.Event)
    """The other side closed the connection while an answer was being sent."""

    def says(self, *pieces: Piece, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, named, list(pieces)))


@contextmanager
def scripted() -> Generator[Script]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            script.requests.append({k.lower(): v for k, v in self.headers.items()})
            answers = script.answers
            status, headers, pieces = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for piece in pieces:
                    if isinstance(piece, (int, float)):
                        time.sleep(piece)
                    elif piece:
                        self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                    else:
                        self.close_connection = True
                        return
                self.wfile.write(b"0\r\n\r\n")
            except ConnectionError:
                script.gone.set()
                self.close_connection = True

        def log_message(self, *args: object, **kwargs: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    script.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)


@pytest.fixture
def script() -> Iterator[Script]:
    with scripted() as state:
        yield state


Run = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, script: Script) -> Run:
    """Stream an answer with one of the clients, and read it by one of its methods.

    Gives what came, with the status and a header; `take` ends it after so many pieces.
    """

    def sync(how: str = "iter_bytes", *, take: int | None = None, **given: Any) -> Any:
        client = Client(PROVIDER, credentials={"token": "t"}, base_url=script.url, timeout=5)
        with client, client.stream(client.send, DOWNLOAD, {}) as answer:
            assert answer.status == 200
            if how == "read":
                return answer.read(**given)
            found: list[Any] = []
            for piece in getattr(answer, how)(**given):
                found.append(piece)
                if len(found) == take:
                    break
            return found

    async def call(how: str = "iter_bytes", *, take: int | None = None, **given: Any) -> Any:
        client = AsyncClient(PROVIDER, credentials={"token": "t"}, base_url=script.url, timeout=5)
        async with client, client.stream(client.send, DOWNLOAD, {}) as answer:
            assert answer.status == 200
            if how == "read":
                return await answer.read(**given)
            found: list[Any] = []
            async for piece in getattr(answer, how)(**given):
                found.append(piece)
                if len(found) == take:
                    break
            return found

    if request.param == "sync":
        return sync
    return lambda *args, **given: asyncio.run(call(*args, **given))


def test_the_body_comes_as_it_is_sent(run: Run, script: Script) -> None:
    script.says(b"one", 0.3, b"two", 5.0, b"three", X_Pages="2")
    began = time.monotonic()
    assert run(take=2) == [b"one", b"two"]
    assert time.monotonic() - began < 4, "the rest was not waited for"
    assert script.requests[0]["accept"] == "application/pdf, */*;q=0.1"
    assert script.requests[0]["authorization"] == "Bearer t"


def test_leaving_it_closes_the_connection(run: Run, script: Script) -> None:
    script.says(*[b"x" * 100_000] * 400)
    run(take=1)
    assert script.gone.wait(5)


def test_it_is_decompressed(run: Run, script: Script) -> None:
    script.says(gzip.compress(b"text" * 1000), Content_Encoding="gzip")
    assert run("read") == b"text" * 1000


def test_lines(run: Run, script: Script) -> None:
    script.says(b'{"a":1}\r\n{"b"', b":2}\n\n", "ü".encode()[:1], "ü".encode()[1:])
    assert run("iter_lines") == ['{"a":1}', '{"b":2}', "", "ü"]


def test_a_line_without_end_is_an_error(run: Run, script: Script) -> None:
    script.says(*[b"x" * 100_000] * 20)
    with pytest.raises(BodyTooLarge, match="a line is larger"):
        run("iter_lines")


def test_limits_are_there_if_wanted(run: Run, script: Script) -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    script.says(bomb, Content_Encoding="gzip")
    assert sum(map(len, run())) == 5_000_000
    with pytest.raises(BodyTooLarge, match="1000 bytes"):
        run(limit=1000)
    with pytest.raises(BodyTooLarge, match="1000 bytes"):
        run("read", limit=1000)


def test_a_deadline_is_there_if_wanted(run: Run, script: Script) -> None:
    script.says(*SLOW * 12)
    assert len(run()) == 12
    began = time.monotonic()
    with pytest.raises(TimedOut, match="did not go on in time"):
        run(timeout=0.4)
    assert time.monotonic() - began < 1


def test_the_deadline_of_the_call_ends_with_the_headers(script: Script) -> None:
    script.says(*SLOW * 8)
    client = Client(PROVIDER, credentials={"token": "t"}, base_url=script.url, timeout=0.5)
    with client, client.stream(client.send, DOWNLOAD, {}) as answer:
        assert len(answer.read()) == 8


def test_an_answer_that_breaks_off(run: Run, script: Script) -> None:
    script.says(b"one", 0.1, b"")
    with pytest.raises(TransportError, match="no complete answer") as caught:
        run()
    assert caught.value.__context__ is None


def test_errors_are_those_of_any_call(run: Run, script: Script) -> None:
    script.says(b"no", status=404)
    with pytest.raises(NotFound) as caught:
        run()
    assert caught.value.raw == b"no"


def test_what_fails_is_tried_again_before_anything_is_given(run: Run, script: Script) -> None:
    script.says(b"busy", status=503)
    script.says(b"here")
    assert run() == [b"here"]
    assert len(script.requests) == 2


def test_undocumented_endpoints_can_be_streamed(script: Script) -> None:
    script.says(b"one", 0.1, b"two")
    client = Client(PROVIDER, credentials={"token": "t"}, base_url=script.url)
    with client, client.stream(client.request, "GET", "/elsewhere") as answer:
        assert list(answer.iter_bytes()) == [b"one", b"two"]


def test_a_method_that_sends_nothing() -> None:
    client = Client(PROVIDER, credentials={"token": "t"})
    with pytest.raises(TypeError, match="needs a method that sends a request"):
        client.stream(lambda: None).__enter__()


def test_a_token_is_read_as_usual(script: Script) -> None:
    """A call that is made for the credentials of the streamed one is not streamed itself."""
    script.says(b"token")
    script.says(b"here")
    anonymous: Operation[bytes] = Operation(
        id="t", name="t", method="GET", path="/t", results={200: BYTES}, retry="safe"
    )
    other = Client(PROVIDER, credentials={}, base_url=script.url)

    def token() -> str:
        with other:
            return other.send(anonymous, {}).decode()

    client = Client(PROVIDER, credentials={"token": token}, base_url=script.url)
    with client, client.stream(client.send, DOWNLOAD, {}) as answer:
        assert answer.read() == b"here"
    assert script.requests[1]["authorization"] == "Bearer token"


def test_cancelling_closes_the_connection(script: Script) -> None:
    script.says(*[b"x" * 100_000] * 400)

    async def call() -> None:
        client = AsyncClient(PROVIDER, credentials={"token": "t"}, base_url=script.url)
        async with client, client.stream(client.send, DOWNLOAD, {}) as answer:
            async for _ in answer.iter_bytes():
                await asyncio.sleep(60)

    async def cancelled() -> None:
        task = asyncio.create_task(call())
        await asyncio.sleep(0.3)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert script.gone.wait(5)


def test_nothing_of_httpx2_gets_out(run: Run, script: Script) -> None:
    script.says(b"\x1f\x8b broken", Content_Encoding="gzip")
    with pytest.raises(ApiError):
        run()
