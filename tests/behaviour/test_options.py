"""What can be set for a client, and for a single call."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx2
import pytest

from clients import (
    AsyncPowens,
    CodatExpenses,
    Powens,
    RequestOptions,
    errors,
)

from .calling import MODES, Caller, Mode, variants
from .server import Answer, Loopback
from .wire import Operation, operation_of, operations

GET = operation_of("powens", "getUserConnection")
CREATE = operation_of("powens", "createUserConnection")
COMPANY = operation_of("codat_expenses", "create-company")
# Every credential that an operation cannot do without.
NEEDED = [
    pytest.param(operation, scheme.argument, id=f"{operation}-{scheme.argument}")
    for operation in operations()
    for alternative in operation.security
    for scheme in alternative
]
KEY = "eeeeeeee-0000-4000-8000-000000000009"


@pytest.fixture
def users(server: Loopback, http: httpx2.Client) -> Powens:
    """A client of Powens."""
    server.always(200, GET.example(200))
    return Powens(token="t-1", base_url=server.url, http_client=http)


def _watching(seen: list[httpx2.Request], value: object) -> httpx2.Client:
    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json=value)

    return httpx2.Client(transport=httpx2.MockTransport(answer))


def test_headers_and_query_of_one_call(users: Powens, server: Loopback) -> None:
    more: RequestOptions = {"headers": {"X-Trace": "7"}, "query": {"debug": True, "q": "a b"}}

    users.connections.get(9071, expand=["sources"], options=more)
    users.connections.get(9071)

    first, second = server.received
    assert first.header("x-trace") == "7"
    assert first.query == "expand=sources&debug=true&q=a%20b"
    assert second.header("x-trace") is None
    assert second.query == ""


def test_no_option_replaces_a_credential(users: Powens, server: Loopback) -> None:
    users.connections.get(9071, options={"headers": {"authorization": "Bearer other"}})

    assert server.only.header("authorization") == "Bearer t-1"


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"X-A": "1\r\nX-B: 2"}},
        {"headers": {"X A": "1"}},
        {"headers": {"Host": "evil.example"}},
        {"headers": {"Content-Length": "0"}},
        {"timeout": 0},
        {"timeout": "1"},
        {"retries": -1},
        {"idempotency_key": "k"},
        {"time_out": 1},
    ],
    ids=str,
)
def test_options_that_make_no_sense(options: Any, users: Powens, server: Loopback) -> None:
    with pytest.raises(errors.RequestError, match="options"):
        users.connections.get(9071, options=options)

    assert not server.received


def test_timeout_of_one_call(users: Powens, server: Loopback) -> None:
    released = threading.Event()
    # The wait is bounded in case the client never gives up.
    server.reset(lambda _: Answer(503) if released.wait(10) else None)

    with pytest.raises(errors.TimedOut) as caught:
        users.connections.get(9071, options={"timeout": 0.05, "retries": 0})
    released.set()

    assert caught.value.retryable
    assert len(server.received) == 1


def test_powens_create_may_take_minutes() -> None:
    seen: list[httpx2.Request] = []
    client = Powens(token="t", http_client=_watching(seen, GET.example(200)))

    client.connections.create(body={"id_connector": 40})
    client.connections.get(1)
    client.connections.create(body={"id_connector": 40}, options={"timeout": 5})

    assert [request.extensions["timeout"]["read"] for request in seen] == [300, 60, 5]
    # No network needs minutes to make a connection.
    assert all(request.extensions["timeout"]["connect"] <= 10 for request in seen)


def test_idempotency_key(server: Loopback, http: httpx2.Client) -> None:
    client = CodatExpenses(api_key="k", base_url=server.url, http_client=http)
    server.always(200, COMPANY.example(200))

    client.companies.create(body={"name": "A"}, options={"idempotency_key": KEY})
    client.companies.create(body={"name": "A"})

    assert [one.header("Idempotency-Key") for one in server.received] == [KEY, None]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("operation", "argument"), NEEDED)
def test_a_missing_credential_is_named(
    operation: Operation, argument: str, mode: Mode, server: Loopback
) -> None:
    arguments = variants(operation)[0].arguments(operation)

    with (
        Caller(server.url, leaving_out=argument) as caller,
        pytest.raises(errors.ConfigurationError, match=f"`{argument}`"),
    ):
        caller.call(operation, mode, arguments)

    assert not server.received


def test_operations_without_security_need_no_credential(
    server: Loopback, http: httpx2.Client
) -> None:
    server.always(200, operation_of("powens", "initUserToken").example(200))

    token = Powens(base_url=server.url, http_client=http).authentication.init_user()

    assert token.auth_token
    assert server.only.header("authorization") is None


def test_credentials_may_be_functions(server: Loopback, http: httpx2.Client) -> None:
    tokens = iter(["one", "two"])
    server.always(200, GET.example(200))
    client = Powens(token=lambda: next(tokens), base_url=server.url, http_client=http)

    client.connections.get(1)
    client.connections.get(1)

    assert [one.header("authorization") for one in server.received] == ["Bearer one", "Bearer two"]


def test_asynchronous_credentials_may_be_awaited(server: Loopback) -> None:
    server.always(200, GET.example(200))

    async def token() -> str:
        return "awaited"

    async def main() -> None:
        async with AsyncPowens(token=token, base_url=server.url) as client:
            await client.connections.get(1)

    asyncio.run(main())
    assert server.only.header("authorization") == "Bearer awaited"


def test_raw_gives_the_whole_answer(users: Powens, server: Loopback) -> None:
    server.always(202, CREATE.example(202), **{"X-Request-Id": "r-1"})

    response = users.raw(users.connections.create, body={"id_connector": 40})

    assert response.status == 202
    assert response.headers["x-request-id"] == "r-1"
    assert response.value.id == CREATE.example(202)["id"]


def test_raw_of_the_asynchronous_client(server: Loopback) -> None:
    server.always(200, GET.example(200), **{"X-Request-Id": "r-2"})

    async def main() -> None:
        async with AsyncPowens(token="t", base_url=server.url) as client:
            # Answers of calls that run side by side must not be mixed up.
            one, two = await asyncio.gather(
                client.raw(client.connections.get, 1), client.raw(client.connections.get, 2)
            )
            assert (one.status, one.headers["X-Request-Id"]) == (200, "r-2")
            assert two.value.id == GET.example(200)["id"]

    asyncio.run(main())


def test_raw_needs_a_method_that_sends(users: Powens, server: Loopback) -> None:
    with pytest.raises(TypeError):
        users.raw(
            users.connections.webauth_url,
            client_id=1,
            token="c",
            redirect_uri="https://a.example",
        )

    assert not server.received


def test_server_variable() -> None:
    seen: list[httpx2.Request] = []

    Powens(
        token="t",
        domain="acme-sandbox",
        http_client=_watching(seen, GET.example(200)),
    ).connections.get(9071)

    assert str(seen[0].url) == "https://acme-sandbox.biapi.pro/2.0/users/me/connections/9071"


@pytest.mark.parametrize("domain", ["", "evil.example/", "a@b", "a:80", "a b", "a?", "a#", "ü"])
def test_server_variable_that_would_change_the_host(domain: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="`domain`"):
        Powens(token="t", domain=domain)


@pytest.mark.parametrize("url", ["http://api.example", "ftp://api.example", "//x", "https://u:p@x"])
def test_base_url_that_must_not_be_used(url: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="`base_url`"):
        Powens(token="t", base_url=url)


def test_a_client_of_ones_own_stays_open(server: Loopback) -> None:
    server.always(200, GET.example(200))
    with httpx2.Client() as own:
        with Powens(token="t", base_url=server.url, http_client=own) as client:
            client.connections.get(1)

        assert not own.is_closed
        with pytest.raises(errors.ConfigurationError, match="closed"):
            client.connections.get(1)
        assert len(server.received) == 1


def test_an_asynchronous_client_of_ones_own_stays_open(server: Loopback) -> None:
    server.always(200, GET.example(200))

    async def main() -> None:
        async with httpx2.AsyncClient() as own:
            async with AsyncPowens(token="t", base_url=server.url, http_client=own) as client:
                await client.connections.get(1)
            assert not own.is_closed

    asyncio.run(main())


@pytest.mark.parametrize(
    "options", ["x", [], {"headers": None}, {"query": ["a"]}, {"headers": {5: "x"}}, {5: 1}]
)
def test_options_of_the_wrong_kind_are_refused_in_our_words(options: Any, server: Loopback) -> None:
    with (
        Powens(token="t", base_url=server.url) as client,
        pytest.raises(errors.RequestError, match="options"),
    ):
        client.connections.get(1, options=options)
    assert not server.received


def test_a_url_that_is_too_long_is_no_fault_of_the_address(server: Loopback) -> None:
    with (
        Powens(token="t", base_url=server.url) as client,
        pytest.raises(errors.RequestError, match="the URL is longer than"),
    ):
        client.connections.get(1, options={"query": {"a": "1" * 70_000}})
    assert not server.received


def test_a_number_too_long_to_be_written_is_refused(server: Loopback) -> None:
    with (
        Powens(token="t", base_url=server.url) as client,
        pytest.raises(errors.RequestError, match="too many digits"),
    ):
        client.connections.get(10**5000)
    assert not server.received
