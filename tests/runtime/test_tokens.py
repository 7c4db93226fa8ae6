"""Tokens: got once for all who wait, renewed in time and upon refusal, never in a loop."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from package._runtime import tokens
from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import (
    ApiError,
    ConfigurationError,
    DecodeError,
    TimedOut,
    Unauthorized,
)
from package._runtime.expiry import parse_lifetime, says_expired
from package._runtime.oauth import ClientCredentials, RefreshToken
from package._runtime.operation import Bearer, Expired, Operation, Provider
from package._runtime.settle import Answer
from package._runtime.values import Headers

from .toyapi.operations import PROVIDER

SECRET = "s3cr3t-value/+"
OPERATION: Operation[None] = Operation(
    id="getThing",
    name="things.get",
    method="POST",
    path="/thing",
    retry="never",
    results={"2XX": None},
    security=(("token",),),
)


@dataclass
class Issuer:
    """Gives numbered tokens at `/token`; `/thing` takes those that are in `valid`."""

    url: str = ""
    lifetime: object = 3600
    pause: float = 0.0
    status: int = 200
    body: dict[str, object] | None = None
    accept: Callable[[str], bool] = lambda _: True
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    things: list[str] = field(default_factory=list)

    @property
    def provider(self) -> Provider:
        bearer = Bearer("token", expired=(Expired(401), Expired(403, ("data", "0", "code"), "old")))
        return replace(
            PROVIDER, base_url=self.url, credentials={"token": bearer}, errors={401: Unauthorized}
        )

    def source(self, **changes: Any) -> ClientCredentials:
        options: dict[str, Any] = {"client_id": "me:x", "client_secret": SECRET, **changes}
        return ClientCredentials(f"{self.url}/token", **options)

    def client(self, source: Any, **options: Any) -> Client:
        return Client(self.provider, credentials={"token": source}, **options)

    def async_client(self, source: Any, **options: Any) -> AsyncClient:
        return AsyncClient(self.provider, credentials={"token": source}, **options)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as found:
        yield found


@contextmanager
def running() -> Generator[Issuer]:
    state = Issuer()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            authorization = self.headers.get("authorization")
            if self.path == "/token":
                with lock:
                    state.asked.append((body, authorization))
                    number = len(state.asked)
                time.sleep(state.pause)
                status = state.status
                answer: dict[str, object] = {"access_token": f"t{number}"}
                if state.lifetime is not None:
                    answer["expires_in"] = state.lifetime
                answer = answer | (state.body or {})
            else:
                token = (authorization or "").removeprefix("Bearer ")
                with lock:
                    state.things.append(token)
                status, answer = (200 if state.accept(token) else 401), {}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 256
        daemon_threads = True

    http = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join(5)


def call_many(issuer: Issuer, source: Any, count: int, mode: str) -> list[object]:
    """Call at once; gives what each call ended with."""
    if mode == "sync":
        with issuer.client(source) as client, ThreadPoolExecutor(count) as pool:
            barrier = threading.Barrier(count)

            def one() -> object:
                barrier.wait(10)
                try:
                    return client.send(OPERATION, {})
                except ApiError as error:
                    return error

            return [f.result(30) for f in [pool.submit(one) for _ in range(count)]]

    async def main() -> list[object]:
        async with issuer.async_client(source) as client:
            calls = (client.send(OPERATION, {}) for _ in range(count))
            return list(await asyncio.gather(*calls, return_exceptions=True))

    return asyncio.run(main())


both = pytest.mark.parametrize("mode", ["sync", "async"])


@both
def test_a_hundred_calls_ask_for_one_token(issuer: Issuer, mode: str) -> None:
    issuer.pause = 0.1
    assert call_many(issuer, issuer.source(), 100, mode) == [None] * 100
    assert len(issuer.asked) == 1
    assert issuer.things == ["t1"] * 100


@both
def test_a_hundred_calls_with_an_expired_token_ask_for_one_more(issuer: Issuer, mode: str) -> None:
    source = issuer.source()
    call_many(issuer, source, 1, mode)
    issuer.accept = lambda token: token != "t1"
    issuer.pause = 0.1
    assert call_many(issuer, source, 100, mode) == [None] * 100
    assert len(issuer.asked) == 2
    assert issuer.things.count("t2") == 100


@both
def test_a_failure_is_shared_too_and_next_time_is_another_chance(issuer: Issuer, mode: str) -> None:
    issuer.pause, issuer.status = 0.3, 401
    source = issuer.source()
    outcomes = call_many(issuer, source, 20, mode)
    assert {type(one) for one in outcomes} == {Unauthorized}
    assert len({id(one) for one in outcomes}) == 20
    assert len(issuer.asked) == 1
    assert not issuer.things
    issuer.status = 200
    assert call_many(issuer, source, 1, mode) == [None]


@both
def test_a_refused_token_is_renewed_once(issuer: Issuer, mode: str) -> None:
    issuer.accept = lambda _: False
    (outcome,) = call_many(issuer, issuer.source(), 1, mode)
    assert isinstance(outcome, Unauthorized)
    assert issuer.things == ["t1", "t2"]


def test_renewal_is_no_retry(issuer: Issuer) -> None:
    issuer.accept = lambda token: token == "t2"
    with issuer.client(issuer.source(), retries=0) as client:
        client.send(OPERATION, {})
    assert issuer.things == ["t1", "t2"]


@pytest.mark.parametrize("value", ["plain", lambda: "asked"])
def test_what_cannot_be_renewed_is_not_sent_again(issuer: Issuer, value: Any) -> None:
    issuer.accept = lambda _: False
    with issuer.client(value) as client, pytest.raises(Unauthorized):
        client.send(OPERATION, {})
    assert len(issuer.things) == 1


@both
@pytest.mark.parametrize("lifetime", [0, -5, 29, "nonsense", [], float("nan"), -1e400, True])
def test_a_token_without_time_left_serves_one_call(
    issuer: Issuer, lifetime: object, mode: str
) -> None:
    issuer.lifetime = lifetime
    source = issuer.source()
    for _ in range(2):
        assert call_many(issuer, source, 1, mode) == [None]
    assert len(issuer.asked) == 2


@pytest.mark.parametrize("lifetime", [3600, "3600", 31.5, None, 1e400, 10**400])
def test_other_tokens_are_kept(issuer: Issuer, lifetime: object) -> None:
    issuer.lifetime = lifetime
    with issuer.client(issuer.source()) as client:
        client.send(OPERATION, {})
        client.send(OPERATION, {})
    assert len(issuer.asked) == (2 if lifetime == 10**400 else 1)


def test_a_token_is_renewed_half_a_minute_early_by_the_monotonic_clock(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    with issuer.client(issuer.source()) as client:
        client.send(OPERATION, {})

        class Clock:
            monotonic = staticmethod(lambda: time.monotonic() + now[0])

        monkeypatch.setattr(tokens, "time", Clock)
        now[0] = 3565.0
        client.send(OPERATION, {})
        assert len(issuer.asked) == 1
        now[0] = 3570.0
        client.send(OPERATION, {})
        assert len(issuer.asked) == 2


@both
@pytest.mark.parametrize(
    "body", [{"access_token": None}, {"access_token": ""}, {"access_token": 7}]
)
def test_an_answer_without_token(issuer: Issuer, body: dict[str, object], mode: str) -> None:
    issuer.body = {**body, "note": SECRET}
    (outcome,) = call_many(issuer, issuer.source(), 1, mode)
    assert isinstance(outcome, DecodeError)
    assert SECRET not in f"{outcome} {outcome!r} {pickle.dumps(outcome)!r}"
    assert not issuer.things


def test_a_token_that_cannot_be_sent_is_refused_unseen_and_not_kept(issuer: Issuer) -> None:
    issuer.body = {"access_token": f"{SECRET}\r\nX: y"}
    with issuer.client(issuer.source()) as client:
        with pytest.raises(DecodeError) as caught:
            client.send(OPERATION, {})
        assert SECRET not in "".join(traceback.format_exception(caught.value))
        issuer.body = {"access_token": "better"}
        client.send(OPERATION, {})
    assert len(issuer.asked) == 2


def test_waiting_for_somebody_elses_token_is_bounded(issuer: Issuer) -> None:
    issuer.pause = 1.5
    source = issuer.source()
    with issuer.client(source) as patient, issuer.client(source, timeout=0.3) as hasty:
        leader = threading.Thread(target=patient.send, args=(OPERATION, {}))
        leader.start()
        time.sleep(0.2)
        began = time.monotonic()
        with pytest.raises(TimedOut):
            hasty.send(OPERATION, {})
        assert time.monotonic() - began < 1
        leader.join(10)
    assert len(issuer.asked) == 1


def test_one_who_gives_up_does_not_take_the_others_along(issuer: Issuer) -> None:
    issuer.pause = 0.3

    async def main() -> None:
        async with issuer.async_client(issuer.source()) as client:
            calls = [asyncio.create_task(client.send(OPERATION, {})) for _ in range(5)]
            async with asyncio.timeout(10):
                while not issuer.asked:
                    await asyncio.sleep(0.01)
            calls[0].cancel()
            calls[3].cancel()
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            cancelled = [isinstance(one, asyncio.CancelledError) for one in outcomes]
            assert cancelled == [True, False, False, True, False]

    asyncio.run(main())
    assert len(issuer.asked) == 2
    assert len(issuer.things) == 3


def test_one_source_serves_both_kinds_of_clients_and_many_loops(issuer: Issuer) -> None:
    issuer.pause = 0.2
    source = issuer.source()
    modes = ["sync", "async"] * 4
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(call_many, issuer, source, 4, mode) for mode in modes]
        done = [call.result(30) for call in calls]
    assert done == [[None] * 4] * 8
    assert len(issuer.asked) == 1


def test_client_credentials(issuer: Issuer) -> None:
    with issuer.client(issuer.source(scope="a b")) as client:
        client.send(OPERATION, {})
    with issuer.client(issuer.source(in_body=True, client_secret=lambda: SECRET)) as client:
        client.send(OPERATION, {})
    basic = "Basic bWUlM0F4OnMzY3IzdC12YWx1ZSUyRiUyQg=="  # me%3Ax:s3cr3t-value%2F%2B
    assert issuer.asked == [
        ("grant_type=client_credentials&scope=a+b", basic),
        ("grant_type=client_credentials&client_id=me%3Ax&client_secret=s3cr3t-value%2F%2B", None),
    ]


def test_an_async_function_gives_the_secret(issuer: Issuer) -> None:
    async def secret() -> str:
        return SECRET

    assert call_many(issuer, issuer.source(client_secret=secret), 1, "async") == [None]


@both
def test_refresh_tokens_rotate(issuer: Issuer, mode: str) -> None:
    kept: list[str] = []
    issuer.body, issuer.lifetime = {"refresh_token": "r2"}, 0
    source = RefreshToken(
        f"{issuer.url}/token", refresh_token="r1", client_id="me", on_rotation=kept.append
    )
    for _ in range(2):
        assert call_many(issuer, source, 1, mode) == [None]
    forms = [body for body, _ in issuer.asked]
    assert forms == [f"grant_type=refresh_token&client_id=me&refresh_token=r{n}" for n in (1, 2)]
    assert kept == ["r2", "r2"]


@pytest.mark.parametrize(
    "url", ["http://example.com/token", "https://x/token?a=1", "https://x/{y}", "ftp://x/", "token"]
)
def test_addresses_that_get_no_secret(url: str) -> None:
    with pytest.raises(ConfigurationError, match="token_url"):
        ClientCredentials(url, client_id="i", client_secret=SECRET)


def test_a_source_shows_and_gives_away_nothing() -> None:
    source = ClientCredentials("https://x/t", client_id="i", client_secret=SECRET)
    wanted = source.request({"client_id": "i", "client_secret": SECRET})
    assert SECRET not in f"{source!r} {source} {wanted!r}"
    for leak in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(source)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b"", True),
        (403, b'{"data":[{"code":"old"}]}', True),
        (403, b'{"data":[{"code":"forbidden"}]}', False),
        (403, b'{"data":[]}', False),
        (403, b'{"data":{"0":{"code":"old"}}}', True),
        (403, b"[" * 100_000, False),
        (403, b"\xff", False),
        (400, b'{"data":[{"code":"old"}]}', False),
    ],
)
def test_what_means_expired(status: int, body: bytes, expected: bool) -> None:
    rules = (Expired(401), Expired(403, ("data", "0", "code"), "old"))
    assert says_expired(rules, Answer(status, Headers(), body)) is expected


def test_lifetimes() -> None:
    assert parse_lifetime(None) == float("inf")
    assert parse_lifetime("60") == 60
    assert parse_lifetime({}) == 0
