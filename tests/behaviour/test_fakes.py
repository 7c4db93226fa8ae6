"""The typed fakes, used as someone would who tests code of their own with a generated client."""

from __future__ import annotations

import asyncio

import pytest

from clients import AsyncBasiq, Basiq, CodatExpenses, Powens, errors
from clients.basiq import models, operations
from clients.codat_expenses import operations as codat_operations
from clients.powens import operations as powens_operations
from clients.testing import FakeApi

from .wire import operation_of

JOB = operation_of("basiq", "postConnection").example(202)
CONNECTION = operation_of("basiq", "getConnection").example(200)
CREDENTIALS = models.UserConnectionsPostData(
    institution=models.InstitutionReference(id="AU00000"),
    login_id="gavin",
    password="hooli2018",
)


def _connect(client: Basiq, user: str) -> str:
    """The code under test: connects a user and gives the status of the connection."""
    job = client.connections.create(user, body=CREDENTIALS)
    return client.connections.get(user, job.id).id


def test_code_that_makes_two_calls() -> None:
    fake = FakeApi()
    fake.on(operations.POST_CONNECTION, models.JobRef.model_validate(JOB), status=202)
    fake.on(operations.GET_CONNECTION, CONNECTION)
    client = Basiq(token="t-secret", http_client=fake.http_client())

    assert _connect(client, "a/b") == CONNECTION["id"]

    create, get = fake.calls
    assert (create.operation, create.method) == ("postConnection", "POST")
    assert create.path == "/users/a/b/connections"
    assert create.json == CREDENTIALS.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert (get.operation, get.json) == ("getConnection", None)
    assert get.path.endswith(JOB["id"])


def test_recorded_calls_hold_no_credentials() -> None:
    fake = FakeApi()
    fake.on(operations.GET_CONNECTION, CONNECTION)
    client = Basiq(token="t-secret", http_client=fake.http_client())

    client.connections.get("u", "c", options={"headers": {"X-Trace": "7"}})

    (call,) = fake.calls
    assert call.headers["x-trace"] == "7"
    assert "authorization" not in call.headers
    assert "t-secret" not in f"{call!r} {dict(call.headers)}"


def test_queries_are_recorded_decoded() -> None:
    fake = FakeApi()
    fake.on(
        powens_operations.GET_USER_CONNECTION,
        operation_of("powens", "getUserConnection").example(200),
    )
    client = Powens(token="t", http_client=fake.http_client())

    client.connections.get(9071, expand=["connector", "sources"], options={"query": {"q": "a b"}})

    assert fake.calls[0].query == {"expand": ["connector,sources"], "q": ["a b"]}
    assert fake.calls[0].path == "/2.0/users/me/connections/9071"


def test_answers_are_given_in_turn_and_the_last_one_stays() -> None:
    fake = FakeApi()
    for name in ("one", "two"):
        fake.on(operations.GET_CONNECTION, {**CONNECTION, "id": name})
    client = Basiq(token="t", http_client=fake.http_client())

    assert [client.connections.get("u", "c").id for _ in range(3)] == ["one", "two", "two"]


def test_error_answers_become_errors() -> None:
    fake = FakeApi()
    example = operation_of("basiq", "getConnection").example(404)
    fake.on(operations.GET_CONNECTION, example, status=404, headers={"X-Request-Id": "r-1"})
    client = Basiq(token="t", http_client=fake.http_client())

    with pytest.raises(errors.NotFound) as caught:
        client.connections.get("u", "c")

    assert caught.value.request_id == "r-1"
    assert caught.value.body == models.ErrorList.model_validate(example)


def test_answers_without_content() -> None:
    fake = FakeApi()
    fake.on(operations.DELETE_CONNECTION, None, status=204)
    fake.on(codat_operations.DELETE_CONNECTION, None)

    # That they are None is what these methods promise; that they return at all is the point.
    Basiq(token="t", http_client=fake.http_client()).connections.delete("u", "c")
    CodatExpenses(api_key="k", http_client=fake.http_client()).connections.delete("u", "c")

    assert [call.operation for call in fake.calls] == ["deleteConnection", "delete_connection"]


def test_bytes_are_sent_as_they_are() -> None:
    fake = FakeApi()
    fake.on(operations.GET_CONNECTION, b"<html>")
    client = Basiq(token="t", http_client=fake.http_client())

    with pytest.raises(errors.DecodeError) as caught:
        client.connections.get("u", "c")

    assert caught.value.raw == b"<html>"


def test_forms_are_recorded_as_text() -> None:
    fake = FakeApi()
    fake.on(operations.POST_TOKEN, operation_of("basiq", "postToken").example(200))
    client = Basiq(api_key="k", http_client=fake.http_client())

    client.authentication.token(body={"scope": "SERVER_ACCESS"})

    assert fake.calls[0].json == "scope=SERVER_ACCESS"


def test_an_unexpected_call_names_what_was_expected() -> None:
    fake = FakeApi()
    fake.on(operations.GET_CONNECTION, CONNECTION)
    client = Basiq(token="t", http_client=fake.http_client())

    with pytest.raises(AssertionError) as caught:
        client.connections.delete("u", "c")

    assert "DELETE /users/u/connections/c" in str(caught.value)
    assert "(getConnection)" in str(caught.value)
    assert not fake.calls


def test_one_fake_for_two_providers() -> None:
    # Both call the operation `deleteUser`.
    fake = FakeApi()
    fake.on(operations.DELETE_USER, None, status=204)
    powens = Powens(token="t", http_client=fake.http_client())

    with pytest.raises(AssertionError, match="unexpected call"):
        powens.users.delete()


def test_asynchronous_code() -> None:
    fake = FakeApi()
    fake.on(operations.GET_CONNECTION, CONNECTION)

    async def main() -> str:
        async with AsyncBasiq(token="t", http_client=fake.async_http_client()) as client:
            return (await client.connections.get("u", "c")).id

    assert asyncio.run(main()) == CONNECTION["id"]
    assert fake.calls[0].operation == "getConnection"
