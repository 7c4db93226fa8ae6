from __future__ import annotations

import copy
import json
import pickle

import pytest
from pydantic import BaseModel, TypeAdapter

from package._runtime.values import UNSET, Headers, Unset

from .toyapi.models import Status


def test_unset_is_falsy_and_one() -> None:
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert copy.deepcopy(UNSET) is UNSET is Unset.UNSET


def test_known_value() -> None:
    assert Status("active") is Status.ACTIVE
    assert Status.ACTIVE.is_known
    assert str(Status.ACTIVE) == "active"


def test_unknown_value_is_kept() -> None:
    one, other = Status("brandNew"), Status("brandNew")
    assert not one.is_known
    assert one == other == "brandNew"
    assert one != Status("else")
    assert len({one, other, "brandNew"}) == 1
    assert isinstance(one, Status)
    assert one.value == str(one) == f"{one}" == "brandNew"
    assert json.dumps({"s": one}) == '{"s": "brandNew"}'
    assert list(Status) == [Status.ACTIVE, Status.SCA_REQUIRED]


@pytest.mark.parametrize("value", [Status.ACTIVE, Status("brandNew"), Status("")])
def test_survives_copies(value: Status) -> None:
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), copy.copy(value)):
        assert again == value
        assert type(again) is Status
        assert again.is_known == value.is_known


def test_only_strings_can_be_unknown() -> None:
    with pytest.raises(ValueError, match="7"):
        Status(7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("value", ["active", "brandNew"])
def test_pydantic_round_trip(value: str) -> None:
    class Holder(BaseModel):
        status: Status
        several: dict[Status, list[Status]] = {}

    raw = json.dumps({"status": value, "several": {value: [value]}})
    holder = Holder.model_validate_json(raw)
    assert isinstance(holder.status, Status)
    assert holder.status == value
    assert json.loads(holder.model_dump_json()) == json.loads(raw)
    assert holder.model_dump(mode="json") == json.loads(raw)
    assert TypeAdapter(Status).validate_python(holder.status) == value


def test_headers() -> None:
    headers = Headers([("X-Id", "1"), ("set-cookie", "secret"), ("x-id", "2")])
    assert headers.members("x-ID") == ("1", "2")
    assert headers["X-ID"] == "1, 2"
    assert "Set-Cookie" in headers
    assert headers.get("nope") is None
    assert "secret" not in repr(headers)
    assert pickle.loads(pickle.dumps(headers)) == headers


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("", ()),
        (" , ,", ()),
        ("a, b ,c", ("a", "b", "c")),
        ('"a, b", c', ("a, b", "c")),
        (r'"a \", b", c', ('a ", b', "c")),
        ('W/"a,b", "c"', ('W/"a,b"', "c")),
        ('"never, closed', ('"never, closed',)),
        ('"' + '\\"' * 30_000, ('"' + '\\"' * 30_000,)),
    ],
    ids=lambda value: str(value)[:20],
)
def test_members_of_a_header(text: str, members: tuple[str, ...]) -> None:
    assert Headers([("X-List", text)]).members("x-list") == members
    assert Headers([]).members("x-list") == ()
