"""Answers of a provider that moved on: mutations of every documented answer are decoded all the same.

Only the outermost value has to have its documented shape.
"""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients import errors
from clients._runtime.models import Model, issues_in
from clients._runtime.operation import Operation as Generated
from clients._runtime.settle import Answer, settle
from clients._runtime.values import Headers, Issue
from clients._runtime.wire import json_bytes

from .calling import generated
from .wire import Operation, Spec, operations

Path = tuple[str | int, ...]


@cache
def _operations(spec: Spec) -> dict[str, Any]:
    module = generated(spec, "operations")
    constants: list[Any] = [getattr(module, name) for name in dir(module)]
    return {one.id: one for one in constants if isinstance(one, Generated)}


@dataclass(frozen=True)
class Documented:
    """A documented answer with content."""

    operation: Operation = field(repr=False)
    status: int
    name: str
    example: Any = field(repr=False)

    def __str__(self) -> str:
        return f"{self.operation}-{self.status}-{self.name}"

    def decoded(self, value: Any, *, strict: bool = False) -> tuple[Any, list[Issue]]:
        """Decode another answer in its place. Gives the value, and what is noted for the whole."""
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        answer = Answer(self.status, Headers(), content)
        provider = generated(self.operation.spec, "operations").PROVIDER
        operation = _operations(self.operation.spec)[self.operation.id]
        try:
            result = settle(provider, operation, answer, strict=strict)
        except errors.ResponseError as error:
            return error.body, list(issues_in(error.body))
        return result, answer.issues


DOCUMENTED: Final = [
    Documented(operation, reply.status, name, example)
    for operation in operations()
    for reply in operation.replies
    if reply.media and not operation.is_for_browsers
    for name, example in reply.media.examples.items()
]
SUCCESSES: Final = [one for one in DOCUMENTED if one.status < 300]

ODD: Final = [
    "",
    "brand-new",
    "12",
    "-1.5",
    "true",
    "0000-00-00",
    "2024-13-45 25:61:61",
    "9999-12-31T23:59:59.9999999+99:99",
    "2024-01-01T24:00:00Z",
    "2016-12-31 23:59:60",
    "2024-01-01T00:00:00 Europe/Paris",
    "1E-999999",
    "99999999999999999999",
    "1e400",
    "NaN",
    "\x00",
    "\ud800",
    "\u202e\U0001f4a3",
    "x" * 5_000,
]
replacements: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(ODD),
    st.integers(),
    st.sampled_from([10**18, 10**30, -(10**400), 1e308, -0.0, 1e-300]),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=6), st.none() | st.integers() | st.text(max_size=3)),
)
#: JSON texts that no other JSON writer of this test gives.
LITERALS: Final = [
    "NaN",
    "-Infinity",
    "1e999",
    "1234567890123456789.123456789",
    "9" * 400,
    "9" * 100_000,
    "0." + "1" * 400,
    '"\\ud83d"',
    '{"id":1,"id":[2]}',
    '{"__pydantic_extra__":{"a":0.12345678901234567},"_issues":[1],"model_dump":null}',
    "[" * 150 + "]" * 150,
    '{"a":' * 150 + "0.12345678901234567" + "}" * 150,
]
KINDS: Final = ("replace", "drop", "wrap", "nest", "listed", "extra", "unwrap", "stringify")


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            yield from _places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _places(item, (*path, index))


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _mutate(draw: Any, value: Any) -> None:
    """Change one place below the root."""
    places = list(_places(value))
    if not places:
        return
    *way, last = draw(st.sampled_from(places))
    parent = _at(value, tuple(way))
    old = parent[last]
    match draw(st.sampled_from(KINDS)):
        case "drop":
            del parent[last]
        case "wrap":
            parent[last] = {"value": old}
        case "nest":
            for _ in range(draw(st.integers(1, 60))):
                old = [old]
            parent[last] = old
        case "listed":
            parent[last] = [old, old]
        case "extra" if isinstance(parent, dict):
            parent[draw(st.text(max_size=8))] = draw(replacements)
        case "unwrap" if isinstance(old, dict) and old:
            parent[last] = next(iter(cast("dict[str, object]", old).values()))
        case "stringify":
            parent[last] = str(cast("object", old))
        case _:
            parent[last] = draw(replacements)


@settings(
    max_examples=1_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(documented=st.sampled_from(DOCUMENTED), data=st.data())
def test_no_mutation_of_an_answer_is_an_error(documented: Documented, data: Any) -> None:
    value = copy.deepcopy(documented.example)
    for _ in range(data.draw(st.integers(1, 5))):
        _mutate(data.draw, value)

    result, issues = documented.decoded(value)

    assert type(result) is type(documented.decoded(documented.example)[0])
    assert set(issues_in(result)) <= set(issues)
    repr(result)
    for issue in issues:
        # Whatever is said to be odd is there, or is said to be missing from what is there.
        _at(value, issue.path[:-1] if issue.kind == "missing" else issue.path)


@settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(documented=st.sampled_from(DOCUMENTED), data=st.data())
def test_odd_json_is_decoded_and_can_be_kept(documented: Documented, data: Any) -> None:
    value = copy.deepcopy(documented.example)
    for number in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(list(_places(value))))
        _at(value, tuple(way))[last] = f"literal {number}"
    content = json.dumps(value)
    for number in range(3):
        literal = data.draw(st.sampled_from([*LITERALS, *map(json.dumps, ODD)]))
        content = content.replace(f'"literal {number}"', literal)

    result, _ = documented.decoded(content.encode())

    assert type(result) is type(documented.decoded(documented.example)[0])
    repr(result)
    assert repr(pickle.loads(pickle.dumps(result))) == repr(copy.deepcopy(result))
    if isinstance(result, Model) and r"\ud8" not in content:
        json.loads(result.model_dump_json())
        result.model_dump(mode="json")


@pytest.mark.parametrize("documented", SUCCESSES, ids=str)
def test_an_odd_value_stays_at_its_place_and_is_sent_back(documented: Documented) -> None:
    odd = {"odd": [1, None, "x"]}
    for place in _places(documented.example):
        value = copy.deepcopy(documented.example)
        _at(value, place[:-1])[place[-1]] = odd

        result, issues = documented.decoded(value)

        whole, none = documented.decoded(documented.example)
        assert not none
        assert all(issue.path[: len(place)] == place for issue in issues)
        sent, before = json.loads(json_bytes(result)), json.loads(json_bytes(whole))
        assert _at(sent, place) == odd
        _at(before, place[:-1])[place[-1]] = odd
        assert sent == before


@pytest.mark.parametrize("documented", SUCCESSES, ids=str)
def test_a_missing_field_reads_as_none(documented: Documented) -> None:
    for place in _places(documented.example):
        if isinstance(place[-1], int):
            continue
        value = copy.deepcopy(documented.example)
        del _at(value, place[:-1])[place[-1]]

        result, issues = documented.decoded(value)

        before = json.loads(json_bytes(documented.decoded(documented.example)[0]))
        del _at(before, place[:-1])[place[-1]]
        assert json.loads(json_bytes(result)) == before
        if issues:
            assert issues == [Issue(place, "missing")]
            assert _attribute(result, place) is None
            with pytest.raises(errors.DecodeError, match=r"\bmissing$"):
                documented.decoded(value, strict=True)


def _attribute(value: Any, place: Path) -> Any:
    for part in place:
        if isinstance(value, Model):
            fields = type(value).model_fields
            name = next((name for name, one in fields.items() if (one.alias or name) == part), part)
            value = getattr(value, str(name))
        else:
            value = value[part]
    return value
