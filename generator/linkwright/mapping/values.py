"""Reading of values: the verbs of the mapping language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..source.document import Scalar
from ..source.text import SpecText, SpecValue
from .cursor import Cursor
from .syntax import (
    Case,
    Cases,
    Const,
    Each,
    First,
    Hook,
    ItemsOf,
    MapTo,
    Name,
    Newest,
    Nothing,
    Object,
    Path,
    Record,
    Require,
    Spread,
    Table,
    Template,
    Test,
    Url,
    Value,
)

__all__ = ["VERBS", "read_hook", "read_path", "read_value"]

_HOLE = re.compile(r"\{([^{}]*)\}")


def read_path(cursor: Cursor) -> Path:
    """`a.b.c`."""
    text = cursor.text().raw
    parts = tuple(SpecText(part) for part in text.split("."))
    if not all(part.raw for part in parts):
        cursor.bad("a path is expected, such as `institution.id`")
    return Path(parts, cursor.span)


def read_value(cursor: Cursor) -> Value:
    """Any value: a path, null, or a mapping with a verb."""
    if cursor.is_null:
        return Const(SpecValue(None), cursor.span)
    if not cursor.is_map:
        return read_path(cursor)
    # A record or an object may be what `each` makes, so the rarer verbs are looked for first.
    for verb, (read, keys) in VERBS.items():
        if cursor.get(verb) is not None:
            cursor.only(*keys)
            return read(cursor)
    cursor.bad(
        "none of the verbs of a value is here",
        "write a path such as `institution.id`, or one of " + ", ".join(VERBS),
    )
    return Const(SpecValue(None), cursor.span)


def read_hook(cursor: Cursor) -> Hook:
    """`{hook: name, with: [...], returns: Type, uses: [...]}`."""
    arguments = cursor.get("with")
    uses = cursor.get("uses")
    returns = cursor.get("returns")
    return Hook(
        SpecText(cursor.need("hook").name("a hook")),
        tuple(read_value(item) for item in arguments.items()) if arguments else (),
        returns.text() if returns else None,
        tuple((item.text(), item.span) for item in uses.items()) if uses else (),
        cursor.span,
    )


def _const(cursor: Cursor) -> Value:
    return Const(cursor.need("const").value(), cursor.span)


def _none(cursor: Cursor) -> Value:
    return Nothing(cursor.need("none").text(), cursor.span)


def _name(cursor: Cursor) -> Value:
    cursor.need("name").choice("operation")
    return Name(cursor.span)


def _require(cursor: Cursor) -> Value:
    return Require(read_path(cursor.need("require")), cursor.span)


def _first(cursor: Cursor) -> Value:
    where = cursor.need("first")
    values = tuple(read_value(item) for item in where.items())
    if not values:
        where.bad("a list of at least one value is expected")
        return Const(SpecValue(None), cursor.span)
    return First(values, cursor.span)


def _table(cursor: Cursor) -> Value:
    values = cursor.need("values")
    null, other = cursor.get("null"), cursor.get("other")
    return Table(
        read_value(cursor.need("table")),
        {key: _entry(item) for key, item in values.entries()},
        values.keys(),
        _entry(null) if null else None,
        _entry(other) if other else None,
        cursor.span,
    )


def _entry(cursor: Cursor) -> Value:
    """What a table gives: plain text is a constant there."""
    if isinstance(cursor.node, Scalar):
        return Const(cursor.value(), cursor.span)
    return read_value(cursor)


def _cases(cursor: Cursor) -> Value:
    cases: list[Case] = []
    for item in cursor.need("cases").items():
        item.only("when", "then")
        when = tuple(_tests(alternative) for alternative in item.need("when").items())
        if not when:
            item.need("when").bad("at least one test is expected")
        cases.append(Case(when, read_value(item.need("then")), item.span))
    total = cursor.get("total")
    return Cases(
        tuple(cases),
        read_value(cursor.need("otherwise", "say what holds if no case does: `otherwise: ...`")),
        tuple(read_path(item) for item in total.items()) if total else (),
        cursor.span,
    )


def _tests(cursor: Cursor) -> tuple[Test, ...]:
    tests: list[Test] = []
    for key, item in cursor.entries():
        path = Path(tuple(SpecText(p) for p in key.split(".")), cursor.keys()[key])
        values = tuple(v.value() for v in item.items())
        if not values:
            item.bad("at least one value is expected")
        set_ = values == (SpecValue("set"),)
        tests.append(Test(path, () if set_ else values, set_, path.span))
    if not tests and cursor.is_map:
        cursor.bad("at least one test is expected", "such as `state: ready`")
    return tuple(tests)


def _template(cursor: Cursor) -> Value:
    where = cursor.need("template")
    text = where.text().raw
    paths = [
        Path(tuple(SpecText(p) for p in hole.split(".")), where.span)
        for hole in _HOLE.findall(text)
    ]
    if not paths:
        where.bad("a template has at least one {path} in it", "or write `{const: ...}`")
    return Template(tuple(map(SpecText, _HOLE.split(text)[::2])), tuple(paths), cursor.span)


def _url(cursor: Cursor) -> Value:
    query = cursor.get("query")
    base = cursor.need("url")
    if not re.fullmatch(r"https://[^\s?#{}]+", base.text().raw):
        base.bad("an address is expected that begins with https:// and has no query")
    return Url(base.text(), _map(query), cursor.span)


def _record(cursor: Cursor) -> Value:
    fields = cursor.need("fields")
    of = cursor.get("of")
    return Record(
        cursor.need("record").text(),
        _map(fields),
        fields.keys(),
        read_value(of) if of else None,
        cursor.span,
    )


def _to(cursor: Cursor) -> Value:
    return MapTo(cursor.need("to").text(), read_path(cursor.need("of")), cursor.span)


def _each(cursor: Cursor) -> Value:
    of = read_value(cursor.need("each"))
    item = Path((SpecText("item"),), cursor.span)
    to = cursor.get("to")
    value = cursor.get("value")
    if to is not None:
        return Each(of, MapTo(to.text(), item, to.span), cursor.span)
    if value is not None:
        return Each(of, read_value(value), cursor.span)
    return Each(of, _record(cursor), cursor.span)


def _list(cursor: Cursor) -> Value:
    return ItemsOf(tuple(read_value(item) for item in cursor.need("list").items()), cursor.span)


def _newest(cursor: Cursor) -> Value:
    unless = cursor.get("unless")
    return Newest(
        read_path(cursor.need("newest")),
        read_path(cursor.need("by")),
        _tests(unless) if unless else (),
        cursor.span,
    )


def _object(cursor: Cursor) -> Value:
    fields = cursor.need("fields")
    return Object(_map(fields), fields.keys(), cursor.span)


def _spread(cursor: Cursor) -> Value:
    reserved = cursor.get("reserved")
    return Spread(
        read_value(cursor.need("spread")),
        tuple((item.text(), item.span) for item in reserved.items()) if reserved else (),
        cursor.span,
    )


def _map(cursor: Cursor | None) -> Mapping[str, Value]:
    return {key: read_value(item) for key, item in cursor.entries()} if cursor else {}


#: Every verb with its reader, and the keys that go with it.
VERBS: Mapping[str, tuple[Callable[[Cursor], Value], tuple[str, ...]]] = {
    "const": (_const, ("const",)),
    "none": (_none, ("none",)),
    "name": (_name, ("name",)),
    "require": (_require, ("require",)),
    "first": (_first, ("first",)),
    "table": (_table, ("table", "values", "null", "other")),
    "cases": (_cases, ("cases", "otherwise", "total")),
    "template": (_template, ("template",)),
    "url": (_url, ("url", "query")),
    "each": (_each, ("each", "to", "value", "record", "fields")),
    "record": (_record, ("record", "fields", "of")),
    "to": (_to, ("to", "of")),
    "list": (_list, ("list",)),
    "newest": (_newest, ("newest", "by", "unless")),
    "hook": (read_hook, ("hook", "with", "returns", "uses")),
    "spread": (_spread, ("spread", "reserved")),
    "fields": (_object, ("fields",)),
}
