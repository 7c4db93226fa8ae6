from __future__ import annotations

import asyncio

import pytest

from package.testing import FakeApi

from .toyapi import AsyncToy, Toy
from .toyapi.errors import ToyNotFound
from .toyapi.models import Connection, ServiceError
from .toyapi.operations import CREATE_CONNECTION, DELETE_CONNECTION, GET_CONNECTION

SECRET = "s3cr3t-value"


def test_answers_in_turn_and_the_last_stays() -> None:
    fake = FakeApi()
    fake.on(GET_CONNECTION, Connection(id=7))
    fake.on(GET_CONNECTION, {"id": 8}, headers={"X-Id": "r"})
    client = Toy(token=SECRET, http_client=fake.http_client())
    assert [client.connections.get(1).id for _ in range(3)] == [7, 8, 8]
    assert client.raw(client.connections.get, 1).headers["x-id"] == "r"


def test_errors_and_empty_answers() -> None:
    fake = FakeApi()
    fake.on(GET_CONNECTION, ServiceError(code="x"), status=404)
    fake.on(DELETE_CONNECTION, None, status=204)
    client = Toy(token=SECRET, http_client=fake.http_client())
    with pytest.raises(ToyNotFound) as caught:
        client.connections.get(1)
    assert caught.value.body == ServiceError(code="x")
    assert client.raw(client.connections.delete, 1).status == 204


def test_calls_are_recorded_without_credentials() -> None:
    fake = FakeApi()
    fake.on(CREATE_CONNECTION, b'{"id":1}')
    fake.on(GET_CONNECTION, {"id": 1})
    client = Toy(token=SECRET, app_id=SECRET, http_client=fake.http_client())
    client.connections.create(body={"id": 5}, options={"query": {"q": ["a b", ""]}})
    client.connections.get(3)
    first, second = fake.calls
    assert (first.operation, first.method, first.path) == (
        "createConnection",
        "POST",
        "/2.0/users/me/connections",
    )
    assert first.query == {"q": ["a b", ""]}
    assert first.json == {"id": 5}
    assert first.headers["content-type"] == "application/json"
    assert (second.path, second.json) == ("/2.0/users/me/connections/3", None)
    assert "authorization" not in second.headers
    assert SECRET not in repr(fake.calls)


def test_unexpected_call() -> None:
    fake = FakeApi()
    client = Toy(token=SECRET, http_client=fake.http_client())
    with pytest.raises(AssertionError, match=r"GET /2\.0/users/me/connections/3; .* nothing"):
        client.connections.get(3)
    fake.on(DELETE_CONNECTION, None)
    with pytest.raises(AssertionError, match=r"DELETE /users/.*\(deleteConnection\)"):
        client.connections.get(3)
    with pytest.raises(AssertionError, match="GET /elsewhere"):
        fake.http_client().get("https://x/elsewhere")


def test_async() -> None:
    fake = FakeApi()
    fake.on(GET_CONNECTION, {"id": 7})

    async def run() -> int:
        async with AsyncToy(token=SECRET, http_client=fake.async_http_client()) as client:
            return (await client.connections.get(1)).id

    assert asyncio.run(run()) == 7
