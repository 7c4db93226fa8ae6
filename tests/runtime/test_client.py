from __future__ import annotations

import asyncio
import socket
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any, assert_type

import httpx2
import pytest

from package._runtime import errors
from package._runtime.operation import RequestOptions, Response

from .conftest import Server
from .toyapi import AsyncToy, Toy
from .toyapi.errors import ToyError, ToyNotFound, ToyServerError
from .toyapi.models import Connection

SECRET = "s3cr3t-value"
FOUND = b'{"id":7,"status":"active"}'


@pytest.fixture(autouse=True)
def no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace pauses, of both clients, by a record of how long they would have been."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("package._runtime.client.time.sleep", pauses.append)
    monkeypatch.setattr("package._runtime.aio.asyncio.sleep", pause)
    return pauses


def get(
    server: Server,
    flavour: str,
    *,
    options: RequestOptions | None = None,
    **settings: Any,
) -> Connection:
    settings = {"token": SECRET, "base_url": server.url, **settings}
    if flavour == "sync":
        with Toy(**settings) as client:
            return client.connections.get(7, expand=["a", "b"], options=options)

    async def run() -> Connection:
        async with AsyncToy(**settings) as client:
            return await client.connections.get(7, expand=["a", "b"], options=options)

    return asyncio.run(run())


both = pytest.mark.parametrize("flavour", ["sync", "async"])


@both
def test_round_trip(server: Server, flavour: str) -> None:
    server.reply(200, FOUND)
    options: RequestOptions = {"headers": {"X-Trace": "é"}, "query": {"q": "ü"}}
    assert get(server, flavour, options=options).id == 7
    request = server.received[0]
    assert (request.method, request.body) == ("GET", b"")
    assert request.target == "/2.0/users/me/connections/7?expand=a,b&q=%C3%BC"
    assert request.header("authorization") == f"Bearer {SECRET}"
    assert request.header("accept") == "application/json"
    assert (request.header("user-agent") or "").startswith("clients/toy python/3.")
    assert request.header("x-trace") == "é"
    names = [name.lower() for name, _ in request.headers]
    assert len(names) == len(set(names))


@both
def test_errors_are_typed(server: Server, flavour: str) -> None:
    server.reply(404, b'{"code":"gone"}', X_Request_Id="r1")
    with pytest.raises(ToyNotFound) as caught:
        get(server, flavour)
    error = caught.value
    assert isinstance(error, errors.NotFound)
    assert error.body is not None
    assert error.body.code == "gone"
    assert str(error) == "toy getUserConnection: 404 Not Found (request r1)"


@both
def test_redirects_are_not_followed(server: Server, flavour: str) -> None:
    server.reply(302, Location=f"{server.url}/elsewhere")
    with pytest.raises(ToyError, match="redirects are not followed"):
        get(server, flavour)
    eager: Any = (
        httpx2.Client(follow_redirects=True)
        if flavour == "sync"
        else httpx2.AsyncClient(follow_redirects=True)
    )
    with pytest.raises(ToyError):
        get(server, flavour, http_client=eager)
    assert len(server.received) == 2


@both
def test_retries_until_it_works(server: Server, flavour: str, no_long_pauses: list[float]) -> None:
    server.reply(503, Retry_After="7")
    server.replies.append(None)
    server.reply(200, FOUND)
    assert get(server, flavour).id == 7
    assert len(server.received) == 3
    assert no_long_pauses[0] == 7.0
    assert 0 <= no_long_pauses[1] <= 1.0


@both
def test_retries_end(server: Server, flavour: str) -> None:
    server.reply(503)
    with pytest.raises(ToyServerError) as caught:
        get(server, flavour)
    assert caught.value.retryable
    assert len(server.received) == 3
    with pytest.raises(ToyServerError):
        get(server, flavour, options={"retries": 0})
    assert len(server.received) == 4


@both
def test_retry_after_beyond_patience(server: Server, flavour: str) -> None:
    server.reply(429, Retry_After="3600")
    with pytest.raises(errors.RateLimited) as caught:
        get(server, flavour)
    assert caught.value.retry_after == 3600.0
    assert len(server.received) == 1


@both
def test_credentials_are_asked_for_before_every_attempt(server: Server, flavour: str) -> None:
    server.reply(503)
    server.reply(200, FOUND)
    tokens = iter(["one", "two"])
    get(server, flavour, token=lambda: next(tokens))
    assert [one.header("authorization") for one in server.received] == ["Bearer one", "Bearer two"]


def test_async_credential(server: Server) -> None:
    server.reply(200, FOUND)

    async def token() -> str:
        return "later"

    get(server, "async", token=token)
    assert server.received[0].header("authorization") == "Bearer later"


@both
def test_lost_connection(server: Server, flavour: str) -> None:
    server.replies.append(None)
    with pytest.raises(errors.TransportError) as caught:
        get(server, flavour)
    assert type(caught.value) is errors.TransportError
    assert len(server.received) == 3
    leaves_nothing(caught.value)


@both
def test_time_out(server: Server, flavour: str) -> None:
    done = threading.Event()
    server.before = lambda: (done.wait(5), None)[1]
    server.reply(200, FOUND)
    try:
        with pytest.raises(errors.TimedOut, match=r"no answer within 0\.5 s") as caught:
            get(server, flavour, options={"timeout": 0.5, "retries": 0})
    finally:
        done.set()
    leaves_nothing(caught.value)


@both
def test_no_connection(flavour: str, no_long_pauses: list[float]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = Server(url=f"http://127.0.0.1:{free.getsockname()[1]}")
    with pytest.raises(errors.ConnectionFailed) as caught:
        get(nobody, flavour)
    assert len(no_long_pauses) == 2
    assert caught.value.operation == "getUserConnection"
    leaves_nothing(caught.value)


def leaves_nothing(error: errors.ApiError) -> None:
    """No credential in the text, and no httpx2 exception, which would hold the request."""
    assert error.__cause__ is None
    assert error.__context__ is None
    assert error.retryable
    assert SECRET not in repr(error) + "".join(traceback.format_exception(error))


def test_broken_encoding(server: Server) -> None:
    server.reply(200, b"not gzip", Content_Encoding="gzip")
    with pytest.raises(errors.TransportError):
        get(server, "sync")


def test_a_post_is_never_repeated(server: Server) -> None:
    server.replies.append(None)
    with Toy(token=SECRET, base_url=server.url) as client:
        with pytest.raises(errors.TransportError):
            client.connections.create(body={"id": 1})
        server.replies[:] = []
        server.reply(503)
        with pytest.raises(ToyServerError):
            client.connections.create(body={"id": 1})
        assert len(server.received) == 2
        with pytest.raises(ToyServerError):
            client.connections.create(body={"id": 1}, options={"idempotency_key": "k"})
    repeated = server.received[2:]
    assert [one.header("idempotency-key") for one in repeated] == ["k", "k", "k"]
    assert {one.body for one in server.received} == {b'{"id":1}'}


def test_cookies_do_not_travel_between_calls(server: Server) -> None:
    server.reply(200, FOUND, Set_Cookie="session=s; Path=/")
    with Toy(token=SECRET, base_url=server.url) as client:
        client.connections.get(7)
        client.connections.get(7)
    assert [one.header("cookie") for one in server.received] == [None, None]


def test_raw(server: Server) -> None:
    server.reply(200, FOUND, X_Rate="3")
    with Toy(token=SECRET, base_url=server.url) as client:
        answer = client.raw(client.connections.get, 7, expand=["x"])
        assert_type(answer, Response[Connection])
        assert answer.value == Connection.model_validate_json(FOUND)
        assert (answer.status, answer.headers["x-rate"]) == (200, "3")
        with pytest.raises(TypeError, match="sends a request"):
            client.raw(client.connections.webauth_url, client_id=1)
        server.replies[:] = []
        server.reply(204)
        assert client.raw(client.connections.delete, 7).status == 204


def test_async_raw_of_many_tasks(server: Server) -> None:
    server.reply(200, FOUND)

    async def run() -> None:
        async with AsyncToy(token=SECRET, base_url=server.url) as client:
            first = await client.raw(client.connections.get, 1)
            assert_type(first, Response[Connection])
            calls = [client.raw(client.connections.get, n) for n in range(20)]
            answers = await asyncio.gather(*calls)
            assert [one.value.id for one in answers] == [7] * 20

    asyncio.run(run())


def test_many_threads_share_one_client(server: Server) -> None:
    server.reply(200, FOUND)
    with Toy(token=SECRET, base_url=server.url) as client, ThreadPoolExecutor(16) as pool:
        found = list(pool.map(client.connections.get, range(64)))
    assert [one.id for one in found] == [7] * 64


def test_url_sends_nothing_and_holds_no_credential() -> None:
    with Toy(token=SECRET) as client:
        url = client.connections.webauth_url(client_id=5, state="a&b")
    assert url == "https://demo.toy.example/2.0/webauth?client_id=5&state=a%26b"


@pytest.mark.parametrize(
    "options",
    [
        {"timout": 3},
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"timeout": None},
        {"timeout": float("inf")},
        {"retries": -1},
    ],
)
def test_bad_options(options: Any) -> None:
    with Toy(token=SECRET) as client, pytest.raises(errors.RequestError, match="options"):
        client.connections.get(7, options=options)


@pytest.mark.parametrize(
    "settings", [{"timeout": 0}, {"retries": -1}, {"token": ""}, {"domain": "a/b"}]
)
def test_bad_settings(settings: Any) -> None:
    chosen: Any = {"token": SECRET, **settings}
    with pytest.raises(errors.ConfigurationError):
        Toy(**chosen)


def test_credentials_never_go_in_the_clear() -> None:
    with pytest.raises(errors.ConfigurationError, match="https"):
        Toy(token=SECRET, base_url="http://toy.example")
    assert Toy(base_url="http://toy.example")


def test_missing_credential_before_any_traffic(server: Server) -> None:
    with (
        Toy(base_url=server.url) as client,
        pytest.raises(errors.ConfigurationError, match="token"),
    ):
        client.connections.get(7)
    assert server.received == []


@both
def test_closed(flavour: str) -> None:
    theirs: Any = httpx2.Client() if flavour == "sync" else httpx2.AsyncClient()
    if flavour == "sync":
        with Toy(token=SECRET, http_client=theirs) as client:
            pass
        assert not theirs.is_closed
        with pytest.raises(errors.ConfigurationError, match="closed"):
            client.connections.get(7)
        client.close()
    else:

        async def run() -> None:
            async with AsyncToy(token=SECRET, http_client=theirs) as other:
                await theirs.aclose()
                with pytest.raises(errors.ConfigurationError, match="closed"):
                    await other.connections.get(7)
            await other.close()

        asyncio.run(run())


def test_longest_time_out_wins() -> None:
    seen: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.extensions["timeout"])
        return httpx2.Response(200, content=b"[]")

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    with Toy(http_client=http, timeout=5) as client:
        client.connections.list()
        client.connections.list(options={"timeout": 20})
    assert [(one["read"], one["connect"]) for one in seen] == [(300.0, 10.0), (20, 10.0)]


def test_cancelled_task_frees_its_connection(server: Server) -> None:
    server.before = lambda: sleep(0.3) if len(server.received) == 1 else None
    server.reply(200, FOUND)

    async def run() -> None:
        http = httpx2.AsyncClient(limits=httpx2.Limits(max_connections=1))
        async with http, AsyncToy(token=SECRET, base_url=server.url, http_client=http) as client:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.connections.get(7), 0.1)
            assert (await client.connections.get(7)).id == 7

    asyncio.run(run())
