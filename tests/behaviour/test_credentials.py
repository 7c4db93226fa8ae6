"""Tokens and signatures of the providers that need them."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from clients import AsyncBasiq, AsyncPowens, AsyncSaltEdge, Basiq, Powens, SaltEdge, errors
from clients.auth import RsaSigner

from .server import Answer, Loopback, Received, answer_json
from .wire import operation_of

USER = operation_of("basiq", "getUser")
CONNECTION = operation_of("powens", "getUserConnection")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Issuer:
    """Basiq: numbered tokens, all but those in `valid` answered as expired."""

    def __init__(self, code: str = "access-denied") -> None:
        self.lock = threading.Lock()
        self.code = code
        self.given = 0
        self.valid = {"t1"}

    def __call__(self, request: Received) -> Answer:
        if request.target.endswith("/token"):
            with self.lock:
                self.given += 1
                number = self.given
            time.sleep(0.1)
            return answer_json(
                200, {"access_token": f"t{number}", "expires_in": 3600, "token_type": "Bearer"}
            )
        if (request.header("authorization") or "").removeprefix("Bearer ") in self.valid:
            return answer_json(200, USER.example(200))
        fault = {"type": "error", "code": self.code, "title": "x", "detail": "expired"}
        return answer_json(403, {"type": "list", "correlationId": "c", "data": [fault]})


def get_users(server: Loopback, mode: str, rounds: tuple[int, ...], expire: Any) -> list[Any]:
    """Ask for a user, many at a time; before each round but the first, let tokens expire."""
    outcomes: list[Any] = []
    if mode == "sync":

        def one(client: Basiq) -> Any:
            try:
                return client.users.get("u1")
            except errors.ApiError as error:
                return error

        with Basiq(api_key="a2V5", base_url=server.url) as client, ThreadPoolExecutor(20) as pool:
            for index, count in enumerate(rounds):
                if index:
                    expire()
                outcomes += pool.map(one, [client] * count)
        return outcomes

    async def main() -> None:
        async with AsyncBasiq(api_key="a2V5", base_url=server.url) as client:
            for index, count in enumerate(rounds):
                if index:
                    expire()
                calls = (client.users.get("u1") for _ in range(count))
                outcomes.extend(await asyncio.gather(*calls, return_exceptions=True))

    asyncio.run(main())
    return outcomes


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_basiq_needs_the_api_key_alone(server: Loopback, mode: str) -> None:
    issuer = Issuer()
    server.reset(issuer)

    users = get_users(
        server, mode, (20, 20), lambda: issuer.valid.symmetric_difference_update({"t1", "t2"})
    )

    assert [one.id for one in users] == [USER.example(200)["id"]] * 40
    tokens = [one for one in server.received if one.target.endswith("/token")]
    # One at first, and one when the provider said that it had expired.
    assert len(tokens) == 2
    for one in tokens:
        assert one.header("basiq-version") == "3.0"
        assert one.header("authorization") == "Basic a2V5"
        assert one.header("content-type") == "application/x-www-form-urlencoded"
        assert one.body == b"scope=SERVER_ACCESS"


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize(("code", "tokens"), [("access-denied", 2), ("forbidden-access", 1)])
def test_basiq_renews_once_and_only_what_expired(
    server: Loopback, code: str, tokens: int, mode: str
) -> None:
    issuer = Issuer(code)
    issuer.valid.clear()
    server.reset(issuer)

    (error,) = get_users(server, mode, (1,), None)

    assert isinstance(error, errors.Forbidden)
    assert issuer.given == tokens
    assert len(server.received) == 2 * tokens


def test_basiq_says_which_call_failed_when_there_is_no_token(server: Loopback) -> None:
    server.always(404, {"type": "list", "correlationId": "c", "data": []})

    with (
        Basiq(api_key="wrong-key", base_url=server.url) as client,
        pytest.raises(errors.NotFound) as caught,
    ):
        client.users.get("u1")

    assert caught.value.operation == "postToken"
    assert "wrong-key" not in f"{caught.value} {vars(caught.value)}"


def test_an_explicit_token_of_basiq_is_used_as_it_is(server: Loopback) -> None:
    server.reset(Issuer())

    with Basiq(token="t1", api_key="a2V5", base_url=server.url) as client:
        client.users.get("u1")

    assert server.only.header("authorization") == "Bearer t1"


def test_basiq_names_what_it_could_be_made_with() -> None:
    with pytest.raises(errors.ConfigurationError, match="`token` or `api_key`"):
        Basiq().users.get("u1")


def _powens(request: Received) -> Answer:
    if request.target.endswith("/auth/renew"):
        return answer_json(200, {"access_token": "user-1", "token_type": "Bearer"})
    if request.header("authorization") == "Bearer user-1":
        return answer_json(200, CONNECTION.example(200))
    return answer_json(401, {"code": "unauthorized", "description": "x"})


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_powens_gets_user_tokens_with_client_credentials(server: Loopback, mode: str) -> None:
    server.reset(_powens)
    if mode == "sync":
        with Powens(
            client_id="90017", client_secret=lambda: "cs", id_user=412, base_url=server.url
        ) as client:
            client.connections.get(1)
            client.connections.get(2)
    else:

        async def secret() -> str:
            return "cs"

        async def main() -> None:
            async with AsyncPowens(
                client_id="90017", client_secret=secret, id_user=412, base_url=server.url
            ) as client:
                await client.connections.get(1)
                await client.connections.get(2)

        asyncio.run(main())

    renew, *rest = server.received
    assert json.loads(renew.body) == {
        "grant_type": "client_credentials",
        "client_id": "90017",
        "client_secret": "cs",
        "id_user": 412,
    }
    assert renew.header("authorization") is None
    assert [one.header("authorization") for one in rest] == ["Bearer user-1"] * 2


def test_powens_wants_all_of_them() -> None:
    with pytest.raises(
        errors.ConfigurationError, match="`token` or `client_id` and `client_secret` and `id_user`"
    ):
        Powens(client_id="1", client_secret="cs").connections.get(1)


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_saltedge_signs_what_it_sends(server: Loopback, mode: str) -> None:
    body = operation_of("saltedge", "customers_post").body
    assert body
    example = next(iter(body.media.examples.values()))
    server.always(200, operation_of("saltedge", "customers_post").example(200))
    arguments: dict[str, Any] = {
        "app_id": "a",
        "secret": "s",
        "signer": RsaSigner(PEM),
        "base_url": server.url,
    }
    if mode == "sync":
        with SaltEdge(**arguments) as client:
            client.customers.create(body=example)
    else:

        async def main() -> None:
            async with AsyncSaltEdge(**arguments) as client:
                await client.customers.create(body=example)

        asyncio.run(main())

    sent = server.only
    expires = sent.header("expires-at") or ""
    origin = "/".join(server.url.split("/", 3)[:3])
    text = f"{expires}|POST|{origin}{sent.target}|".encode() + sent.body
    signature = b64decode(sent.header("signature") or "")
    KEY.public_key().verify(signature, text, PKCS1v15(), SHA256())
    assert 50 < int(expires) - time.time() <= 60
    assert (sent.header("app-id"), sent.header("secret")) == ("a", "s")


def test_credentials_do_not_follow_a_redirect(server: Loopback) -> None:
    def elsewhere(_: Received) -> Answer:
        return Answer(307, b"", {"Location": f"{server.url}/elsewhere"})

    server.reset(elsewhere)

    with (
        Basiq(api_key="a2V5", base_url=server.url) as client,
        pytest.raises(errors.ResponseError),
    ):
        client.users.get("u1")

    assert server.only.target.endswith("/token")
