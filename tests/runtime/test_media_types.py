"""Which documented type an answer has, where an operation has several."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from package._runtime.operation import Operation
from package._runtime.settle import Answer, result_type
from package._runtime.values import Headers

_NAMES = {
    "application/vnd.api+json;version=1": "one",
    "application/vnd.api+json; version=2": "two",
    "application/json": "plain",
}
_SOURCES: dict[str, Callable[[], object]] = {
    "one": lambda: int,
    "two": lambda: float,
    "plain": lambda: str,
}
_OPERATION: Operation[object] = Operation(
    id="get",
    name="things.get",
    method="GET",
    path="/",
    retry="safe",
    results={200: _SOURCES["plain"]},
    media=tuple((200, media, _SOURCES[name]) for media, name in _NAMES.items()),
)


@pytest.mark.parametrize(
    ("came", "asked", "name"),
    [
        ("application/vnd.api+json; version=2", None, "two"),
        ('application/vnd.api+json;Version="2"', None, "two"),
        ("application/vnd.api+json; version=1", "application/vnd.api+json;version=2", "one"),
        ("application/vnd.api+json", "application/vnd.api+json;version=2", "two"),
        ("application/vnd.api+json; version=3", None, "one"),
        ("application/json; charset=utf-8", "application/vnd.api+json;version=2", "plain"),
        ("application/json; charset=utf-8", None, "plain"),
        ("text/html", None, "plain"),
    ],
)
def test_parameters_of_a_media_type_count(came: str, asked: str | None, name: str) -> None:
    answer = Answer(200, Headers([("content-type", came)]), b"{}")
    assert result_type(_OPERATION, answer, asked) is _SOURCES[name]
