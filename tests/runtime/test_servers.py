"""Operations that are elsewhere: where they are called, and with which credentials."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import ConfigurationError
from package._runtime.operation import ApiKey, Bearer, Operation, Provider

from .toyapi import errors

PROVIDER = Provider(
    name="toy",
    title="Toy",
    base_url="https://{region}.toy.example/v1",
    credentials={"key": Bearer("token"), "app": ApiKey("app_id", "header", "App-Id")},
    error=errors.ToyError,
    errors={},
)


def operation(
    server: str | None, security: tuple[tuple[str, ...], ...] = (("key",),)
) -> Operation[None]:
    return Operation(
        id="x",
        name="letters.x",
        method="GET",
        path="/x",
        results={204: None},
        retry="safe",
        server=server,
        security=security,
    )


def sent(mode: str, operation: Operation[Any], **given: Any) -> httpx2.Request:
    """Call with a transport that keeps the request."""
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(204)

    transport = httpx2.MockTransport(answer)
    given = {"credentials": {"key": "t"}, "server": {"region": "eu"}, **given}
    if mode == "sync":
        http = httpx2.Client(transport=transport)
        Client(PROVIDER, http_client=http, **given).send(operation, {})
    else:
        aio = httpx2.AsyncClient(transport=transport)
        asyncio.run(AsyncClient(PROVIDER, http_client=aio, **given).send(operation, {}))
    (request,) = seen
    return request


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_an_operation_is_called_where_it_is(mode: str) -> None:
    assert str(sent(mode, operation(None)).url) == "https://eu.toy.example/v1/x"
    elsewhere = sent(mode, operation("https://{region}.files.example/v2/"))
    assert str(elsewhere.url) == "https://eu.files.example/v2/x"
    assert elsewhere.headers["authorization"] == "Bearer t"


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_an_address_that_is_given_stands_in_for_all(mode: str) -> None:
    request = sent(mode, operation("https://files.example"), base_url="http://localhost:1/base")
    assert str(request.url) == "http://localhost:1/base/x"


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_credentials_never_go_elsewhere_in_the_clear(mode: str) -> None:
    with pytest.raises(ConfigurationError, match="must be https"):
        sent(mode, operation("http://files.example"))
    anonymous = sent(mode, operation("http://files.example", security=()), credentials={})
    assert "authorization" not in anonymous.headers


@pytest.mark.parametrize("region", ["evil.example/", "a@b", "", "a b", "{region}"])
def test_a_variable_cannot_move_the_address(region: str) -> None:
    with pytest.raises(ConfigurationError, match="`region`"):
        sent("sync", operation("https://{region}.files.example"), server={"region": region})


@pytest.mark.parametrize(
    ("path", "url"),
    [("v2", "https://x.example/v2/x"), ("a/b.c", "https://x.example/a/b.c/x"), ("", None)],
)
def test_behind_the_host_a_variable_may_be_any_path(path: str, url: str | None) -> None:
    request = sent(
        "sync", operation("https://x.example/{path}"), server={"region": "eu", "path": path}
    )
    assert str(request.url) == url or url is None
    assert request.url.host == "x.example"


@pytest.mark.parametrize("path", ["..", "a/../b", "/a", "a/", "a//b", "a?b", "a#b", "%2e%2e"])
def test_but_no_path_that_leads_out(path: str) -> None:
    with pytest.raises(ConfigurationError, match="`path`"):
        sent("sync", operation("https://x.example/{path}"), server={"region": "eu", "path": path})


def test_urls_for_browsers_are_where_they_belong() -> None:
    client = Client(PROVIDER, credentials={}, server={"region": "eu"})
    assert client.url(operation("https://login.example"), {}) == "https://login.example/x"


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_credential_that_may_be_left_out_is_sent_where_there_is_one(mode: str) -> None:
    optional = operation(None, security=(("key",), ()))
    assert sent(mode, optional).headers["authorization"] == "Bearer t"
    assert "authorization" not in sent(mode, optional, credentials={}).headers
    both = operation(None, security=(("key", "app"), ("key",)))
    assert "app-id" not in sent(mode, both).headers
    assert sent(mode, both, credentials={"key": "t", "app": "a"}).headers["app-id"] == "a"
