"""Decoding of tuples, names for types, bases with heirs, typed further properties, integer enums."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import pytest

from package._runtime.decode import decode
from package._runtime.errors import PayloadError
from package._runtime.events import parse
from package._runtime.models import Model
from package._runtime.types import Tagged, TypeAliasType
from package._runtime.values import Issue, OpenIntEnum
from package._runtime.wire import json_bytes


class Leaf(Model, frozen=True):
    n: int


class Pet(Model, frozen=True):
    kind: str | None = None


class Cat(Model, frozen=True):
    kind: str
    lives: int


class Level(OpenIntEnum):
    LOW = 1
    HIGH = 2


if TYPE_CHECKING:
    Tree: TypeAlias = "list[Tree] | Leaf"
else:
    Tree = TypeAliasType("Tree", "list[Tree] | Leaf")


class Home(Model, frozen=True):
    pair: tuple[str, Leaf] | None = None
    tree: Tree | None = None
    pet: Annotated[Cat | Pet, Tagged("kind", {"cat": "Cat"}, "Pet")] | None = None
    level: Level | None = None


class Open(Model, frozen=True):
    name: str

    if not TYPE_CHECKING:
        __pydantic_extra__: dict[str, Leaf]

    @property
    def additional_properties(self) -> dict[str, Leaf]:
        return self.model_extra or {}


def decoded(kind: Any, raw: object) -> tuple[Any, tuple[Issue, ...]]:
    return decode(lambda: kind, json.dumps(raw).encode())


@pytest.mark.parametrize(
    ("raw", "field", "value"),
    [
        ({"pair": ["a", {"n": 1}]}, "pair", ("a", Leaf(n=1))),
        ({"tree": [[{"n": 1}], []]}, "tree", [[Leaf(n=1)], []]),
        ({"pet": {"kind": "cat", "lives": 9}}, "pet", Cat(kind="cat", lives=9)),
        ({"pet": {"kind": "fish"}}, "pet", Pet(kind="fish")),
        ({"pet": {}}, "pet", Pet()),
        ({"level": 2}, "level", Level.HIGH),
        ({"level": 7}, "level", Level(7)),
    ],
)
def test_decodes_and_is_written_again(raw: object, field: str, value: object) -> None:
    found, issues = decoded(Home, raw)
    assert issues == ()
    assert getattr(found, field) == value
    assert type(getattr(found, field)) is type(value)
    assert json.loads(json_bytes(found)) == raw


def test_an_unknown_number_is_kept() -> None:
    assert Level(7) == 7
    assert (Level(7).is_known, Level.LOW.is_known) == (False, True)
    with pytest.raises(ValueError, match="not a valid"):
        Level("x")  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"pair": ["a", {"n": "x"}]}, ("pair", 1, "n")),
        ({"tree": [[{"n": "x"}]]}, ("tree", 0, 0, "n")),
        ({"pet": {"kind": "cat", "lives": "x"}}, ("pet", "lives")),
        ({"pair": ["a"]}, ("pair",)),
        ({"level": "x"}, ("level",)),
    ],
)
def test_what_does_not_fit_stays_where_it_is(raw: object, place: tuple[object, ...]) -> None:
    found, issues = decoded(Home, raw)
    assert [issue.path for issue in issues] == [place]
    assert json.loads(json_bytes(found)) == raw


def test_further_properties_have_their_type() -> None:
    found, issues = decoded(Open, {"name": "a", "x": {"n": 1}})
    assert (found.additional_properties, issues) == ({"x": Leaf(n=1)}, ())
    found, issues = decoded(Open, {"name": "a", "x": {"n": "one"}, "y": {"n": 2}})
    assert [issue.path for issue in issues] == [("x", "n")]
    assert found.additional_properties["y"] == Leaf(n=2)
    assert json.loads(json_bytes(found)) == {"name": "a", "x": {"n": "one"}, "y": {"n": 2}}


@pytest.mark.parametrize(
    "payload", [b'{"n": 1}', bytearray(b'{"n": 1}'), memoryview(b'{"n": 1}'), '{"n": 1}', {"n": 1}]
)
def test_a_webhook_is_parsed_from_whatever_holds_it(payload: Any) -> None:
    assert parse(lambda: Leaf, payload, "lenient", "shop", "parse_leaf") == Leaf(n=1)


@pytest.mark.parametrize(
    "payload",
    [b"", b"{", b"\xff", "\ud800", "[1]", b"[" * 100_000, {"n": object()}, {"n": float("nan")}],
)
def test_a_webhook_that_is_none(payload: Any) -> None:
    with pytest.raises(PayloadError, match="shop parse_leaf") as caught:
        parse(lambda: list[list[int]], payload, "strict", "shop", "parse_leaf")
    assert caught.value.__cause__ is None


def test_a_webhook_keeps_what_is_not_as_documented() -> None:
    found = parse(lambda: Leaf, b'{"n": "s3cr3t"}', "lenient", "shop", "parse_leaf")
    assert found.model_issues() == (Issue(("n",), "int_parsing"),)
    with pytest.raises(PayloadError) as caught:
        parse(lambda: Leaf, b'{"n": "s3cr3t"}', "strict", "shop", "parse_leaf")
    assert "s3cr3t" not in repr(caught.value)
