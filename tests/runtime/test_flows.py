"""OAuth 2 flows of a specification: a client gets its tokens by itself, from where secrets may go."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import ApiError, ConfigurationError, Unauthorized
from package._runtime.operation import Bearer, OAuthFlows, Provider

from .test_tokens import OPERATION, SECRET, Issuer, both, running

MACHINE = {"client_id": "me:x", "client_secret": SECRET}
PERSON = {"client_id": "me", "refresh_token": SECRET}


def provider(issuer: Issuer, flows: OAuthFlows) -> Provider:
    return replace(issuer.provider, credentials={"token": Bearer("token", source=flows)})


def call(issuer: Issuer, flows: OAuthFlows, inputs: Any, mode: str = "sync", **given: Any) -> None:
    made: dict[str, Any] = {"credentials": given, "inputs": inputs}
    if mode == "sync":
        with Client(provider(issuer, flows), **made) as client:
            client.send(OPERATION, {})
            client.send(OPERATION, {})
        return

    async def main() -> None:
        async with AsyncClient(provider(issuer, flows), **made) as client:
            await client.send(OPERATION, {})
            await client.send(OPERATION, {})

    asyncio.run(main())


@both
@pytest.mark.parametrize("path", ["/token", "{origin}/token"])
def test_client_credentials(path: str, mode: str) -> None:
    with running() as issuer:
        flows = OAuthFlows(token_url=path.format(origin=issuer.url), scope="read write")
        call(issuer, flows, MACHINE, mode)
        ((body, authorization),) = issuer.asked
        assert parse_qs(body) == {"grant_type": ["client_credentials"], "scope": ["read write"]}
        assert authorization is not None
        assert authorization.startswith("Basic ")
        assert issuer.things == ["t1", "t1"]


@both
def test_refresh_token(mode: str) -> None:
    with running() as issuer:
        call(issuer, OAuthFlows(refresh_url="/token", scope="x"), PERSON, mode)
        ((body, authorization),) = issuer.asked
        assert parse_qs(body) == {
            "grant_type": ["refresh_token"],
            "refresh_token": [SECRET],
            "client_id": ["me"],
        }
        assert authorization is None


def test_functions_are_asked_for_what_is_needed() -> None:
    with running() as issuer:
        inputs = {"client_id": lambda: "me", "client_secret": lambda: SECRET}
        call(issuer, OAuthFlows(token_url="/token"), inputs)
        assert issuer.things == ["t1", "t1"]


def test_a_token_that_is_given_is_used() -> None:
    with running() as issuer:
        call(issuer, OAuthFlows(token_url="/token"), MACHINE, token="mine")
        assert (issuer.asked, issuer.things) == ([], ["mine", "mine"])


def test_what_is_missing_is_named() -> None:
    flows = OAuthFlows(token_url="/token", refresh_url="/token")
    wanted = "`token` or `client_id` and `client_secret` or `client_id` and `refresh_token`"
    with running() as issuer:
        for inputs in ({}, {"client_id": "me"}, {"client_secret": SECRET}):
            with pytest.raises(ConfigurationError, match=wanted):
                call(issuer, flows, inputs)


@pytest.mark.parametrize("address", ["http://login.example/token", "ftp://x/token", "//x.example/"])
def test_no_secret_is_sent_in_the_clear(address: str) -> None:
    with running() as issuer:
        elsewhere = replace(provider(issuer, OAuthFlows(token_url=address)), base_url=issuer.url)
        with pytest.raises(ConfigurationError, match="https") as caught:
            Client(elsewhere, credentials={}, inputs=MACHINE)
        assert SECRET not in str(caught.value)


def test_a_refusal_tells_what_the_server_says() -> None:
    with running() as issuer:
        issuer.status, issuer.body = 401, {"error": "invalid_client", "access_token": None}
        with pytest.raises(Unauthorized) as caught:
            call(issuer, OAuthFlows(token_url="/token"), MACHINE)
        assert isinstance(caught.value, ApiError)
        assert caught.value.body["error"] == "invalid_client"
        assert caught.value.operation == "token"
        assert len(issuer.asked) == 1
        assert not issuer.things
