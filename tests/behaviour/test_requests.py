"""What callers put into paths, queries and bodies, and how it reaches the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest

from clients import UNSET, basiq, errors, powens, saltedge

from .server import Loopback
from .wire import operation_of

CONNECTION = operation_of("basiq", "getConnection").example(200)
POWENS_CONNECTION = operation_of("powens", "updateSyncUserConnection").example(200)
# Powens has no zones.
MOMENT = datetime(2024, 5, 14, 9, 31, 7)


@pytest.fixture
def banks(server: Loopback, http: httpx2.Client) -> basiq.Basiq:
    """A client of Basiq."""
    server.always(200, CONNECTION)
    return basiq.Basiq(token="t", api_key="k", base_url=server.url, http_client=http)


@pytest.fixture
def users(server: Loopback, http: httpx2.Client) -> powens.Powens:
    """A client of Powens."""
    server.always(200, POWENS_CONNECTION)
    return powens.Powens(token="t", base_url=server.url, http_client=http)


@pytest.mark.parametrize(
    "value",
    [
        "a/b",
        "ü",
        " ",
        "a b",
        "a+b",
        "..a",
        "...",
        "?x#y",
        "a%2Fb",
        "a%2e%2e",
        "\\..\\",
        "x;y=1",
        "日本",
        "😀",
    ],
)
def test_a_path_value_stays_in_its_segment(
    value: str, banks: basiq.Basiq, server: Loopback
) -> None:
    banks.connections.get(value, "77aa01")

    segments = server.only.path.split("/")
    assert [unquote(part) for part in segments] == ["", "users", value, "connections", "77aa01"]
    assert server.only.path.isascii()
    assert server.only.query == ""


@pytest.mark.parametrize("place", ["user_id", "connection_id"])
@pytest.mark.parametrize(
    "value", ["", ".", "..", "%2e", "%2E%2e", ".%2E", "a\0b", "\ud800", None, UNSET, ["a"], b"a"]
)
def test_a_path_value_that_cannot_be_sent_sends_nothing(
    value: Any, place: str, banks: basiq.Basiq, server: Loopback
) -> None:
    arguments: dict[str, Any] = {"user_id": "5f2e", "connection_id": "77aa01", place: value}

    with pytest.raises(errors.RequestError, match=f"`{place}`"):
        banks.connections.delete(**arguments)

    assert not server.received


def test_a_query_value_is_percent_encoded(banks: basiq.Basiq, server: Loopback) -> None:
    server.always(200, operation_of("basiq", "getConnections").example(200))
    text = "institution.id.eq('AÜ&1=2+3 #%')"

    banks.connections.list("5f2e", filter=text)

    name, _, value = server.only.query.partition("=")
    assert (name, unquote(value)) == ("filter", text)
    assert not set(value) & set("&=+ #")


def test_items_of_lists_keep_their_separators(users: powens.Powens, server: Loopback) -> None:
    server.always(200, operation_of("powens", "listUserTransactions").example(200))

    users.transactions.list(expand=["a,b", "c d"], value=["12.50", "-1"]).first_page()

    assert sorted(server.only.query.split("&")) == ["expand=a%2Cb,c%20d", "value=12.50%7C-1"]


def test_a_flag_that_is_only_ever_true(users: powens.Powens, server: Loopback) -> None:
    arguments: dict[str, Any] = {"background": False}

    with pytest.raises(errors.RequestError, match="`background`"):
        users.connections.update(9071, **arguments)
    users.connections.update(9071, background=True)

    assert server.only.query == "background=true"


@pytest.mark.parametrize(
    ("body", "wire"),
    [
        (powens.models.AccessTokenRequest(), {}),
        (powens.models.AccessTokenRequest(client_id=7), {"client_id": 7}),
        (powens.models.AccessTokenRequest(client_id="7"), {"client_id": "7"}),
        (powens.models.AccessTokenRequest(client_secret=None), {"client_secret": None}),
        ({}, {}),
        ({"client_id": 7}, {"client_id": 7}),
        ({"client_secret": None}, {"client_secret": None}),
        ({"client_secret": UNSET, "client_id": 7}, {"client_id": 7}),
    ],
)
def test_absent_null_and_value_are_three_things(
    body: Any, wire: Mapping[str, object], users: powens.Powens, server: Loopback
) -> None:
    server.always(200, operation_of("powens", "initUserToken").example(200))

    users.authentication.init_user(body=body)

    assert server.only.json == wire


def test_a_body_left_out_is_no_body(users: powens.Powens, server: Loopback) -> None:
    users.connections.update(9071)

    assert server.only.body == b""
    assert server.only.header("content-type") is None


def test_a_required_body_is_asked_for(users: powens.Powens, server: Loopback) -> None:
    body: Any = UNSET

    with pytest.raises(errors.RequestError, match="`body` is missing"):
        users.connections.create(body=body)

    assert not server.received


def test_models_inside_a_dictionary(server: Loopback, http: httpx2.Client) -> None:
    client = saltedge.SaltEdge(app_id="a", secret="s", base_url=server.url, http_client=http)
    server.always(200, operation_of("saltedge", "connections_connection_id_put").example(200))
    data = saltedge.models.UpdateConnectionRequestBodyData(daily_refresh=True)

    client.connections.update("111", body={"data": data})

    assert server.only.json == {"data": {"daily_refresh": True}}


def test_further_keys_of_an_open_body(users: powens.Powens, server: Loopback) -> None:
    body = powens.models.ConnectionUpdateRequest.model_validate({"resume": True, "otp code": "42"})

    users.connections.update(9071, body=body)
    users.connections.update(9071, body={"resume": True, "otp code": "42", "left": UNSET})

    assert [one.json for one in server.received] == [{"resume": True, "otp code": "42"}] * 2


@pytest.mark.parametrize(
    "kind",
    [powens.models.AuthCodeRequestType.SINGLE_ACCESS, "singleAccess"],
    ids=["member", "text"],
)
def test_enum_in_a_query(kind: str, users: powens.Powens, server: Loopback) -> None:
    server.always(200, operation_of("powens", "getAuthCode").example(200))

    users.authentication.code(type=kind)

    assert server.only.query == "type=singleAccess"


@pytest.mark.parametrize(
    "body",
    [
        basiq.models.TokenRequest(scope=basiq.models.TokenScope.CLIENT_ACCESS, user_id="5 f&2"),
        {"scope": basiq.models.TokenScope.CLIENT_ACCESS, "userId": "5 f&2"},
        {"scope": "CLIENT_ACCESS", "userId": "5 f&2"},
    ],
    ids=["model", "member", "text"],
)
def test_enum_in_a_form(body: Any, banks: basiq.Basiq, server: Loopback) -> None:
    server.always(200, operation_of("basiq", "postToken").example(200))

    banks.authentication.token(body=body)

    assert server.only.header("content-type") == "application/x-www-form-urlencoded"
    assert server.only.body == b"scope=CLIENT_ACCESS&userId=5+f%262"


@pytest.mark.parametrize(("day", "wire"), [(date(2024, 1, 31), "2024-01-31"), ("2024", "2024")])
def test_calendar_days(day: date | str, wire: str, server: Loopback, http: httpx2.Client) -> None:
    client = saltedge.SaltEdge(app_id="a", secret="s", base_url=server.url, http_client=http)
    server.always(200, operation_of("saltedge", "providers_get").example(200))

    client.providers.list(from_date=day).first_page()

    assert server.only.query == f"from_date={wire}"


@pytest.mark.parametrize(
    "body",
    # A plain dictionary holds what goes over the wire; only a model knows the provider's own form.
    [powens.models.ConnectionUpdateRequest(expire=MOMENT), {"expire": "2024-05-14 09:31:07"}],
    ids=["model", "dict"],
)
def test_a_zoneless_moment_in_a_body(body: Any, users: powens.Powens, server: Loopback) -> None:
    users.connections.update(9071, body=body)

    assert server.only.json == {"expire": "2024-05-14 09:31:07"}


def test_a_zoneless_moment_in_a_query(users: powens.Powens, server: Loopback) -> None:
    server.always(200, operation_of("powens", "listUserTransactions").example(200))

    users.transactions.list(last_update=MOMENT).first_page()

    assert unquote(server.only.query) == "last_update=2024-05-14 09:31:07"


@pytest.mark.parametrize("moment", [MOMENT.replace(tzinfo=UTC), MOMENT.replace(microsecond=5)])
def test_a_moment_that_the_documented_form_cannot_hold(
    moment: datetime, users: powens.Powens, server: Loopback
) -> None:
    # Refused or brought into the form, whichever the runtime chooses; but nothing else is sent.
    body = powens.models.ConnectionUpdateRequest(expire=moment)

    try:
        users.connections.update(9071, body=body)
    except errors.RequestError:
        assert not server.received
    else:
        assert server.only.json == {"expire": "2024-05-14 09:31:07"}


@pytest.mark.parametrize("number", ["0.1", "-1523.4", "12", "1E+3", "9007199254740993"])
def test_a_decimal_in_a_body_is_exact(number: str, users: powens.Powens, server: Loopback) -> None:
    users.connections.update(9071, body={"amount": Decimal(number)})

    text = server.only.body.decode().removeprefix('{"amount":').removesuffix("}")
    assert Decimal(text) == Decimal(number)


@pytest.mark.parametrize("number", ["0.1234567890123456789", "NaN", "-Infinity", "1E+999999"])
def test_a_decimal_that_json_cannot_hold_is_refused(
    number: str, users: powens.Powens, server: Loopback
) -> None:
    with pytest.raises(errors.RequestError, match="`body`"):
        users.connections.update(9071, body={"amount": Decimal(number)})

    assert not server.received
