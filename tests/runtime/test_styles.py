"""Parameters as the tables of OpenAPI 3.1.1 ("Style Examples") and RFC 6570 write them."""

from __future__ import annotations

import json
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from package._runtime.errors import RequestError
from package._runtime.operation import Operation, Param
from package._runtime.prepare import Prepared, prepare
from package._runtime.values import UNSET, Headers

from .toyapi.operations import PROVIDER

EMPTY = ""
STRING = "blue"
ARRAY = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200, "B": 150}
BASE = "https://x.example"


def made(path: str, *params: Param, **arguments: object) -> Prepared:
    operation: Operation[None] = Operation(
        id="x", name="x", method="GET", path=path, params=params, results={}, retry="safe"
    )
    return prepare(PROVIDER, operation, BASE, arguments, {})


def path_of(param: Param, value: object) -> str:
    return (
        made("/a/{color}/z", param, color=value).url.removeprefix(f"{BASE}/a/").removesuffix("/z")
    )


def query_of(param: Param, value: object) -> str:
    return urlsplit(made("/a", param, color=value).url).query


def header_of(param: Param, value: object) -> str | None:
    headers = dict(made("/a", param, color=value).headers)
    return headers.get("color" if param.place == "header" else "Cookie")


PATHS: list[tuple[str, bool, object, str]] = [
    ("simple", False, STRING, "blue"),
    ("simple", False, ARRAY, "blue,black,brown"),
    ("simple", False, OBJECT, "R,100,G,200,B,150"),
    ("simple", True, STRING, "blue"),
    ("simple", True, ARRAY, "blue,black,brown"),
    ("simple", True, OBJECT, "R=100,G=200,B=150"),
    ("label", False, STRING, ".blue"),
    ("label", False, ARRAY, ".blue,black,brown"),
    ("label", False, OBJECT, ".R,100,G,200,B,150"),
    ("label", True, STRING, ".blue"),
    ("label", True, ARRAY, ".blue.black.brown"),
    ("label", True, OBJECT, ".R=100.G=200.B=150"),
    ("matrix", False, EMPTY, ";color"),
    ("matrix", False, STRING, ";color=blue"),
    ("matrix", False, ARRAY, ";color=blue,black,brown"),
    ("matrix", False, OBJECT, ";color=R,100,G,200,B,150"),
    ("matrix", True, EMPTY, ";color"),
    ("matrix", True, STRING, ";color=blue"),
    ("matrix", True, ARRAY, ";color=blue;color=black;color=brown"),
    ("matrix", True, OBJECT, ";R=100;G=200;B=150"),
]


@pytest.mark.parametrize(("style", "explode", "value", "text"), PATHS)
def test_path(style: Any, explode: bool, value: object, text: str) -> None:
    assert path_of(Param("color", "color", "path", style=style, explode=explode), value) == text


QUERIES: list[tuple[str, bool, object, str]] = [
    ("form", False, EMPTY, "color="),
    ("form", False, STRING, "color=blue"),
    ("form", False, ARRAY, "color=blue,black,brown"),
    ("form", False, OBJECT, "color=R,100,G,200,B,150"),
    ("form", True, EMPTY, "color="),
    ("form", True, STRING, "color=blue"),
    ("form", True, ARRAY, "color=blue&color=black&color=brown"),
    ("form", True, OBJECT, "R=100&G=200&B=150"),
    ("spaceDelimited", False, ARRAY, "color=blue%20black%20brown"),
    ("spaceDelimited", False, OBJECT, "color=R%20100%20G%20200%20B%20150"),
    ("pipeDelimited", False, ARRAY, "color=blue%7Cblack%7Cbrown"),
    ("pipeDelimited", False, OBJECT, "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("deepObject", True, OBJECT, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    # What the tables leave open is sent as parameters of their own, or by number.
    ("spaceDelimited", True, ARRAY, "color=blue&color=black&color=brown"),
    ("pipeDelimited", True, ARRAY, "color=blue&color=black&color=brown"),
    ("deepObject", True, ["a", {"b": "c"}], "color%5B0%5D=a&color%5B1%5D%5Bb%5D=c"),
    ("deepObject", True, {"a": {"b": ["c"]}}, "color%5Ba%5D%5Bb%5D%5B0%5D=c"),
    ("form", True, [], ""),
    ("form", False, [], ""),
    ("form", True, {}, ""),
    ("spaceDelimited", False, [], ""),
    ("deepObject", True, {}, ""),
    ("form", False, [UNSET, "a"], "color=a"),
    ("form", True, {"R": UNSET, "G": 1}, "G=1"),
    ("form", True, True, "color=true"),
    ("form", False, ["a,b", "c|d e"], "color=a%2Cb,c%7Cd%20e"),
]


@pytest.mark.parametrize(("style", "explode", "value", "text"), QUERIES)
def test_query(style: Any, explode: bool, value: object, text: str) -> None:
    assert query_of(Param("color", "color", "query", style=style, explode=explode), value) == text


HEADERS: list[tuple[Literal["header", "cookie"], bool, object, str | None]] = [
    ("header", False, EMPTY, ""),
    ("header", False, STRING, "blue"),
    ("header", False, ARRAY, "blue,black,brown"),
    ("header", False, OBJECT, "R,100,G,200,B,150"),
    ("header", True, ARRAY, "blue,black,brown"),
    ("header", True, OBJECT, "R=100,G=200,B=150"),
    ("cookie", False, STRING, "color=blue"),
    ("cookie", False, ARRAY, "color=blue,black,brown"),
    ("cookie", False, OBJECT, "color=R,100,G,200,B,150"),
    # A cookie ends with a semicolon, so `&` between them would make one of them all.
    ("cookie", True, ARRAY, "color=blue; color=black; color=brown"),
    ("cookie", True, OBJECT, "R=100; G=200; B=150"),
    ("cookie", True, [], None),
]


@pytest.mark.parametrize(
    ("explode", "value", "text"),
    [
        (False, ["a, b", "c"], '"a, b",c'),
        (
            False,
            ['say "hi", twice', "back\\slash, too"],
            '"say \\"hi\\", twice","back\\\\slash, too"',
        ),
        (False, ['"tag"', 'W/"a,b"'], '"tag",W/"a,b"'),
        (False, {"k": "a,b"}, 'k,"a,b"'),
        (True, {"k": "a,b"}, 'k="a,b"'),
    ],
)
def test_members_with_commas_in_a_header(explode: bool, value: object, text: str) -> None:
    assert header_of(Param("color", "color", "header", explode=explode), value) == text


@given(st.lists(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1)))
def test_what_a_list_in_a_header_held_comes_back(texts: list[str]) -> None:
    # Members that begin or end in a space, or have quotes and no comma, are not told apart by all.
    members = [t for t in texts if t == t.strip() and '"' not in t]
    written = header_of(Param("color", "color", "header"), members) or ""
    assert Headers([("Color", written)]).members("color") == tuple(members)


@pytest.mark.parametrize(("place", "explode", "value", "text"), HEADERS)
def test_headers_and_cookies(
    place: Literal["header", "cookie"], explode: bool, value: object, text: str | None
) -> None:
    assert header_of(Param("color", "color", place, explode=explode), value) == text


def test_reserved_characters() -> None:
    everything = ":/?#[]@!$&'()*+,;=%"
    reserved = query_of(Param("color", "color", "query", reserved=True), everything)
    assert reserved == "color=:/?%23%5B%5D@!$%26'()*%2B,;=%25"
    assert parse_qsl(reserved, separator="&") == [("color", everything)]
    assert path_of(Param("color", "color", "path", reserved=True), everything) == (
        ":%2F%3F%23%5B%5D@!$&'()*+,;=%25"
    )
    joined = Param("color", "color", "query", explode=False, reserved=True)
    assert query_of(joined, ["a,b", "c/d"]) == "color=a%2Cb,c/d"


def test_documents() -> None:
    value = {"a": ["ü", None, {"b": 1}]}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    ((_, found),) = parse_qsl(query_of(Param("color", "c", "query", content="json"), value))
    assert found == text
    assert unquote(path_of(Param("color", "color", "path", content="json"), value)) == text
    assert header_of(Param("color", "color", "header", content="json"), {"a": 1}) == '{"a":1}'
    assert query_of(Param("color", "c", "query", content="text"), "<a/>") == "c=%3Ca%2F%3E"
    # In a document, null is a value.
    assert query_of(Param("color", "c", "query", content="json"), None) == "c=null"


SECRET = "s3cr3t"
REFUSED: list[tuple[Param, object]] = [
    (Param("color", "color", "path"), ["a"]),
    (Param("color", "color", "path"), {"a": 1}),
    (Param("color", "color", "path", style="simple"), []),
    (Param("color", "color", "path", style="simple"), [""]),
    (Param("color", "color", "path", style="matrix"), []),
    (Param("color", "color", "path", style="label"), ""),
    (Param("color", "color", "path", style="label"), "."),
    (Param("color", "color", "path", style="label", explode=True), ["", ""][:1]),
    (Param("color", "color", "path", style="simple"), ["a", None]),
    (Param("color", "color", "query"), None),
    (Param("color", "color", "query"), [SECRET, None]),
    (Param("color", "color", "query"), [[SECRET]]),
    (Param("color", "color", "query"), {"a": {"b": SECRET}}),
    (Param("color", "color", "query"), {1: SECRET}),
    (Param("color", "color", "query"), f"{SECRET}\0"),
    (Param("color", "color", "query"), "\ud800"),
    (Param("color", "color", "query", style="deepObject"), {"a": None}),
    (Param("color", "color", "query", content="json"), float("nan")),
    (Param("color", "color", "query", content="json"), {"a": "\ud800"}),
    (Param("color", "color", "header"), f"{SECRET}\r\nX: y"),
    (Param("color", "color", "header"), [SECRET, "a\nb"]),
    (Param("color", "color", "header"), {"a\r": SECRET}),
    (Param("color", "color", "header"), f"{SECRET}\0"),
    (Param("color", "color", "header"), "\x7f"),
    (Param("color", "color", "header"), "€"),
    (Param("color", "color", "header"), f" {SECRET}"),
    (Param("color", "color", "header", content="json"), "€"),
    (Param("color", "color", "cookie"), None),
]


@pytest.mark.parametrize(("param", "value"), REFUSED)
def test_what_cannot_be_sent_is_refused_by_name(param: Param, value: object) -> None:
    deep: object = value
    with pytest.raises(RequestError, match="`color`") as caught:
        made("/a/{color}" if param.place == "path" else "/a", param, color=deep)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None


def test_an_endless_object_is_refused() -> None:
    value: dict[str, object] = {}
    value["a"] = value
    with pytest.raises(RequestError, match="nested too deeply"):
        query_of(Param("color", "color", "query", style="deepObject"), value)


TEXT = st.text(max_size=20) | st.sampled_from(
    [".", "..", "%2e", "%2E%2e", "%252e", "/", "\\", "a/..", "", ";"]
)
STYLES = st.sampled_from(["simple", "label", "matrix"])


@given(
    first=TEXT,
    second=TEXT | st.lists(TEXT, max_size=3) | st.dictionaries(TEXT, TEXT, max_size=2),
    style=STYLES,
    explode=st.booleans(),
    reserved=st.booleans(),
    between=st.sampled_from(["", ".", "%2e", "-"]),
)
def test_no_value_changes_the_segments_of_a_path(
    first: str, second: object, style: Any, explode: bool, reserved: bool, between: str
) -> None:
    params = (
        Param("first", "first", "path", reserved=reserved),
        Param("second", "second", "path", style=style, explode=explode, reserved=reserved),
    )
    url = ""
    try:
        url = made(f"/a/{{first}}{between}{{second}}/z", *params, first=first, second=second).url
    except RequestError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert "`first`" in refusal or "`second`" in refusal
        return
    assert url.isascii()
    parts = urlsplit(url)
    assert (parts.netloc, parts.query, parts.fragment) == ("x.example", "", "")
    assert "?" not in url
    assert "#" not in url
    segments = parts.path.split("/")
    assert len(segments) == 4
    assert (segments[1], segments[3]) == ("a", "z")
    # Not even once it was decoded twice on the way.
    for decoded in (segments[2], unquote(segments[2]), unquote(unquote(segments[2]))):
        assert decoded not in {"", ".", ".."}
    assume(style == "simple" and isinstance(second, str))
    assert unquote(segments[2]) == first + unquote(between) + str(second)


@given(value=st.text(), reserved=st.booleans())
def test_a_query_value_comes_back_as_it_was(value: str, reserved: bool) -> None:
    try:
        query = query_of(Param("color", "color", "query", reserved=reserved), value)
    except RequestError:
        return
    assert parse_qsl(query, keep_blank_values=True, separator="&") == [("color", value)]
