"""The checks themselves: a request that is right passes, and each way to get it wrong is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from .calling import Variant
from .checks import faults
from .compare import differences, kinds_of_text
from .server import BASE_PATH, Received
from .wire import operation_of

CREATE = operation_of("basiq", "postConnection")
TOKEN = operation_of("basiq", "postToken")
KEYS = operation_of("saltedge", "providers_get")
COMPANY = operation_of("codat_expenses", "get-company")

GET_CONNECTION = Received(
    "GET",
    f"{BASE_PATH}/users/me/connections/9071?expand=connector,sources",
    (("Authorization", "Bearer token:made/up+1=="), ("Host", "h"), ("Accept", "*/*")),
    b"",
)
GOT = operation_of("powens", "getUserConnection")


def _wrong() -> Iterator[tuple[str, Received]]:
    path, query = GET_CONNECTION.target.split("?")
    bearer = GET_CONNECTION.headers
    yield "no base path", replace(
        GET_CONNECTION, target=GET_CONNECTION.target.removeprefix(BASE_PATH)
    )
    yield "method", replace(GET_CONNECTION, method="POST")
    yield "other operation", replace(GET_CONNECTION, target=f"{BASE_PATH}/users/me?{query}")
    yield "other value", replace(GET_CONNECTION, target=f"{path}2?{query}")
    yield "value in two segments", replace(GET_CONNECTION, target=f"{path}/2?{query}")
    yield "missing in the query", replace(GET_CONNECTION, target=path)
    yield "style", replace(GET_CONNECTION, target=f"{path}?expand=connector%2Csources")
    yield "exploded", replace(GET_CONNECTION, target=f"{path}?expand=connector&expand=sources")
    yield "order", replace(GET_CONNECTION, target=f"{path}?expand=sources,connector")
    yield "undeclared in the query", replace(GET_CONNECTION, target=f"{path}?{query}&a=1")
    yield "undeclared header", replace(GET_CONNECTION, headers=(*bearer, ("X-A", "1")))
    yield "no credential", replace(GET_CONNECTION, headers=bearer[1:])
    yield "wrong prefix", replace(GET_CONNECTION, headers=(("Authorization", "token:made/up+1=="),))
    yield "body", replace(GET_CONNECTION, body=b"{}")
    yield "content type", replace(GET_CONNECTION, headers=(*bearer, ("Content-Type", "text/plain")))


def test_a_right_request_passes() -> None:
    assert not faults(GET_CONNECTION, Variant(True).expected(GOT))


@pytest.mark.parametrize(("what", "request_"), list(_wrong()), ids=lambda value: str(value)[:20])
def test_a_wrong_request_is_noticed(what: str, request_: Received) -> None:
    assert len(faults(request_, Variant(True).expected(GOT))) >= 1, what


@pytest.mark.parametrize(
    ("body", "kind", "right"),
    [
        (b'{"institution":{"id":"AU00000"},"loginId":"gavin","password":"hooli"}', "json", True),
        (b'{"institution":{"id":"AU00000"},"loginId":"gavin"}', "json", False),
        (b'{"institution":{"id":"AU00000"},"loginId":"gavin","password":7}', "json", False),
        (
            b'{"institution":{"id":"AU00000"},"loginId":"gavin","password":"hooli","a":1}',
            "json",
            False,
        ),
        (b'{"institution":{"id":"AU00000"},"loginId":"gavin","password":"hooli"}', "xml", False),
        (b"", "json", False),
    ],
)
def test_bodies(body: bytes, kind: str, right: bool) -> None:
    example = {"institution": {"id": "AU00000"}, "loginId": "gavin", "password": "hooli"}
    expected = replace(Variant(False, "example").expected(CREATE), body=example)
    headers = (
        ("Authorization", "Bearer token:made/up+1=="),
        ("Content-Type", f"application/{kind}"),
    )

    request = Received("POST", f"{BASE_PATH}/users/5f2e/connections", headers, body)

    assert (not faults(request, expected)) is right


@pytest.mark.parametrize(
    ("header", "right"),
    [
        # base64 of the key alone, then of `key:`, then the bare key.
        ("Basic YXBpX2tleTptYWRlL3VwKzE9PQ==", True),
        ("Basic YXBpX2tleTptYWRlL3VwKzE9PTo=", False),
        ("Basic api_key:made/up+1==", False),
    ],
)
def test_the_key_of_codat_is_encoded_without_colon(header: str, right: bool) -> None:
    expected = Variant(False).expected(COMPANY)
    company = expected.values["path", "companyId"]

    request = Received("GET", f"{BASE_PATH}/companies/{company}", (("Authorization", header),), b"")

    assert (not faults(request, expected)) is right


def test_salt_edge_needs_both_keys() -> None:
    request = Received("GET", f"{BASE_PATH}/providers", (("App-id", "app_id:made/up+1=="),), b"")

    (fault,) = faults(request, Variant(False).expected(KEYS))

    assert fault.startswith("credentials: Secret is None")


def test_a_key_of_basiq_is_not_encoded_and_the_version_is_sent() -> None:
    headers = (
        ("Authorization", "Basic api_key:made/up+1=="),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("basiq-version", "3.0"),
    )
    expected = replace(
        Variant(False).expected(TOKEN), body={"scope": "SERVER_ACCESS", "userId": "1 2"}
    )
    right = Received("POST", f"{BASE_PATH}/token", headers, b"scope=SERVER_ACCESS&userId=1+2")

    assert not faults(right, expected)
    assert faults(replace(right, headers=headers[:2]), expected)


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (None, False, False),
        (0.1, 0.1, True),
        (0.1, 0.10000000000000002, False),
        ("1", 1, False),
        ("12.50", "12.5", False),
        ([1, 2], [2, 1], False),
        ([1], [1, 2], False),
        ({"a": None}, {}, False),
        ({}, {"a": None}, False),
        ({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"c": 2}]}}, False),
    ],
)
def test_comparing_is_as_strict_as_json(wanted: object, got: object, same: bool) -> None:
    assert (not list(differences(wanted, got))) is same


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00+00:00", True),
        ("2024-01-01T00:00:00.1234567Z", "2024-01-01T00:00:00.123456Z", True),
        ("2024-01-01", "2024-01-01T00:00:00Z", True),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z", False),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00+01:00", False),
    ],
)
def test_moments_have_many_spellings(wanted: str, got: str, same: bool) -> None:
    spec = KEYS.spec
    schema = {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}}
    kinds = kinds_of_text(spec, schema, {"at": wanted})

    assert (not list(differences({"at": wanted}, {"at": got}, kinds))) is same
    assert list(differences({"at": wanted}, {"at": got}))
