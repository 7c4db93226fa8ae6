"""Signatures: over what goes over the wire, anew for every attempt."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import time
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from package._runtime.aio import AsyncClient
from package._runtime.client import Client
from package._runtime.errors import ConfigurationError
from package._runtime.operation import ApiKey, Operation, Param, Signature
from package._runtime.rsa import RsaSigner
from package._runtime.signing import sign

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
    headers = sign(
        PROVIDER,
        SCHEME,
        _digest,
        "POST",
        "https://x/y?z",
        b"{url}",
    )
    expected = hashlib.sha256(b"1700000060|POST|https://x/y?z|{url}").digest()
    assert headers["Expires-at"] == "1700000060"
    assert b64decode(headers["Signature"]) == expected


class _Giving:
    def __init__(self, value: object) -> None:
        self._value = value

    def __call__(self, text: bytes) -> object:
        assert text
        return self._value


@pytest.mark.parametrize("signed", ["text", None])
def test_a_signer_that_gives_no_bytes(signed: object) -> None:
    with pytest.raises(ConfigurationError, match="`signer`"):
        sign(PROVIDER, SCHEME, _Giving(signed), "GET", "https://x", b"")


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
