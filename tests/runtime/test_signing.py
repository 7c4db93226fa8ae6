"""Signatures: over what goes over the wire, anew for every attempt."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import time
from base64 import b64decode
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import ConfigurationError, ResponseError
from package._runtime.operation import ApiKey, Operation, Param, Signature
from package._runtime.rsa import RsaSigner
from package._runtime.signing import Clock, signable

from .conftest import Server
from .toyapi.operations import PROVIDER

SCHEME = Signature(
    "signer",
    "Signature",
    expires_header="Expires-at",
    lifetime=60,
    text="{expires}|{method}|{url}|{body}",
)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OPERATION: Operation[None] = Operation(
    id="put",
    name="things.put",
    method="PUT",
    path="/things/{id}",
    params=(Param("id", "id", "path"), Param("q", "q", "query")),
    retry="idempotent",
    results={"2XX": None},
    body="application/json",
    security=(("key", "signature"), ("key",)),
)


def pem(key: Any, password: bytes | None = None) -> bytes:
    cipher: Any = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    written: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher
    )
    return written


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_every_attempt_is_signed_as_it_is_sent(server: Server, mode: str) -> None:
    server.reply(503, Retry_After="1")
    server.reply(200)
    key = ApiKey("key", "query", "key")
    provider = replace(PROVIDER, base_url="", credentials={"key": key, "signature": SCHEME})
    options: dict[str, Any] = {
        "credentials": {"key": "k/1", "signature": RsaSigner(pem(KEY))},
        "base_url": server.url,
    }
    arguments = {"id": "ä/b~'(", "q": "a b&{url}|%41"}
    body = {"a": "{body} é"}
    if mode == "sync":
        with Client(provider, **options) as client:
            client.send(OPERATION, arguments, body=body)
    else:

        async def main() -> None:
            async with AsyncClient(provider, **options) as client:
                await client.send(OPERATION, arguments, body=body)

        asyncio.run(main())

    first, second = server.received
    assert first.target.endswith("&key=k%2F1")
    moments: list[int] = []
    for one in (first, second):
        expires = one.header("Expires-at") or ""
        moments.append(int(expires))
        origin = server.url.removesuffix("/2.0")
        text = f"{expires}|PUT|{origin}{one.target}|".encode() + one.body
        signature = b64decode(one.header("Signature") or "", validate=True)
        KEY.public_key().verify(signature, text, PKCS1v15(), SHA256())
    assert moments[0] < moments[1]
    assert abs(moments[0] - time.time() - 60) < 10


def test_without_signer_the_next_alternative_is_taken(server: Server) -> None:
    server.reply(200)
    provider = replace(
        PROVIDER,
        credentials={"key": ApiKey("key", "header", "Key"), "signature": SCHEME},
    )
    credentials = {"key": "k", "signature": None}
    with Client(provider, credentials=credentials, base_url=server.url) as client:
        client.send(OPERATION, {"id": 1})
    assert server.received[0].header("Signature") is None
    assert server.received[0].header("Key") == "k"


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def test_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.9)
    wanted = signable(PROVIDER, SCHEME, _digest, Clock(), "POST", "https://x/y?z", b"{url}")
    headers = wanted.headers(_digest(wanted.text))
    expected = hashlib.sha256(b"1700000060|POST|https://x/y?z|{url}").digest()
    assert headers["Expires-at"] == "1700000060"
    assert b64decode(headers["Signature"]) == expected


def client(server: Server, kind: Any, signer: Any) -> Any:
    provider = replace(PROVIDER, credentials={"key": ApiKey("key", "header", "Key")})
    provider = replace(provider, credentials={**provider.credentials, "signature": SCHEME})
    return kind(provider, credentials={"key": "k", "signature": signer}, base_url=server.url)


async def _later(text: bytes) -> bytes:
    await asyncio.sleep(0.001)
    return _digest(text)


@pytest.mark.parametrize("signed", ["text", None])
def test_a_signer_that_gives_no_bytes(server: Server, signed: Any) -> None:
    def signer(_: bytes) -> Any:
        return signed

    with pytest.raises(ConfigurationError, match="`signer` gave no bytes"):
        client(server, Client, signer).send(OPERATION, {"id": 1})
    assert not server.received


@pytest.mark.filterwarnings("error")
def test_an_asynchronous_signer_takes_an_asynchronous_client(server: Server) -> None:
    server.reply(200)
    with pytest.raises(ConfigurationError, match="`signer` is asynchronous"):
        client(server, Client, _later).send(OPERATION, {"id": 1})

    async def main() -> None:
        async with client(server, AsyncClient, _later) as asynchronous:
            await asynchronous.send(OPERATION, {"id": 1})

    asyncio.run(main())
    (one,) = server.received
    origin = server.url.removesuffix("/2.0")
    text = f"{one.header('Expires-at')}|PUT|{origin}{one.target}|".encode()
    assert b64decode(one.header("Signature") or "") == _digest(text)


@pytest.mark.filterwarnings("error")
def test_an_asynchronous_credential_takes_an_asynchronous_client(server: Server) -> None:
    async def token() -> str:
        return "t"

    provider = replace(PROVIDER, credentials={"key": ApiKey("key", "header", "Key")})
    given: Any = {"key": token}
    with (
        Client(provider, credentials=given, base_url=server.url) as synchronous,
        pytest.raises(ConfigurationError, match="`key` is asynchronous"),
    ):
        synchronous.send(replace(OPERATION, security=(("key",),)), {"id": 1})


def _dated(seconds: float) -> str:
    return formatdate(time.time() + seconds, usegmt=True)


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("wrong", [-3600, 7200])
def test_a_wrong_clock_is_set_right_once(server: Server, wrong: int, mode: str) -> None:
    operation = replace(OPERATION, method="POST", retry="never")
    server.replies += [(400, {"Date": _dated(-wrong)}, b""), (200, {}, b""), (200, {}, b"")]
    if mode == "sync":
        with client(server, Client, _digest) as one:
            one.send(operation, {"id": 1}, options={"retries": 0})
            one.send(operation, {"id": 1})
    else:

        async def main() -> None:
            async with client(server, AsyncClient, _digest) as one:
                await one.send(operation, {"id": 1}, options={"retries": 0})
                await one.send(operation, {"id": 1})

        asyncio.run(main())
    ends = [int(one.header("Expires-at") or "") - time.time() for one in server.received]
    assert [round(end, -1) for end in ends] == [60, 60 - wrong, 60 - wrong]


@pytest.mark.parametrize(
    ("status", "date"),
    [
        (400, 20),
        (400, "Mon, 99 Foo 100000 99:99:99 GMT"),
        (400, "\xff"),
        (404, 9000),
        (500, 9000),
    ],
)
def test_a_refusal_for_another_reason_is_final(
    server: Server, status: int, date: int | str
) -> None:
    server.replies += [(status, {"Date": date if isinstance(date, str) else _dated(date)}, b"")]
    with client(server, Client, _digest) as one, pytest.raises(ResponseError):
        one.send(replace(OPERATION, retry="never"), {"id": 1})
    assert len(server.received) == 1


def test_a_provider_whose_clock_runs_wild_is_not_followed_for_ever(server: Server) -> None:
    server.replies += [(403, {"Date": _dated(10_000 * n)}, b"") for n in (1, 2)]
    with client(server, Client, _digest) as one, pytest.raises(ResponseError):
        one.send(OPERATION, {"id": 1})
    assert len(server.received) == 2


def test_a_key_in_place_of_a_signer_is_refused_unseen() -> None:
    provider = replace(PROVIDER, credentials={"signature": SCHEME})
    with pytest.raises(ConfigurationError, match="`signer` is not a function") as caught:
        Client(provider, credentials={"signature": "PRIVATE"}, server={"domain": "demo"})
    assert "PRIVATE" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "password"),
    [
        (b"nonsense PRIVATE", None),
        (pem(ec.generate_private_key(ec.SECP256R1())), None),
        (pem(KEY, b"opens"), None),
        (pem(KEY, b"opens"), "wrong"),
        (pem(KEY), "needless"),
        ("", None),
    ],
)
def test_keys_that_cannot_sign(key: str | bytes, password: str | None) -> None:
    with pytest.raises(ConfigurationError, match="`key`") as caught:
        RsaSigner(key, password=password)
    assert caught.value.__context__ is None
    assert "PRIVATE" not in str(caught.value)


def test_an_encrypted_key_signs_and_nothing_shows_it() -> None:
    signer = RsaSigner(pem(KEY, b"opens").decode(), password="opens")
    KEY.public_key().verify(signer(b"text"), b"text", PKCS1v15(), SHA256())
    assert repr(signer) == "RsaSigner(***)"
    with pytest.raises(TypeError):
        pickle.dumps(signer)
