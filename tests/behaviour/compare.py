"""Whether two JSON values are the same: no more lenient than JSON itself, unless told why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, cast

from .wire import Node, Spec

__all__ = ["differences", "kinds_of_text", "secrets_in"]

_MISSING: Final = object()


def differences(
    wanted: Any, got: Any, kinds: Mapping[str, str] | None = None, path: str = "$"
) -> Iterator[str]:
    """Say where a JSON value is not the one that is wanted.

    Args:
        wanted: The JSON value of an example.
        got: What stands in its place.
        kinds: Places whose text may be another spelling of the same, from `kinds_of_text`.
        path: Where the two values stand.
    """
    kinds = kinds or {}
    if isinstance(wanted, dict) and isinstance(got, dict):
        left, right = cast("dict[str, object]", wanted), cast("dict[str, object]", got)
        for key in left.keys() | right.keys():
            pair = left.get(key, _MISSING), right.get(key, _MISSING)
            yield from differences(*pair, kinds, f"{path}.{key}")
    elif isinstance(wanted, list) and isinstance(got, list):
        items, others = cast("list[object]", wanted), cast("list[object]", got)
        if len(items) != len(others):
            yield f"{path} has {len(others)} items, not {len(items)}"
        for index, pair in enumerate(zip(items, others, strict=False)):
            yield from differences(*pair, kinds, f"{path}[{index}]")
    elif not _same(wanted, got, kinds.get(path)):
        yield f"{path} is {_shown(got)}, not {_shown(wanted)}"


def kinds_of_text(spec: Spec, schema: Node, value: object) -> dict[str, str]:
    """Find the places of a value that hold timestamps with a zone, or in UTC where it is missing.

    Those without zone (`naive`) are not among them: the provider wants them back as it wrote them.
    """
    return {
        path: "moment"
        for path, node, _ in _walk(spec, schema, value)
        if node.get("format") == "date-time" or node.get("x-linkwright-timestamp") == "utc"
    }


def secrets_in(spec: Spec, schema: Node, value: object) -> set[str]:
    """Collect the text of a value that its schema calls secret."""
    return {
        text
        for _, node, part in _walk(spec, schema, value)
        if node.get("x-linkwright-secret")
        for text in _texts(part)
    }


def _walk(
    spec: Spec, schema: Node, value: object, path: str = "$"
) -> Iterator[tuple[str, Node, object]]:
    """Follow a value along its schema: each place with each schema that speaks about it."""
    yield path, schema, value
    if "$ref" in schema:
        yield from _walk(spec, spec.resolve(schema), value, path)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            yield from _walk(spec, part, value, path)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        for key, item in cast("dict[str, object]", value).items():
            child = properties.get(key, rest)
            if isinstance(child, dict):
                yield from _walk(spec, cast("Node", child), item, f"{path}.{key}")
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(cast("list[object]", value)):
            yield from _walk(spec, schema["items"], item, f"{path}[{index}]")


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in cast("dict[str, object]", value).values():
                yield from _texts(item)
        case list():
            for item in cast("list[object]", value):
                yield from _texts(item)
        case _:
            pass


def _same(wanted: Any, got: Any, kind: str | None) -> bool:
    # In Python, unlike JSON, `True == 1`.
    if isinstance(wanted, bool) or isinstance(got, bool):
        return wanted is got
    # JSON has one kind of number: an amount of 12 may come back as 12.0, but not as 12.000001.
    if isinstance(wanted, (int, float)) and isinstance(got, (int, float)):
        return Decimal(repr(wanted)) == Decimal(repr(got))
    # A moment has many spellings: `Z` or `+00:00`, with or without `.000`, with the time of
    # midnight or the bare date. What Python cannot hold, the seventh digit, may be lost.
    if kind == "moment" and isinstance(wanted, str) and isinstance(got, str):
        return _moment(wanted) == _moment(got)
    return type(wanted) is type(got) and wanted == got


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _shown(value: Any) -> str:
    return "missing" if value is _MISSING else repr(value)
