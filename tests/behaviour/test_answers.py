"""What answers hold beyond the examples: exact money, times, and what is newer than the package."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from clients import basiq, codat_lending, errors, powens

from .calling import generated
from .compare import differences
from .server import Answer, Loopback
from .wire import Media, Operation, operation_of, operations

POWENS = operation_of("powens", "getUserConnection").example(200)
ACCOUNT = operation_of("basiq", "getAccount").example(200)
ANSWERS = [
    pytest.param(operation, reply.media, id=f"{operation}-{reply.status}")
    for operation in operations()
    for reply in operation.replies
    if reply.media and "properties" in operation.spec.resolve(reply.media.schema)
]


@pytest.fixture
def users(server: Loopback, http: httpx2.Client) -> powens.Powens:
    """A client of Powens."""
    return powens.Powens(token="t", base_url=server.url, http_client=http)


@pytest.fixture
def lending(server: Loopback, http: httpx2.Client) -> codat_lending.CodatLending:
    """A client of Codat Lending."""
    return codat_lending.CodatLending(api_key="k", base_url=server.url, http_client=http)


def _transaction(lending: codat_lending.CodatLending, server: Loopback, content: str) -> Any:
    server.reset(lambda _: Answer(200, content.encode()))
    return lending.banking.get_transaction("c", "n", "t")


@pytest.mark.parametrize(
    "number",
    ["0.1", "1523.40", "-0.01", "12", "12345678901234567890.12", "0.1234567890123456789", "1e3"],
)
def test_money_as_number_is_exact(
    number: str, lending: codat_lending.CodatLending, server: Loopback
) -> None:
    got = _transaction(lending, server, f'{{"amount": {number}}}')

    assert isinstance(got.amount, Decimal)
    assert got.amount == Decimal(number)


@pytest.mark.parametrize("number", ["0.1", "1523.40", "-0.010", "12345678901234567890.12"])
def test_money_as_text_keeps_its_zeros(number: str, server: Loopback, http: httpx2.Client) -> None:
    client = basiq.Basiq(token="t", base_url=server.url, http_client=http)
    server.always(200, {**ACCOUNT, "balance": number})

    account = client.accounts.get("5f2e", "a901")

    assert isinstance(account.balance, Decimal)
    assert str(account.balance) == number
    assert account.model_dump(mode="json", by_alias=True)["balance"] == number


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-10-23T00:00:00", datetime(2022, 10, 23, tzinfo=UTC)),
        ("2022-10-23", datetime(2022, 10, 23, tzinfo=UTC)),
        ("2022-10-23T00:00:00Z", datetime(2022, 10, 23, tzinfo=UTC)),
        ("2022-10-22T23:59:59.1234567Z", datetime(2022, 10, 22, 23, 59, 59, 123456, tzinfo=UTC)),
        ("2022-10-23T02:00:00+02:00", datetime(2022, 10, 23, tzinfo=UTC)),
    ],
)
def test_a_missing_zone_means_utc_at_codat(
    text: str, moment: datetime, lending: codat_lending.CodatLending, server: Loopback
) -> None:
    got = _transaction(lending, server, f'{{"postedDate": "{text}"}}')

    assert got.posted_date == moment


def test_powens_times_have_no_zone(users: powens.Powens, server: Loopback) -> None:
    server.always(200, {**POWENS, "last_update": "2024-05-14 09:31:07"})

    connection = users.connections.get(9071)

    # Equal only if it has no zone, too.
    assert connection.last_update == datetime(2024, 5, 14, 9, 31, 7)
    assert connection.model_dump(mode="json")["last_update"] == "2024-05-14 09:31:07"


def test_what_is_newer_than_the_package_is_kept(users: powens.Powens, server: Loopback) -> None:
    newer = {**POWENS, "state": "brandNew", "next_big_thing": {"a": [1, None]}}
    server.always(200, newer)

    connection = users.connections.get(9071)

    state = connection.state
    assert isinstance(state, powens.models.ConnectionState)
    assert state == "brandNew"
    assert not state.is_known
    assert connection.model_extra == {"next_big_thing": {"a": [1, None]}}
    dumped = connection.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert not list(differences(newer, dumped))


def test_a_known_value_is_a_member(users: powens.Powens, server: Loopback) -> None:
    server.always(200, {**POWENS, "state": "wrongpass"})

    state = users.connections.get(9071).state

    assert state is powens.models.ConnectionState.WRONGPASS
    assert state.is_known


def test_null_and_absent_can_be_told_apart(users: powens.Powens, server: Loopback) -> None:
    absent = {key: value for key, value in POWENS.items() if key != "expire"}
    server.always(200, {**absent, "state": None})

    connection = users.connections.get(9071)

    assert connection.state is None
    assert connection.expire is None
    assert connection.is_set("state")
    assert not connection.is_set("expire")


@pytest.mark.parametrize(("operation", "media"), ANSWERS)
def test_required_fields_are_required_and_no_others(operation: Operation, media: Media) -> None:
    example = next(iter(media.examples.values()))
    kind = getattr(generated(operation.spec, "models"), media.schema["$ref"].rpartition("/")[2])
    required = operation.spec.resolve(media.schema).get("required", [])

    kind.model_validate({name: example[name] for name in required})

    for name in required:
        with pytest.raises(ValidationError):
            kind.model_validate({key: value for key, value in example.items() if key != name})


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_an_answer_unlike_the_specification(
    content: bytes, users: powens.Powens, server: Loopback
) -> None:
    server.reset(lambda _: Answer(200, content))

    with pytest.raises(errors.DecodeError) as caught:
        users.connections.get(9071)

    assert caught.value.status == 200
    assert caught.value.operation == "getUserConnection"
    assert caught.value.raw == content


def test_an_answer_that_is_not_as_documented(server: Loopback, http: httpx2.Client) -> None:
    server.always(200, {**POWENS, "id": "secret-9071", "state": 7})
    lenient = powens.Powens(token="t", base_url=server.url, http_client=http)
    strict = powens.Powens(token="t", base_url=server.url, http_client=http, decoding="strict")

    answer = lenient.raw(lenient.connections.get, 9071)

    assert [issue.path for issue in answer.issues] == [("id",), ("state",)]
    assert answer.value.model_issues() == answer.issues
    kept: Any = answer.value
    assert (kept.id, kept.state) == ("secret-9071", 7)
    with pytest.raises(errors.DecodeError, match=r"id int_parsing; state enum$") as caught:
        strict.connections.get(9071)
    assert "9071" not in str(caught.value)
    with pytest.raises(errors.ConfigurationError, match="decoding"):
        powens.Powens(token="t", decoding="loose")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("content", [b"", b"<html>Bad gateway</html>", b"[1]", b"\xff"])
@pytest.mark.parametrize("status", [400, 404, 418, 500, 599])
def test_an_error_body_never_hides_the_status(
    status: int, content: bytes, users: powens.Powens, server: Loopback
) -> None:
    server.reset(lambda _: Answer(status, content))

    with pytest.raises(powens.errors.PowensError) as caught:
        users.connections.get(9071, options={"retries": 0})

    assert caught.value.status == status
    assert caught.value.body is None
    assert caught.value.raw == content


def test_redirects_are_not_followed(users: powens.Powens, server: Loopback) -> None:
    server.reset(lambda _: Answer(302, headers={"Location": f"{server.url}/users/me"}))

    with pytest.raises(powens.errors.PowensError) as caught:
        users.connections.get(9071)

    assert caught.value.status == 302
    assert len(server.received) == 1
