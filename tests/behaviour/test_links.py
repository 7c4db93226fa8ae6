"""Links of a document, followed: from an answer to the next call, on loopback."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from linkwright.cli import main
from tests.behaviour.server import Answer, Loopback, Received, answer_json, running
from tests.helpers import REPO

SPEC = REPO / "tests" / "cases" / "operations" / "links" / "spec.yaml"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("links")
    arguments = ["generate", "--spec", str(SPEC), "--name", "acme", "--out", str(folder / "linked")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    sys.path.insert(0, str(folder))
    yield importlib.import_module("linked.acme")
    sys.path.remove(str(folder))


@pytest.fixture
def provider() -> Iterator[Loopback]:
    with running() as loopback:
        yield loopback


def accounts(request: Received) -> Answer:
    """A provider that keeps one account."""
    match request.method, request.path:
        case "POST", "/accounts":
            return answer_json(201, {"id": "a/7", "balance": "1.50"})
        case "GET", "/accounts":
            return answer_json(200, [{"id": "first"}], **{"X-Next-Page": "2"})
        case "PUT", _:
            return Answer(204)
        case _:
            return answer_json(200, {"id": "a/7", "balance": "1.50", "new": 1})


def test_from_an_answer_to_the_next_call(acme: ModuleType, provider: Loopback) -> None:
    provider.reset(accounts)
    links = acme.links
    with acme.Acme(base_url=provider.url) as client:
        made = client.raw(client.accounts.create, body={"id": "new"})
        assert made.status in links.CREATE_ACCOUNT_READ_200_201.statuses
        follow = links.CREATE_ACCOUNT_READ_200_201.arguments(made)
        assert follow == {"id": "a/7"}
        read = client.raw(client.accounts.get, **follow, x_trace="t1")
        onward = links.GET_ACCOUNT_RENAME.arguments(read, {"id": "a/7", "x_trace": "t1"})
        client.accounts.update(**onward)
    assert [(r.method, r.path) for r in provider.received[1:]] == [
        ("GET", "/accounts/a%2F7"),
        ("PUT", "/accounts/a%2F7"),
    ]
    put = provider.received[-1]
    assert put.query == "reason=after%20GET%20of%20a%2F7%3A%20200&dry=true"
    assert put.header("X-Trace") == "t1"
    # What came is what is sent, also what the document does not know.
    assert json.loads(put.body) == {"id": "a/7", "balance": "1.50", "new": 1}


def test_lists_and_headers_asynchronously(acme: ModuleType, provider: Loopback) -> None:
    provider.reset(accounts)
    links = acme.links

    async def walk() -> list[Any]:
        async with acme.AsyncAcme(base_url=provider.url) as client:
            listed = await client.raw(client.accounts.list)
            await client.accounts.list(**links.LIST_ACCOUNTS_NEXT.arguments(listed))
            return [links.LIST_ACCOUNTS_FIRST.arguments(listed)]

    assert asyncio.run(walk()) == [{"id": "first"}]
    assert provider.received[-1].query == "page=2"


def test_what_is_not_there(acme: ModuleType, provider: Loopback) -> None:
    links = acme.links
    provider.always(200, [])
    with acme.Acme(base_url=provider.url) as client:
        listed = client.raw(client.accounts.list)
    with pytest.raises(LookupError, match=r"^'?\$response.body#/0/id is not there"):
        links.LIST_ACCOUNTS_FIRST.arguments(listed)
    with pytest.raises(LookupError, match="X-Next-Page is not there"):
        links.LIST_ACCOUNTS_NEXT.arguments(listed)
    with pytest.raises(LookupError, match=r"request.path.id is not there"):
        links.READ_AGAIN.arguments(listed)
    assert links.CREATE_ACCOUNT_READ_202.arguments(listed) == {"id": "pending"}


def test_what_they_connect(acme: ModuleType) -> None:
    link = acme.links.GET_ACCOUNT_RENAME
    assert (link.source, link.target) == (acme.operations.GET_ACCOUNT, acme.operations.PUT_ACCOUNT)
    assert "`links.GET_ACCOUNT_RENAME`" in acme.resources.Accounts.get.__doc__
