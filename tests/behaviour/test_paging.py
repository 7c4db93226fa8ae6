"""Lists in pages, against a server that has several: every style, sync and async."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from clients import errors
from clients.basiq import Basiq
from clients.codat_lending import CodatLending
from clients.powens import Powens
from clients.saltedge import AsyncSaltEdge, SaltEdge

from .server import Answer, Loopback, Received, running

Pages = Callable[[dict[str, str]], dict[str, Any]]


@pytest.fixture(scope="module")
def loopback() -> Iterator[Loopback]:
    with running() as server:
        yield server


def _serve(server: Loopback, pages: Pages) -> None:
    def respond(received: Received) -> Answer:
        query = {k: v[0] for k, v in parse_qs(urlsplit(received.target).query).items()}
        return Answer(200, json.dumps(pages(query)).encode())

    server.reset(respond)


def _targets(server: Loopback) -> list[str]:
    return [urlsplit(r.target).query for r in server.received]


def _cursors(query: dict[str, str]) -> dict[str, Any]:
    """Three pages of customers, the one in the middle empty."""
    page = {"": ["1", "2"], "b": [], "c": ["3"]}[query.get("from_id", "")]
    following = {"": "b", "b": "c", "c": None}[query.get("from_id", "")]
    return {
        "data": [{"id": i, "identifier": i, "secret": "s"} for i in page],
        "meta": {"next_id": following, "next_page": None},
    }


@pytest.fixture
def saltedge(loopback: Loopback) -> Iterator[SaltEdge]:
    with SaltEdge(app_id="a", secret="s", base_url=loopback.url) as client:
        yield client


def test_items_come_from_all_pages_and_an_empty_one_does_not_end_the_walk(
    loopback: Loopback, saltedge: SaltEdge
) -> None:
    _serve(loopback, _cursors)
    customers = saltedge.customers.list()
    assert not loopback.received  # nothing is sent before the first item is asked for
    assert [c.id for c in customers] == ["1", "2", "3"]
    assert _targets(loopback) == ["", "from_id=b", "from_id=c"]
    assert [c.id for c in customers] == ["1", "2", "3"]  # each iteration begins anew


def test_the_asynchronous_pager_does_the_same(loopback: Loopback) -> None:
    _serve(loopback, _cursors)

    async def walk() -> tuple[list[str], list[str | None], list[str]]:
        async with AsyncSaltEdge(app_id="a", secret="s", base_url=loopback.url) as client:
            pager = client.customers.list()
            items = [c.id async for c in pager]
            cursors = [page.next async for page in pager.pages()]
            kept = [i async for i in pager.start("c").map(lambda c: c.id).limit(5)]
            return items, cursors, kept

    assert asyncio.run(walk()) == (["1", "2", "3"], ["b", "c", None], ["3"])


def test_pages_carry_their_answer_and_the_way_on(loopback: Loopback, saltedge: SaltEdge) -> None:
    _serve(loopback, _cursors)
    first = saltedge.customers.list().first_page()
    assert len(loopback.received) == 1
    assert (len(first.items), first.next, first.response.status) == (2, "b", 200)
    assert first.next is not None
    assert [c.id for c in saltedge.customers.list().start(first.next)] == ["3"]


def test_limit_and_map(loopback: Loopback, saltedge: SaltEdge) -> None:
    _serve(loopback, _cursors)
    pager = saltedge.customers.list().map(lambda c: c.id)
    assert list(pager.limit(2)) == ["1", "2"]
    assert len(loopback.received) == 1  # no page is fetched that no item is wanted from
    assert list(pager.limit(0)) == []
    assert len(loopback.received) == 1
    assert list(pager.map(int)) == [1, 2, 3]


def test_a_cursor_that_comes_back_raises(loopback: Loopback, saltedge: SaltEdge) -> None:
    _serve(loopback, lambda _: {"data": [], "meta": {"next_id": "same"}})
    with pytest.raises(errors.PaginationError, match="twice") as caught:
        list(saltedge.customers.list())
    assert (caught.value.provider, caught.value.operation) == ("saltedge", "customers_get")
    assert len(loopback.received) == 2


def test_page_numbers_count_while_there_is_a_next_link(loopback: Loopback) -> None:
    def pages(query: dict[str, str]) -> dict[str, Any]:
        number = int(query.get("page", "1"))
        links: dict[str, Any] = {"self": {"href": "/x"}, "current": {"href": "/x"}}
        if number < 3:
            links["next"] = {"href": "/somewhere"}
        results = [{"id": f"{number}", "name": "n", "redirect": "https://r.example"}]
        return {
            "results": results,
            "pageNumber": number,
            "pageSize": 1,
            "totalResults": 3,
            "_links": links,
        }

    _serve(loopback, pages)
    with CodatLending(api_key="k", base_url=loopback.url) as codat:
        assert [c.id for c in codat.companies.list(page_size=1)] == ["1", "2", "3"]
        assert _targets(loopback) == ["pageSize=1", "page=2&pageSize=1", "page=3&pageSize=1"]
        assert [c.id for c in codat.companies.list(page=2)] == ["2", "3"]


def test_offsets_grow_by_what_came_until_a_page_is_not_full(loopback: Loopback) -> None:
    def pages(query: dict[str, str]) -> dict[str, Any]:
        start, limit = int(query.get("offset", 0)), int(query.get("limit", 2))
        ids = range(start, min(start + limit, 5))
        dates = dict.fromkeys(("first_date", "last_date", "result_min_date", "result_max_date"))
        return {**dates, "transactions": [_transaction(i) for i in ids]}

    _serve(loopback, pages)
    with Powens(token="t", base_url=loopback.url) as powens:
        assert [t.id for t in powens.transactions.list(limit=2)] == [0, 1, 2, 3, 4]
        assert (
            _targets(loopback) == ["offset=0", "offset=2", "offset=4"]
            or len(loopback.received) == 3
        )
        loopback.reset(loopback.respond)
        assert [t.id for t in powens.transactions.list()] == [0, 1, 2, 3, 4]
        assert len(loopback.received) == 4  # without a limit, only an empty page tells the end


def _transaction(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "id_account": 1,
        "date": "2024-05-14",
        "rdate": "2024-05-14",
        "date_scraped": "2024-05-14 09:31:07",
        "type": "card",
        "coming": False,
        "active": True,
    }


def _links(following: str | None) -> Pages:
    def pages(query: dict[str, str]) -> dict[str, Any]:
        url = following if "next" not in query else None
        return {
            "type": "list",
            "count": 0,
            "size": 0,
            "data": [],
            "links": {"self": "/", "next": url},
        }

    return pages


@pytest.mark.parametrize(
    "form",
    [
        "{url}/users/u/transactions?next=abc",
        "/base/v9/users/u/transactions?next=abc",
        "users/u/transactions?next=abc",
        "?next=abc",
    ],
)
def test_a_link_of_the_same_origin_is_followed_as_it_stands(loopback: Loopback, form: str) -> None:
    _serve(loopback, _links(form.format(url=loopback.url)))
    with Basiq(token="t", base_url=loopback.url) as basiq:
        assert list(basiq.transactions.list("u", limit=5)) == []
    assert _targets(loopback) == ["limit=5", "next=abc"]
    assert len({r.target.partition("?")[0] for r in loopback.received}) == 1
    tokens = [dict(r.headers).get("Authorization") for r in loopback.received]
    assert tokens == ["Bearer t", "Bearer t"]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "http://127.0.0.1:1/x",
        "ftp://127.0.0.1/x",
        "{origin}@evil.example/x",
        "{scheme}://evil:pw@{host}/x",
    ],
)
def test_a_link_to_another_origin_is_refused(loopback: Loopback, url: str) -> None:
    scheme, _, rest = loopback.url.partition("://")
    host = rest.partition("/")[0]
    _serve(loopback, _links(url.format(origin=f"{scheme}://{host}", scheme=scheme, host=host)))
    refused = pytest.raises(errors.PaginationError, match="another origin")
    with Basiq(token="t", base_url=loopback.url) as basiq, refused as caught:
        list(basiq.transactions.list("u"))
    assert len(loopback.received) == 1
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize(
    "link",
    [
        "http://[",
        "\\\\evil.example\\x",
        " /x",
        "/a\r\nX: y",
        "\0",
        "x" * 70_000,
        5,
        {"a": 1},
        [1],
        True,
    ],
    ids=repr,
)
def test_a_link_that_is_none_ends_in_our_own_error(loopback: Loopback, link: Any) -> None:
    _serve(loopback, _links(link))
    with Basiq(token="t", base_url=loopback.url) as basiq, pytest.raises(errors.PaginationError):
        list(basiq.transactions.list("u"))
    assert len(loopback.received) == 1


@pytest.mark.parametrize("page", ["second", "", "-1", "1.5", "9" * 30])
def test_a_page_to_start_from_is_a_number_where_pages_are_counted(page: Any) -> None:
    with CodatLending(api_key="k", base_url="http://127.0.0.1:1") as codat:
        for pages in codat.companies.list().start(page), codat.companies.list(page=page):
            with pytest.raises(errors.PaginationError, match="a number"):
                pages.first_page()


def test_a_page_to_start_from_is_text() -> None:
    number: Any = 5
    for client in (
        CodatLending(api_key="k", base_url="http://127.0.0.1:1").companies.list(),
        Basiq(token="t", base_url="http://127.0.0.1:1").transactions.list("u"),
    ):
        with pytest.raises(errors.PaginationError, match="text"):
            client.start(number).first_page()


@pytest.mark.parametrize(("cursor", "asked"), [(False, 1), (True, None), (0, 2)])
def test_a_cursor_is_no_truth_value(loopback: Loopback, cursor: Any, asked: int | None) -> None:
    def pages(query: dict[str, str]) -> dict[str, Any]:
        return {"data": [], "meta": {"next_id": None if "from_id" in query else cursor}}

    _serve(loopback, pages)
    with SaltEdge(app_id="i", secret="s", base_url=loopback.url) as saltedge:
        if asked is None:
            with pytest.raises(errors.PaginationError, match="no text"):
                list(saltedge.customers.list())
        else:
            assert list(saltedge.customers.list()) == []
            assert len(loopback.received) == asked
