from __future__ import annotations

import copy
import pickle
import re
import traceback
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from package._runtime import errors
from package._runtime.operation import Operation
from package._runtime.settle import Answer, settle
from package._runtime.values import Headers

from .toyapi import models, operations
from .toyapi.errors import ToyError, ToyNotFound, ToyRateLimited, ToyServerError
from .toyapi.operations import (
    CREATE_CONNECTION,
    DELETE_CONNECTION,
    GET_CONNECTION,
    LIST_CONNECTIONS,
)

SECRET = "s3cr3t-value"
ACCOUNT: Operation[models.Account] = Operation(
    id="a",
    name="a",
    method="GET",
    path="/",
    results={200: lambda: models.Account, 404: None},
    retry="safe",
)


def settled(
    operation: Operation[Any],
    status: int,
    content: bytes = b"",
    *,
    strict: bool = False,
    **headers: str,
) -> Any:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return settle(
        operations.PROVIDER, operation, Answer(status, Headers(named), content), strict=strict
    )


def test_success() -> None:
    assert settled(GET_CONNECTION, 200, b'{"id":1}') == models.Connection(id=1)
    assert settled(LIST_CONNECTIONS, 200, b'[{"id":1}]') == [models.Connection(id=1)]
    assert settled(CREATE_CONNECTION, 201, b'{"id":1}') == models.Connection(id=1)


def test_other_success_status_is_read_like_the_documented_one() -> None:
    assert settled(GET_CONNECTION, 203, b'{"id":1}') == models.Connection(id=1)


def test_no_content() -> None:
    assert settled(GET_CONNECTION, 204, b"stray") is None
    assert settled(DELETE_CONNECTION, 200, b'{"id":1}') is None
    assert settled(GET_CONNECTION, 200, b" \n") is None


def test_empty_where_content_is_documented() -> None:
    with pytest.raises(errors.DecodeError, match="empty"):
        settled(LIST_CONNECTIONS, 200)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, ToyNotFound),
        (429, ToyRateLimited),
        (503, ToyServerError),
        (599, ToyServerError),
        (418, ToyError),
        (302, ToyError),
        (304, ToyError),
        (199, ToyError),
        (999, ToyError),
    ],
)
def test_error_class(status: int, kind: type[ToyError]) -> None:
    with pytest.raises(ToyError) as caught:
        settled(GET_CONNECTION, status, b'{"code":"x"}')
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.provider, error.operation) == (status, "toy", "getUserConnection")
    assert error.body == models.ServiceError(code="x")
    assert error.retryable == (status in {429, 503})


def test_error_body_by_class_of_status() -> None:
    with pytest.raises(ToyError) as caught:
        settled(CREATE_CONNECTION, 409, b'{"code":"x"}')
    assert isinstance(caught.value.body, models.ServiceError)
    with pytest.raises(ToyServerError) as caught:
        settled(CREATE_CONNECTION, 500, b'{"code":"x"}')
    assert caught.value.body is None
    assert caught.value.raw == b'{"code":"x"}'


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b"\xff", b"[" * 100_000, b'"code"'])
def test_malformed_error_body_never_hides_the_status(raw: bytes) -> None:
    with pytest.raises(ToyNotFound) as caught:
        settled(GET_CONNECTION, 404, raw)
    assert caught.value.body is None
    assert caught.value.raw == raw


def test_text_of_an_error() -> None:
    raw = f'{{"code":"{SECRET}"}}'.encode()
    with pytest.raises(ToyNotFound) as caught:
        settled(GET_CONNECTION, 404, raw, X_Request_Id="r\x1b[1m-1", Set_Cookie=SECRET)
    error = caught.value
    assert str(error) == "toy getUserConnection: 404 Not Found (request r[1m-1)"
    assert SECRET not in repr(error) + "".join(traceback.format_exception(error))
    assert error.headers["set-cookie"] == SECRET


def test_errors_survive_pickle_and_copy() -> None:
    with pytest.raises(ToyNotFound) as caught:
        settled(GET_CONNECTION, 404, b'{"code":"x"}', X_Request_Id="r1", Retry_After="3")
    for again in (pickle.loads(pickle.dumps(caught.value)), copy.deepcopy(caught.value)):
        assert type(again) is ToyNotFound
        assert str(again) == str(caught.value)
        assert again.body == models.ServiceError(code="x")
        assert (again.raw, again.request_id, again.retry_after) == (b'{"code":"x"}', "r1", 3.0)
        assert again.headers == caught.value.headers


KINDS: list[type[errors.ApiError]] = [
    getattr(errors, name) for name in errors.__all__ if not name.isupper()
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_can_be_made_pickled_and_shown(kind: type[errors.ApiError]) -> None:
    details: dict[str, Any] = {"provider": "toy", "operation": "op"}
    if issubclass(kind, errors.ResponseError | errors.DecodeError):
        details["status"] = 418
    error = kind("hint", **details)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert str(error).startswith("toy op: ")


def test_the_tree_drawn_is_the_tree() -> None:
    drawn = re.findall(r"\b[A-Z]\w+(?=$|  )", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(name for name in errors.__all__ if not name.isupper())


UNREADABLE = [
    b"<html>",
    b"\xff\xfe",
    b'{"id":1,"anything":"\xff"}',
    b"[" * 100_000,
    b'{"anything":' * 100_000,
    b'{"id":1,"anything":' + b"[" * 300 + b"]" * 300 + b"}",
    b"\xef\xbb\xbf" + b'{"id":1,"anything":' + b"[" * 300 + b"]" * 300 + b"}",
    b"null",
    b"[]",
    b"7",
    b'{"id":1.00000000000000000001,"anything":' + b"[" * 100_000,
]


@pytest.mark.parametrize("raw", UNREADABLE, ids=range(len(UNREADABLE)))
def test_hostile_answers_become_decode_errors(raw: bytes) -> None:
    with pytest.raises(errors.DecodeError) as caught:
        settled(ACCOUNT, 200, raw, X_Request_Id="r1")
    error = caught.value
    assert (error.status, error.raw, error.request_id) == (200, raw, "r1")
    assert error.__cause__ is None
    assert error.__context__ is None
    assert len(str(error)) < 500


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    with suppress(errors.DecodeError):
        settled(ACCOUNT, 200, raw)


def test_decode_error_names_places_and_no_values() -> None:
    accounts = ",".join(f'{{"id":"{SECRET}"}}' for _ in range(7))
    raw = f'{{"id":1,"accounts":[{accounts}]}}'.encode()
    with pytest.raises(errors.DecodeError) as caught:
        settled(GET_CONNECTION, 200, raw, strict=True)
    text = str(caught.value)
    assert "accounts.0.id int_parsing; " in text
    assert text.endswith("; 2 more")
    assert "accounts.5" not in text
    assert SECRET not in text


def test_decode_error_masks_keys_the_provider_chose() -> None:
    mapping: Operation[dict[str, int]] = Operation(
        id="m",
        name="m",
        method="GET",
        path="/",
        results={200: lambda: dict[str, int]},
        retry="safe",
    )
    with pytest.raises(errors.DecodeError) as caught:
        settled(mapping, 200, b'{"k\\u001b \\n":"x"}', strict=True)
    assert "? int_parsing" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "0.1",
        "1523.40",
        "12345678901234567890.12",
        "-100000000000000000000.12",
        "0.1000000000000000055",
        "0.12345678901234567890",
        "12345678901234567890.123e-2",
        "1234567.123456789",
        "12345678.12345678",
    ],
)
@pytest.mark.parametrize("space", ["", " ", "\n"])
def test_decimals_are_exact(text: str, space: str) -> None:
    raw = (
        f'{{"id":1,"balance":{space}{text},"ratio":{space}{text},"anything":{text},'
        f'"limit":{text},"opened":"2026-01-02","seen":"2026-01-02T03:04:05Z",'
        '"key":"00000000-0000-0000-0000-000000000000"}'
    )
    account = settled(ACCOUNT, 200, raw.encode())
    assert account.balance == account.limit == Decimal(text)
    assert account.ratio == account.anything == float(text)
    assert isinstance(account.anything, float)
    assert account.opened is not None
    assert pickle.loads(pickle.dumps(account)) == account


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_any_decimal_is_exact(value: Decimal) -> None:
    account = settled(ACCOUNT, 200, f'{{"id":1,"balance":{value:f}}}'.encode())
    assert account.balance == value
