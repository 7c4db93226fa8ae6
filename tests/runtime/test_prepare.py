from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from package._runtime.address import is_trustworthy, resolve_base_url
from package._runtime.errors import ConfigurationError, RequestError
from package._runtime.operation import Operation, Param, RequestOptions
from package._runtime.prepare import Prepared, prepare
from package._runtime.values import UNSET

from .toyapi.models import Account, Connection, Status
from .toyapi.operations import (
    CREATE_CONNECTION,
    EXCHANGE_CODE,
    GET_CONNECTION,
    LIST_CONNECTIONS,
    PROVIDER,
)

BASE = "https://demo.toy.example/2.0"
SECRET = "s3cr3t-value"
ACCEPT = ("Accept", "application/json")


def made(
    operation: Operation[Any],
    arguments: Mapping[str, object] | None = None,
    *,
    body: object = UNSET,
    options: RequestOptions | None = None,
) -> Prepared:
    return prepare(PROVIDER, operation, BASE, arguments or {}, options or {}, body=body)


def operation(*params: Param, path: str = "/x") -> Operation[None]:
    return Operation(
        id="x", name="x", method="GET", path=path, params=params, results={}, retry="safe"
    )


def refusal(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(RequestError) as caught:
        made(*args, **kwargs)
    error = caught.value
    assert error.__context__ is None
    assert error.provider == "toy"
    assert SECRET not in str(error)
    return str(error)


class Number(enum.IntEnum):
    TWO = 2


PATH = operation(Param("user_id", "userId", "path"), path="/a/{userId}/b")


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        (7, "7"),
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("a?b#c", "a%3Fb%23c"),
        ("a%2Fb", "a%252Fb"),
        ("é", "%C3%A9"),
        ("~a-b_c.d", "~a-b_c.d"),
        ("...", "..."),
        (Status.ACTIVE, "active"),
        (Number.TWO, "2"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_path_value(value: object, segment: str) -> None:
    url = made(PATH, {"user_id": value}).url
    assert url == f"{BASE}/a/{segment}/b"
    # The transport leaves it as it is.
    assert httpx2.URL(url).raw_path.decode() == f"/2.0/a/{segment}/b"


@pytest.mark.parametrize(
    "value",
    ["", ".", "..", "%2e", "%2E.", ".%2e", None, UNSET, "a\0b", "\ud800", b"x", [1], float("nan")],
)
def test_path_value_refused(value: object) -> None:
    assert "`user_id`" in refusal(PATH, {"user_id": value})


def test_path_missing() -> None:
    assert "is missing" in refusal(PATH)


def test_path_dots_from_two_values() -> None:
    both = operation(Param("a", "a", "path"), Param("b", "b", "path"), path="/x/{a}{b}/y")
    assert made(both, {"a": "x", "b": ".."[1:] + "y"}).url.endswith("/x/x.y/y")
    for values in ({"a": ".", "b": "."}, {"a": "..", "b": ""}, {"a": "", "b": "%2E"}):
        refusal(both, values)


@given(st.text(min_size=1))
def test_path_value_stays_in_its_segment(value: str) -> None:
    try:
        url = made(PATH, {"user_id": value}).url
    except RequestError:
        return
    assert url.count("/") == f"{BASE}/a/x/b".count("/")
    assert unquote(url.removeprefix(f"{BASE}/a/").removesuffix("/b")) == value
    assert httpx2.URL(url).raw_path.decode() == urlsplit(url).path


Style = Literal["form", "spaceDelimited", "pipeDelimited", "deepObject"]


@pytest.mark.parametrize(
    ("style", "explode", "value", "query"),
    [
        ("form", None, True, "q%5B%5D=true"),
        ("form", None, "a&b=c", "q%5B%5D=a%26b%3Dc"),
        ("form", None, Decimal("1E+2"), "q%5B%5D=100"),
        (
            "form",
            None,
            datetime(2026, 1, 2, 3, tzinfo=UTC),
            "q%5B%5D=2026-01-02T03%3A00%3A00%2B00%3A00",
        ),
        ("form", None, Status("x y"), "q%5B%5D=x%20y"),
        ("form", None, ["a", "b"], "q%5B%5D=a&q%5B%5D=b"),
        ("form", False, ["a,", "b"], "q%5B%5D=a%2C,b"),
        ("form", False, (), ""),
        ("form", None, UNSET, ""),
        ("form", None, {"k": 1, "u": UNSET}, "k=1"),
        ("spaceDelimited", None, [1, 2], "q%5B%5D=1%202"),
        ("pipeDelimited", None, [1, 2], "q%5B%5D=1%7C2"),
        ("deepObject", None, {"a": 1, "b": False}, "q%5B%5D%5Ba%5D=1&q%5B%5D%5Bb%5D=false"),
    ],
)
def test_query(style: Style, explode: bool | None, value: object, query: str) -> None:
    param = Param("q", "q[]", "query", style=style, explode=explode)
    url = made(operation(param), {"q": value}).url
    assert url == f"{BASE}/x" + (f"?{query}" if query else "")
    assert httpx2.URL(url).query.decode() == query


@pytest.mark.parametrize("value", [None, [None], b"x", {"a": None}, {1: 2}, object()])
def test_query_refused(value: object) -> None:
    assert "`q`" in refusal(operation(Param("q", "q", "query")), {"q": value})


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_query_round_trip(values: dict[str, str]) -> None:
    try:
        url = made(operation(), options={"query": values}).url
    except RequestError:
        return
    assert dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) == values


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/rest?method=get&raw", f"{BASE}/rest?method=get&raw&id=7"),
        ("/#Action=Start", f"{BASE}/?id=7"),
        ("/rest?method=get#Action=Start/{id}", f"{BASE}/rest?method=get&id=7"),
    ],
)
def test_path_with_a_query_and_what_is_not_sent(path: str, url: str) -> None:
    assert made(operation(Param("id", "id", "query"), path=path), {"id": 7}).url == url


def test_const() -> None:
    assert made(GET_CONNECTION, {"connection_id": 1, "background": True}).url.endswith(
        "?background=true"
    )
    assert "`background` can only be True" in refusal(
        GET_CONNECTION, {"connection_id": 1, "background": False}
    )


def test_headers_and_cookies() -> None:
    both = operation(
        Param("trace", "X-Trace", "header"),
        Param("one", "one", "cookie"),
        Param("two", "two", "cookie"),
    )
    request = made(both, {"trace": ["é", 1], "one": "a;b", "two": "a=b"})
    assert request.headers == (
        ACCEPT,
        ("X-Trace", "é,1"),
        ("Cookie", "one=a%3Bb; two=a=b"),
    )
    for bad in (f"{SECRET}\r\nX: y", f"{SECRET}\n", "a\0", "€", None):
        assert "`trace`" in refusal(both, {"trace": bad})


@pytest.mark.parametrize(
    "headers",
    [{"X": f"{SECRET}\r\n"}, {"X\r\nY": "1"}, {"": "1"}, {"Host": "evil"}, {"content-length": "0"}],
)
def test_option_headers_refused(headers: dict[str, str]) -> None:
    assert "options.headers" in refusal(LIST_CONNECTIONS, options={"headers": headers})


def test_option_headers_replace() -> None:
    request = made(CREATE_CONNECTION, body={}, options={"headers": {"content-type": "x/y"}})
    assert request.headers == (ACCEPT, ("content-type", "x/y"))


def test_idempotency_key() -> None:
    request = made(CREATE_CONNECTION, body={}, options={"idempotency_key": "k1"})
    assert ("Idempotency-Key", "k1") in request.headers
    assert "idempotency_key" in refusal(LIST_CONNECTIONS, options={"idempotency_key": "k1"})


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (None, "null"),
        ({"a": UNSET, "b": None, "é": "é"}, '{"b":null,"é":"é"}'),
        ({"a": [UNSET, 1, {"x": UNSET}]}, '{"a":[1,{}]}'),
        ([Status.ACTIVE, Status("new"), Number.TWO, True], '["active","new",2,true]'),
        (Connection(id=1, accounts=[Account(id=2)]), '{"id":1,"accounts":[{"id":2}]}'),
        ({"in": Connection(id=1, one_time_link=None)}, '{"in":{"id":1,"oneTimeLink":null}}'),
        ([date(2026, 1, 2), UUID(int=0)], '["2026-01-02","00000000-0000-0000-0000-000000000000"]'),
        ([Decimal("1.50"), 0.1, 10**30], "[1.5,0.1," + "1" + "0" * 30 + "]"),
    ],
)
def test_json_body(body: object, content: str) -> None:
    request = made(CREATE_CONNECTION, body=body)
    assert request.content == content.encode()
    assert request.headers == (ACCEPT, ("Content-Type", "application/json"))


def endless() -> list[object]:
    items: list[object] = []
    items.append(items)
    return items


@pytest.mark.parametrize(
    "body",
    [
        {SECRET: float("nan")},
        [float("inf")],
        Account(id=1, ratio=float("nan")),
        Account(id=1, anything=object()),
        [Decimal("NaN")],
        {1: 2},
        [b"x"],
        object(),
        ["\ud800"],
        endless(),
    ],
)
def test_json_body_refused(body: object) -> None:
    assert "`body`" in refusal(CREATE_CONNECTION, body=body)


def test_body_required() -> None:
    assert "`body` is missing" in refusal(CREATE_CONNECTION)
    assert made(EXCHANGE_CODE).content is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_body_round_trip(body: Any) -> None:
    try:
        content = made(CREATE_CONNECTION, body=body).content
    except RequestError:
        return
    assert isinstance(content, bytes)
    assert json.loads(content) == body


def test_form_body() -> None:
    request = made(EXCHANGE_CODE, body={"code": "a b&c", "n": 1, "s": ["x", True], "u": UNSET})
    assert request.content == b"code=a+b%26c&n=1&s=x&s=true"
    assert request.headers == (ACCEPT, ("Content-Type", "application/x-www-form-urlencoded"))
    assert made(EXCHANGE_CODE, body=Account(id=1, key=UUID(int=0))).content == (
        b"id=1&key=00000000-0000-0000-0000-000000000000"
    )
    # What has no form of its own is JSON, as OpenAPI 3.1 has it.
    assert made(EXCHANGE_CODE, body={"a": {"b": 1}}).content == b"a=%7B%22b%22%3A1%7D"
    for bad in ({"a": None}, {"a": [None]}, [1], "x=y"):
        assert "`body`" in refusal(EXCHANGE_CODE, body=bad)


def test_nothing_secret_in_repr() -> None:
    request = made(
        CREATE_CONNECTION,
        body={"p": SECRET},
        options={"query": {"q": SECRET}, "headers": {"H": SECRET}},
    )
    assert repr(request) == "Prepared(method='POST')"


@pytest.mark.parametrize("domain", ["", "a/b", "a@b", "a:1", "a?b", "é", "a\n", "{x}", " ", None])
def test_server_variable_refused(domain: Any) -> None:
    with pytest.raises(ConfigurationError, match="`domain`"):
        resolve_base_url(PROVIDER, {"domain": domain})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "demo.example",
        "ftp://x",
        "https://",
        "https:///x",
        "https://u:p@x/",
        "https://x/?q",
        "https://x/#f",
        "https://x/\n",
        "https://x\\@y/",
        "https://x:99999",
        "https://x:y",
        "https://x/../y",
        "//x",
        7,
    ],
)
def test_base_url_refused(url: Any) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        resolve_base_url(PROVIDER, {}, url)


def test_base_url() -> None:
    assert resolve_base_url(PROVIDER, {"domain": "acme-sandbox"}) == (
        "https://acme-sandbox.toy.example/2.0"
    )
    assert resolve_base_url(PROVIDER, {}, "https://x:8443/a/") == "https://x:8443/a"


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://x", True),
        ("http://localhost:1", True),
        ("http://127.0.0.1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:80", True),
        ("http://x", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://10.0.0.1", False),
    ],
)
def test_trust(url: str, trusted: bool) -> None:
    assert is_trustworthy(url) is trusted
