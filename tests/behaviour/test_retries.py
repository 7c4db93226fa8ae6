"""What is sent again, and what never is; counted on the server."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat

import httpx2
import pytest

from clients import CodatExpenses, Powens, errors

from .calling import MODES, Caller, Mode, variants
from .server import Answer, Loopback, answer_json
from .wire import Operation, operation_of, operations

GET = operation_of("powens", "getUserConnection")
UNREPEATABLE = [
    operation
    for operation in operations()
    if operation.method in {"POST", "PATCH"} and "x-linkwright-retry" not in operation.extensions
]
BUSY = answer_json(503, {"code": "unavailable"}, **{"Retry-After": "0"})
DEFAULT_ATTEMPTS = 3


@pytest.fixture
def users(server: Loopback, http: httpx2.Client) -> Powens:
    """A client of Powens."""
    return Powens(token="t", base_url=server.url, http_client=http)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let random pauses between attempts be the shortest possible, which is none."""
    monkeypatch.setattr("random.random", lambda: 0.0)


def _in_turn(server: Loopback, *answers: Answer | None) -> None:
    """Give answers one after the other; the last one stays."""
    turns: Iterator[Answer | None] = chain(answers, repeat(answers[-1]))
    server.reset(lambda _: next(turns))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", UNREPEATABLE, ids=str)
def test_a_post_that_may_have_arrived_is_never_sent_twice(
    operation: Operation, mode: Mode, server: Loopback, caller: Caller
) -> None:
    _in_turn(server, None)
    plain = next(one for one in variants(operation) if not one.optional or operation.body)
    arguments = plain.arguments(operation)
    arguments.get("options", {}).pop("idempotency_key", None)

    with pytest.raises(errors.TransportError) as caught:
        caller.call(operation, mode, arguments)

    assert len(server.received) == 1
    # That error would promise that nothing was sent.
    assert not isinstance(caught.value, errors.ConnectionFailed)
    assert caught.value.operation == operation.id


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("operation", UNREPEATABLE, ids=str)
def test_a_post_is_not_sent_again_when_the_service_is_busy(
    operation: Operation, mode: Mode, server: Loopback, caller: Caller
) -> None:
    _in_turn(server, BUSY)
    plain = next(one for one in variants(operation) if not one.optional or operation.body)
    arguments = plain.arguments(operation)
    arguments.get("options", {}).pop("idempotency_key", None)

    with pytest.raises(errors.ServerError) as caught:
        caller.call(operation, mode, arguments)

    assert len(server.received) == 1
    assert caught.value.retryable
    assert caught.value.retry_after == 0


def test_a_post_over_a_connection_that_was_used_before(users: Powens, server: Loopback) -> None:
    _in_turn(server, answer_json(200, GET.example(200)), None)
    users.connections.get(1)

    with pytest.raises(errors.TransportError):
        users.connections.create(body={"id_connector": 40})

    assert [one.method for one in server.received] == ["GET", "POST"]


def test_a_get_is_sent_again_when_the_connection_dies(users: Powens, server: Loopback) -> None:
    _in_turn(server, None, None, answer_json(200, GET.example(200)))

    assert users.connections.get(9071).id == GET.example(200)["id"]

    assert len(server.received) == DEFAULT_ATTEMPTS
    assert len({(one.target, one.headers) for one in server.received}) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_get_is_sent_again_when_the_cause_may_pass(
    status: int, users: Powens, server: Loopback
) -> None:
    _in_turn(server, answer_json(status, {}), answer_json(200, GET.example(200)))

    users.connections.get(9071)

    assert len(server.received) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501])
def test_a_get_is_not_sent_again_when_the_answer_is_final(
    status: int, users: Powens, server: Loopback
) -> None:
    _in_turn(server, answer_json(status, {}))

    with pytest.raises(errors.ResponseError):
        users.connections.get(9071)

    assert len(server.received) == 1


@pytest.mark.parametrize("retries", [0, 1, 4])
def test_the_number_of_retries_can_be_chosen(retries: int, users: Powens, server: Loopback) -> None:
    _in_turn(server, BUSY)

    with pytest.raises(errors.ServerError):
        users.connections.get(9071, options={"retries": retries})

    assert len(server.received) == retries + 1


def test_a_wish_for_a_long_pause_is_left_to_the_caller(users: Powens, server: Loopback) -> None:
    _in_turn(server, answer_json(429, {}, **{"Retry-After": "3600"}))

    with pytest.raises(errors.RateLimited) as caught:
        users.connections.get(9071)

    assert len(server.received) == 1
    assert caught.value.retry_after == 3600


def test_an_idempotency_key_makes_a_post_repeatable(server: Loopback, http: httpx2.Client) -> None:
    client = CodatExpenses(api_key="k", base_url=server.url, http_client=http)
    company = operation_of("codat_expenses", "create-company").example(200)
    _in_turn(server, None, BUSY, answer_json(200, company))

    client.companies.create(body={"name": "A"}, options={"idempotency_key": "k-1"})

    assert [one.header("idempotency-key") for one in server.received] == ["k-1"] * 3
    assert len({one.body for one in server.received}) == 1


def test_an_empty_idempotency_key_makes_nothing_repeatable(
    server: Loopback, http: httpx2.Client
) -> None:
    client = CodatExpenses(api_key="k", base_url=server.url, http_client=http)
    _in_turn(server, None)

    # Refused or sent once, whichever the runtime chooses.
    with pytest.raises((errors.RequestError, errors.TransportError)):
        client.companies.create(body={"name": "A"}, options={"idempotency_key": ""})

    assert len(server.received) <= 1


def test_every_attempt_asks_for_the_credential(server: Loopback, http: httpx2.Client) -> None:
    tokens = iter(["old", "new"])
    client = Powens(token=lambda: next(tokens), base_url=server.url, http_client=http)
    _in_turn(server, BUSY, answer_json(200, GET.example(200)))

    client.connections.get(9071)

    assert [one.header("authorization") for one in server.received] == ["Bearer old", "Bearer new"]


def test_nothing_was_sent_where_nobody_listens(server: Loopback) -> None:
    # Port 1 is reserved and never bound.
    with (
        Powens(token="t", base_url="http://127.0.0.1:1") as client,
        pytest.raises(errors.ConnectionFailed),
    ):
        client.connections.create(body={"id_connector": 40})

    assert not server.received
