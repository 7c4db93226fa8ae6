from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from package._runtime import errors
from package._runtime.auth import Secret
from package._runtime.hooks import Hook, RequestView, ResponseView
from package._runtime.operation import Param

from .conftest import Server
from .toyapi import AsyncToy, Toy, operations

SECRET = "s3cr3t-value"
FOUND = b'{"id":7,"status":"active"}'


class Recorder(Hook):
    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []
        self.views: list[RequestView] = []

    def on_request(self, request: RequestView) -> None:
        self.views.append(request)
        self.events.append(("request", request.attempt))

    def on_response(self, request: RequestView, response: ResponseView) -> None:
        assert request is self.views[-1]
        assert response.seconds >= 0
        self.events.append(("response", response.status, response.request_id, response.size))

    def on_retry(self, request: RequestView, reason: str, pause: float) -> None:
        assert request is self.views[-1]
        assert pause >= 0
        self.events.append(("retry", reason))

    def on_error(self, request: RequestView, error: BaseException) -> None:
        assert request is self.views[-1]
        self.events.append(("error", type(error).__name__))


def get(server: Server, flavour: str, **settings: Any) -> Any:
    if flavour == "sync":
        with Toy(token=SECRET, base_url=server.url, **settings) as client:
            return client.connections.get(7, expand=["a"])

    async def run() -> Any:
        async with AsyncToy(token=SECRET, base_url=server.url, **settings) as client:
            return await client.connections.get(7, expand=["a"])

    return asyncio.run(run())


both = pytest.mark.parametrize("flavour", ["sync", "async"])


@both
def test_every_attempt_is_seen(server: Server, flavour: str) -> None:
    server.reply(503, Retry_After="0")
    server.replies.append(None)
    server.reply(200, FOUND, X_Request_Id="r1")
    recorder = Recorder()
    get(server, flavour, hooks=[recorder], retries=3)
    assert recorder.events == [
        ("request", 1),
        ("response", 503, None, 0),
        ("retry", "503"),
        ("request", 2),
        ("retry", "TransportError"),
        # The connection had been idle, so this attempt was free.
        ("request", 2),
        ("response", 200, "r1", len(FOUND)),
    ] or recorder.events == [
        ("request", 1),
        ("response", 503, None, 0),
        ("retry", "503"),
        ("request", 2),
        ("retry", "TransportError"),
        ("request", 3),
        ("response", 200, "r1", len(FOUND)),
    ]


@both
@pytest.mark.parametrize(("status", "kind"), [(404, "ToyNotFound"), (200, "DecodeError")])
def test_failures_are_seen(server: Server, flavour: str, status: int, kind: str) -> None:
    server.reply(status, b"{")
    recorder = Recorder()
    with pytest.raises(errors.ApiError):
        get(server, flavour, hooks=[recorder])
    assert recorder.events == [("request", 1), ("response", status, None, 1), ("error", kind)]


def test_cancellation_is_seen(server: Server) -> None:
    server.reply(200, FOUND)
    recorder = Recorder()

    async def run() -> None:
        async with AsyncToy(token=SECRET, base_url=server.url, hooks=[recorder]) as client:
            task = asyncio.create_task(client.connections.get(7))
            while not recorder.views:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())
    assert recorder.events == [("request", 1), ("error", "CancelledError")]


def test_views_show_nothing_secret(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(200, FOUND)
    params = (
        *(replace(p, secret=p.place == "path") for p in operations.GET_CONNECTION.params),
        Param("key", "key", "query", secret=True),
        Param("X-Public", "X-Public", "header"),
        Param("X-Private", "X-Private", "header", secret=True),
    )
    operation = replace(operations.GET_CONNECTION, params=params)
    monkeypatch.setattr(operations, "GET_CONNECTION", operation)
    recorder = Recorder()
    arguments = {
        "connection_id": SECRET,
        "expand": ["shown"],
        "key": SECRET,
        "X-Public": "seen",
        "X-Private": SECRET,
    }
    with Toy(token=SECRET, base_url=server.url, hooks=[recorder]) as client:
        client.send(
            operation,
            arguments,
            options={
                "headers": {"X-Other": SECRET, "Cookie": SECRET},
                "query": {"other": SECRET, SECRET: "x"},
            },
        )
    (view,) = recorder.views
    assert SECRET in server.received[0].target
    assert view.url == (
        f"{server.url}/users/me/connections/***?expand=shown&***=***&***=***&***=***"
    )
    assert view.route == "/users/me/connections/{connectionId}"
    assert view.headers["X-Public"] == "seen"
    assert SECRET not in repr(view)


@both
def test_a_mistake_in_a_hook_changes_nothing(
    server: Server, flavour: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Hook):
        def on_request(self, request: RequestView) -> None:
            raise RuntimeError(request)

    server.reply(200, FOUND)
    recorder = Recorder()
    assert get(server, flavour, hooks=[Broken(), recorder]).id == 7
    assert len(recorder.events) == 2
    assert "on_request of Broken raised RuntimeError" in caplog.text


@both
def test_the_log_tells_what_happened_and_nothing_secret(
    server: Server, flavour: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.reply(503, Retry_After="0", Set_Cookie=f"sid={SECRET}")
    server.reply(404, SECRET.encode(), X_Request_Id="r1", X_Session=SECRET)
    with pytest.raises(errors.NotFound):
        get(server, flavour)
    lines = [one.getMessage() for one in caplog.records if one.name == "package.toy"]
    assert lines[0].startswith(
        f"getUserConnection: attempt 1: GET {server.url}/users/me/connections/7?expand=a ("
    )
    assert lines[1].startswith("getUserConnection: 503 after 0.")
    assert lines[2] == "getUserConnection: again in 0.000 s after 503"
    assert lines[-1] == (
        "getUserConnection: failed: toy getUserConnection: 404 Not Found (request r1)"
    )
    assert SECRET not in caplog.text
    # What httpx2 would write shows whole URLs and the headers of answers.
    theirs = [one.getMessage() for one in caplog.records if one.name.startswith("http")]
    assert set(theirs) <= {"close.started", "close.complete"}


def test_a_key_in_the_query_is_in_no_log(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.reply(200, FOUND)
    operation = replace(operations.GET_CONNECTION, security=(("queryKey",),))
    with Toy(base_url=server.url) as client:
        hidden: Any = client
        hidden._secrets["queryKey"] = Secret(SECRET)
        client.send(operation, {"connection_id": 7})
    assert f"key={SECRET}" in server.received[0].target
    assert SECRET not in caplog.text


def test_other_users_of_httpx2_keep_their_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    import httpx2

    caplog.set_level(logging.INFO)
    server.reply(200, FOUND)
    get(server, "sync")
    httpx2.get(server.url, trust_env=False)
    assert [one.name for one in caplog.records] == ["httpx2"]


def test_nothing_is_watched_when_nobody_looks(server: Server) -> None:
    server.reply(200, FOUND)
    logging.getLogger("package.toy").setLevel(logging.INFO)
    try:
        with Toy(token=SECRET, base_url=server.url) as client:
            hidden: Any = client
            call = hidden._begin(operations.GET_CONNECTION, {"connection_id": 7}, None, None)
            assert call.watch is None
    finally:
        logging.getLogger("package.toy").setLevel(logging.NOTSET)
