from __future__ import annotations

import asyncio
from typing import Any

import pytest

from package._runtime import errors

from .conftest import Server
from .toyapi import AsyncToy, Toy
from .toyapi.errors import ToyNotFound


def test_anything_can_be_called(server: Server) -> None:
    server.reply(200, b'{"new":[1,2.5,null]}', X_Rate="3")
    with Toy(token="t0ken", base_url=server.url) as client:
        answer = client.request(
            "POST", "/beta/things%2F1", body={"a": None}, options={"query": {"q": "ü"}}
        )
    assert (answer.status, answer.value, answer.headers["x-rate"]) == (
        200,
        {"new": [1, 2.5, None]},
        "3",
    )
    request = server.received[0]
    assert (request.method, request.target) == ("POST", "/2.0/beta/things%2F1?q=%C3%BC")
    assert request.body == b'{"a":null}'
    assert request.header("authorization") == "Bearer t0ken"
    assert request.header("content-type") == "application/json"


def test_the_asynchronous_client_does_the_same(server: Server) -> None:
    server.reply(204)

    async def run() -> Any:
        async with AsyncToy(token="t0ken", base_url=server.url) as client:
            return await client.request("DELETE", "/beta")

    assert asyncio.run(run()).value is None
    assert server.received[0].method == "DELETE"


def test_errors_are_those_of_the_provider(server: Server) -> None:
    server.reply(404, b'{"code":"gone"}')
    with Toy(base_url=server.url) as client, pytest.raises(ToyNotFound) as caught:
        client.request("GET", "/beta/s3cret")
    body: Any = caught.value.body
    assert body == {"code": "gone"}
    assert "s3cret" not in str(caught.value)
    assert server.received[0].header("authorization") is None


def test_all_credentials_go_along(server: Server) -> None:
    server.reply(200, b"[]")
    with Toy(app_id="a1", app_secret="s1", base_url=server.url) as client:
        assert client.request("GET", "/beta").value == []
    assert server.received[0].header("app-id") == "a1"
    assert server.received[0].header("x-secret") == "Basic czE="


@pytest.mark.parametrize(
    "path",
    [
        "",
        "beta",
        "https://evil.example/",
        "@evil.example/",
        "/a/../b",
        "/a/%2E%2e/b",
        "/.",
        "/a?b=c",
        "/a#b",
        "/a\\b",
        "/a b",
        "/a\r\nX: y",
        "/{a}",
        "/é",
        "/\ud800",
        None,
        b"/a",
    ],
)
def test_no_path_leaves_the_base_url(path: Any) -> None:
    with Toy(base_url="http://127.0.0.1:1") as client, pytest.raises(errors.RequestError):
        client.request("GET", path)


@pytest.mark.parametrize("method", ["", "get", "CONNECT", "GET /x", "GET\r\n", None, ["GET"]])
def test_methods(method: Any) -> None:
    with Toy(base_url="http://127.0.0.1:1") as client, pytest.raises(errors.RequestError):
        client.request(method, "/x")


def test_a_post_is_not_repeated(server: Server) -> None:
    server.replies.append(None)
    with Toy(base_url=server.url) as client:
        with pytest.raises(errors.TransportError):
            client.request("POST", "/beta", body={})
        assert len(server.received) == 1
        with pytest.raises(errors.TransportError):
            client.request("GET", "/beta", options={"retries": 1})
        assert len(server.received) == 3
