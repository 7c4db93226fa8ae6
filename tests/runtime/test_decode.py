from __future__ import annotations

import copy
import json
import pickle
import time
import warnings
from decimal import Decimal
from typing import Annotated, Any

import pytest

from package._runtime.decode import Undecodable, decode
from package._runtime.models import Model
from package._runtime.types import Tagged
from package._runtime.values import Issue
from package._runtime.wire import Unsendable, json_bytes

from .toyapi.models import Account, Connection

SECRET = "s3cr3t-value"
EMPTY: dict[str, object] = {}


class Cat(Model, frozen=True):
    kind: str
    lives: int


class Dog(Model, frozen=True):
    kind: str
    tricks: list[str] | None = None


class Plain(Model, frozen=True):
    either: Cat | list[int] | None = None


class Home(Model, frozen=True):
    pet: Annotated[Cat | Dog, Tagged("kind", {"cat": "Cat", "dog": "Dog", "wolf": "Dog"})]
    others: list[Annotated[Cat | Dog, Tagged("kind", {"cat": "Cat", "dog": "Dog"})]] | None = None


def mended(kind: Any, raw: Any) -> tuple[Any, tuple[Issue, ...]]:
    return decode(lambda: kind, raw if isinstance(raw, bytes) else json.dumps(raw).encode())


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("id", "x", "int_parsing"),
        ("id", None, "int_type"),
        ("id", {"value": 1}, "int_type"),
        ("balance", "NaN", "finite_number"),
        ("balance", [1], "decimal_type"),
        ("booked", "yesterday", "datetime_from_date_parsing"),
        ("seen", "99999-01-01T00:00:00Z", "datetime_from_date_parsing"),
        ("opened", True, "date_type"),
    ],
)
def test_what_cannot_be_typed_stays(field: str, value: Any, kind: str) -> None:
    raw = {"id": 1, "limit": "0.50", "newer": [1], field: value}
    account, issues = mended(Account, raw)
    assert getattr(account, field) == value
    assert (account.limit, account.model_extra) == (Decimal("0.50"), {"newer": [1]})
    assert account.model_issues() == issues
    assert [issue.path for issue in issues] == [(field,)]
    assert issues[0].kind.split("_")[0] == kind.split("_")[0]
    assert account.model_dump(mode="json", by_alias=True, exclude_unset=True) == raw
    for again in (pickle.loads(pickle.dumps(account)), copy.deepcopy(account)):
        assert again == account
        assert again.model_issues() == issues


def test_a_missing_required_field_reads_as_none() -> None:
    account, issues = mended(Account, {"limit": "1"})
    assert account.id is None
    assert not account.is_set("id")
    assert issues == (Issue(("id",), "missing"),)
    assert json_bytes(account) == b'{"limit":"1"}'


def test_issues_are_found_from_the_root_and_where_they_are() -> None:
    raw: Any = {
        "id": "odd",
        "lastSync": "odd",
        "accounts": [{"id": 1}, 7, {"seen": ["x"], "id": 2}],
        "parent": {"parent": {"accounts": EMPTY}, "id": 3},
    }
    connection, issues = mended(Connection, raw)
    assert [issue.path for issue in issues] == [
        ("id",),
        ("lastSync",),
        ("accounts", 1),
        ("accounts", 2, "seen"),
        ("parent", "parent", "id"),
        ("parent", "parent", "accounts"),
    ]
    assert connection.model_issues() == issues
    assert connection.parent.model_issues() == tuple(
        Issue(issue.path[1:], issue.kind) for issue in issues if issue.path[0] == "parent"
    )
    assert connection.accounts[0] == Account(id=1)
    assert connection.accounts[0].model_issues() == ()
    assert connection.accounts[1] == 7
    assert json.loads(json_bytes(connection)) == raw


@pytest.mark.parametrize("kind", [list[Account], dict[str, Account]])
def test_outermost_containers(kind: Any) -> None:
    raw: Any = [{"id": 1}, None, {"id": {}}]
    if kind != list[Account]:
        raw = dict(zip("abc", raw, strict=True))
    value, issues = mended(kind, raw)
    first, second, third = map(value.__getitem__, range(3) if kind == list[Account] else "abc")
    assert (first, second, third.id) == (Account(id=1), None, {})
    assert len(issues) == 2
    with pytest.raises(Undecodable, match=r"^(list|dict)_type$"):
        mended(kind, 7)


def test_a_tag_decides() -> None:
    home, issues = mended(Home, {"pet": {"kind": "cat", "lives": 9, "tricks": []}})
    assert (type(home.pet), issues) == (Cat, ())
    home, issues = mended(Home, {"pet": {"kind": "wolf"}, "others": [{"kind": "dog"}]})
    assert (type(home.pet), type(home.others[0]), issues) == (Dog, Dog, ())


def test_the_tag_decides_even_if_the_rest_is_odd() -> None:
    home, issues = mended(Home, {"pet": {"kind": "cat", "tricks": ["sit"]}})
    assert type(home.pet) is Cat
    assert issues == (Issue(("pet", "lives"), "missing"),)


def test_an_unknown_variant_is_kept() -> None:
    raw: Any = {"pet": {"kind": "bird", "wings": 2}, "others": [{"kind": "dog"}, {"kind": EMPTY}]}
    home, issues = mended(Home, raw)
    assert home.pet == raw["pet"]
    assert type(home.others[0]) is Dog
    assert issues == (
        Issue(("pet",), "union_tag_invalid"),
        Issue(("others", 1), "union_tag_invalid"),
    )
    assert json.loads(json_bytes(home)) == raw


def test_an_unknown_variant_is_kept_where_it_is_outermost() -> None:
    raw: Any = {"kind": "bird", "wings": 2}
    pet = Annotated[Cat | Dog, Tagged("kind", {"cat": "Cat", "dog": "Dog"})]
    assert mended(pet, raw) == (raw, (Issue((), "union_tag_invalid"),))
    with pytest.raises(Undecodable, match="union_tag_not_found"):
        mended(pet, {"name": "x"})
    with pytest.raises(Undecodable):
        decode(lambda: pet, json.dumps(raw).encode(), strict=True)


def test_a_tag_decides_beside_other_types() -> None:
    either = Annotated[Cat | Dog, Tagged("kind", {"cat": "Cat", "dog": "Dog"})] | str
    assert type(mended(either, {"kind": "dog", "lives": 9})[0]) is Dog
    assert mended(either, "Rex") == ("Rex", ())


def test_without_a_tag_the_closest_variant_is_taken() -> None:
    home, issues = mended(Home, {"pet": {"lives": 7}})
    assert type(home.pet) is Cat
    assert issues == (Issue(("pet", "kind"), "missing"),)


def test_models_fit_their_union() -> None:
    home = Home(pet=Dog(kind="dog"), others=[Cat(kind="cat", lives=9)])
    assert json_bytes(home) == b'{"pet":{"kind":"dog"},"others":[{"kind":"cat","lives":9}]}'


@pytest.mark.parametrize(
    ("value", "issues"),
    [
        (
            {"lives": "many"},
            [(("either", "kind"), "missing"), (("either", "lives"), "int_parsing")],
        ),
        ({"wings": 2}, [(("either",), "union")]),
        ([1, "x"], [(("either", 1), "int_parsing")]),
        (7, [(("either",), "union")]),
    ],
)
def test_unions_without_a_tag(value: Any, issues: Any) -> None:
    plain, found = mended(Plain, {"either": value})
    assert list(found) == issues
    assert json.loads(json_bytes(plain)) == {"either": value}


def test_strict_names_places_and_rules_only() -> None:
    raw = f'{{"id":"{SECRET}","accounts":[{{}}]}}'.encode()
    with pytest.raises(Undecodable) as caught:
        decode(lambda: Connection, raw, strict=True)
    assert str(caught.value) == "id int_parsing; accounts.0.id missing"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_unicode_encodings(encoding: str) -> None:
    account, issues = mended(Account, '{"id":1,"anything":"é"}'.encode(encoding))
    assert (account, issues) == (Account(id=1, anything="é"), ())


def test_text_that_is_not_unicode() -> None:
    account, issues = mended(Account, {"id": "\ud800", "\udfff": 1, "limit": "1"})
    assert (account.id, account.limit) == ("\ud800", 1)
    assert [issue.path for issue in issues] == [("id",)]


def test_odd_numbers() -> None:
    account, _ = mended(Account, b'{"id":1,"anything":' + b"9" * 5_000 + b"}")
    assert account.anything == "9" * 5_000
    # As an integer, this would take half a minute.
    account, issues = mended(Account, b'{"id":' + b"9" * 500_000 + b"}")
    assert (account.id, [issue.path for issue in issues]) == ("9" * 500_000, [("id",)])
    account, issues = mended(Account, b'{"id":' + b"9" * 5_000 + b',"ratio":1e999}')
    assert len(issues) <= 1
    assert account.ratio == float("inf")


def test_the_last_of_equal_keys_wins_either_way() -> None:
    assert mended(Account, b'{"id":1,"id":2}')[0].id == 2
    assert mended(Account, b'{"id":1,"id":2,"seen":"x"}')[0].id == 2


def test_mended_models_are_dumped_without_warnings() -> None:
    connection, _ = mended(Connection, {"id": "x", "accounts": "y", "parent": [SECRET]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        connection.model_dump()
        assert json.loads(connection.model_dump_json(exclude_unset=True, by_alias=True)) == {
            "id": "x",
            "accounts": "y",
            "parent": [SECRET],
        }
    assert all(SECRET not in repr(issue) for issue in connection.model_issues())


def test_work_is_bounded_by_size_not_by_depth() -> None:
    odd: Any = {"id": "odd", "accounts": [{"id": 1}] * 4_000}
    for _ in range(180):
        odd = {"id": 1, "parent": odd}
    begun = time.perf_counter()
    connection, issues = mended(Connection, odd)
    assert time.perf_counter() - begun < 10
    assert issues == (Issue((*("parent",) * 180, "id"), "int_parsing"),)
    assert connection.model_issues() == issues


def test_what_was_read_with_care_can_be_written_again() -> None:
    long = b"1234567890123456789.25"
    raw = b'{"id":1,"balance":%b,"anything":[%b],"new":{"x":%b}}' % (long, long, long)
    account, issues = mended(Account, raw)
    assert not issues
    assert account.balance == Decimal(long.decode())
    assert account.model_dump()["new"] == {"x": float(long)}
    # Nobody can send this balance as a JSON number, but everybody may keep the answer.
    assert json.loads(account.model_dump_json())["balance"] == long.decode()
    with pytest.raises(Unsendable):
        json_bytes(account)


def test_a_zone_where_none_is_documented_is_kept() -> None:
    account, _ = mended(Account, {"id": 1, "booked": "2024-01-02T03:04:05+02:00"})
    assert account.model_dump(mode="json")["booked"] == "2024-01-02 03:04:05+02:00"
    with pytest.raises(Unsendable):
        json_bytes(account)
