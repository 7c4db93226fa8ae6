from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from subprocess import run
from sys import executable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from package._runtime.models import Model
from package._runtime.wire import Unsendable, json_bytes, json_number

from .toyapi.models import Account, Connection, Status


def test_unknown_fields_are_kept_and_hidden() -> None:
    raw = b'{"id":7,"newSecret":"s3cr3t","oneTimeLink":"https://once"}'
    connection = Connection.model_validate_json(raw)
    assert connection.model_extra == {"newSecret": "s3cr3t"}
    for text in (repr(connection), str(connection), f"{connection}"):
        assert "s3cr3t" not in text
        assert "https://once" not in text
        assert "newSecret" in text
        assert text.startswith("Connection(id=7, ")
    assert connection.one_time_link == "https://once"
    assert json_bytes(connection) == b'{"id":7,"oneTimeLink":"https://once","newSecret":"s3cr3t"}'


def test_unset_is_not_null() -> None:
    connection = Connection(id=1, last_sync=None)
    assert connection.is_set("last_sync")
    assert not connection.is_set("status")
    with pytest.raises(AttributeError, match="lastSync"):
        connection.is_set("lastSync")
    assert json_bytes(connection) == b'{"id":1,"lastSync":null}'


def test_validation_errors_hide_input() -> None:
    with pytest.raises(ValidationError) as caught:
        Connection.model_validate({"id": "s3cr3t"})
    assert "s3cr3t" not in str(caught.value)


def test_survives_pickle_and_copy() -> None:
    connection = Connection.model_validate({"id": 1, "status": "new", "extra": [1]})
    assert pickle.loads(pickle.dumps(connection)) == connection
    assert copy.deepcopy(connection) == connection


def test_frozen() -> None:
    with pytest.raises(ValidationError):
        Connection(id=1).id = 2  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_open_enum_and_nested_models() -> None:
    raw = '{"id":1,"status":"brandNew","accounts":[{"id":2}],"parent":{"id":3,"status":"active"}}'
    connection = Connection.model_validate_json(raw)
    assert connection.status == Status("brandNew")
    assert connection.accounts == [Account(id=2)]
    assert connection.parent is not None
    assert connection.parent.status is Status.ACTIVE


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.1234567", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02T03:04:05.123456789Z", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        (
            "2026-01-02T03:04:05+02:00",
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))),
        ),
    ],
)
def test_utc_datetime(wire: str, value: datetime) -> None:
    seen = Account.model_validate({"id": 1, "seen": wire}).seen
    assert seen == value
    assert seen is not None
    assert seen.utcoffset() is not None


def test_utc_datetime_dumps_iso() -> None:
    account = Account.model_validate_json('{"id":1,"seen":"2026-01-02 03:04:05"}')
    assert json_bytes(account) == b'{"id":1,"seen":"2026-01-02T03:04:05Z"}'


def test_local_datetime_keeps_its_wire_form() -> None:
    raw = b'{"id":1,"booked":"2026-01-02 03:04:05"}'
    account = Account.model_validate_json(raw)
    assert account.booked == datetime(2026, 1, 2, 3, 4, 5)
    assert json_bytes(account) == raw
    assert json_bytes(Account(id=1, booked=None)) == b'{"id":1,"booked":null}'


def test_timestamp_without_zone_stays_without() -> None:
    raw = '{"id":1,"stamp":"2026-01-02T03:04:05"}'
    stamp = Account.model_validate_json(raw).stamp
    assert stamp is not None
    assert stamp.tzinfo is None


@pytest.mark.parametrize("text", ["0.1", "1523.40", "-0.00000001", "12345678901234567890", "1e3"])
def test_decimal_number_is_exact(text: str) -> None:
    account = Account.model_validate_json(f'{{"id":1,"balance":{text}}}')
    assert account.balance == Decimal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimal_number_never_loses(value: Decimal) -> None:
    try:
        number = json_number(value)
    except Unsendable:
        return
    assert Decimal(repr(number)) == value


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (Decimal("0.10"), b"0.1"),
        (Decimal("1523.40"), b"1523.4"),
        (Decimal("1E+3"), b"1000"),
        (Decimal("12345678901234567890"), b"12345678901234567890"),
    ],
)
def test_decimal_number_is_written_as_number(value: Decimal, wire: bytes) -> None:
    expected = b'{"id":1,"balance":' + wire + b"}"
    assert json_bytes(Account(id=1, balance=value)) == expected
    assert json_bytes({"id": 1, "balance": value}) == expected


@pytest.mark.parametrize("text", ["12345678901234567890.12", "1E+999999999", "1E-999999999"])
def test_decimal_number_that_cannot_be_exact_is_refused(text: str) -> None:
    with pytest.raises(Unsendable):
        json_bytes(Account(id=1, balance=Decimal(text)))
    with pytest.raises(Unsendable):
        json_bytes({"balance": Decimal(text)})


def test_decimal_string() -> None:
    account = Account.model_validate_json('{"id":1,"limit":"12345678901234567890.120"}')
    assert str(account.limit) == "12345678901234567890.120"
    assert json_bytes(account) == b'{"id":1,"limit":"12345678901234567890.120"}'
    assert json_bytes(Account(id=1, limit=Decimal("1E+2"))) == b'{"id":1,"limit":"100"}'


THREADS = """
import sys, threading
sys.setswitchinterval(1e-6)
from toyapi.models import Connection
raw = '{"id":1,"accounts":[{"id":2,"balance":1.5}],"parent":{"id":3}}'
start, faults = threading.Barrier(16), []
def work():
    start.wait()
    try:
        assert Connection.model_validate_json(raw).accounts[0].id == 2
        assert '"id":3' in Connection(id=3).model_dump_json()
    except BaseException as error:
        faults.append(error)
threads = [threading.Thread(target=work) for _ in range(16)]
[t.start() for t in threads]; [t.join(20) for t in threads]
assert not faults, faults
"""


def test_first_use_in_many_threads() -> None:
    here = Path(__file__).parent
    path = f"{here.parents[1] / 'templates'}:{here}"
    done = run(
        [executable, "-c", THREADS],
        env={"PYTHONPATH": path},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_model_of_its_own_names() -> None:
    class Odd(Model, frozen=True):
        model_type: str
        copy_: str = ""

    assert Odd(model_type="x").model_type == "x"
