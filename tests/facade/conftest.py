"""Every adapter, synchronous and asynchronous, in front of a provider on loopback."""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest

import clients
from clients._runtime.waiting import Pace
from clients.facade import connect
from tests.behaviour.server import Loopback, running
from tests.facade.servers import SERVERS, Server

#: Credentials, the owner of the test's connections, and settings of `connect`.
CREDENTIALS: dict[str, dict[str, str]] = {
    "basiq": {"api_key": "a2V5"},
    "codat_expenses": {"api_key": "key"},
    "codat_lending": {"api_key": "key"},
    "powens": {"token": "user-token"},
    "saltedge": {"app_id": "app", "secret": "hush"},
}
CODAT_COMPANY = "1e2d3c4b-5a69-4788-9796-a5b4c3d2e1f0"
OWNERS = {
    "basiq": "5f2e",
    "codat_expenses": CODAT_COMPANY,
    "codat_lending": CODAT_COMPANY,
    "powens": "412",
    "saltedge": "222333444",
}
SETTINGS = {"powens": {"client_id": "77", "domain": "demo.biapi.pro"}}
CLIENTS = {
    "basiq": "Basiq",
    "codat_expenses": "CodatExpenses",
    "codat_lending": "CodatLending",
    "powens": "Powens",
    "saltedge": "SaltEdge",
}


@dataclass
class Behind:
    """A provider behind the facade; asynchronous calls are run to their end."""

    provider: str
    asynchronous: bool
    server: Server
    loopback: Loopback
    facade: Any
    loop: asyncio.AbstractEventLoop

    @property
    def owner(self) -> str:
        return OWNERS[self.provider]

    def call(self, operation: str, *args: object, **kwargs: object) -> Any:
        """Do an operation; `iterate` gives a list."""
        made = getattr(self.facade.connections, operation)(*args, **kwargs)
        if inspect.isawaitable(made):
            return self.loop.run_until_complete(cast("Any", made))
        if isinstance(made, AsyncIterator):
            return self.loop.run_until_complete(_all(cast("AsyncIterator[object]", made)))
        return list(cast("Iterator[object]", made)) if isinstance(made, Iterator) else made

    def own(self, operation: str, *args: object, **kwargs: object) -> Any:
        """Likewise for the owner of the test's connections."""
        return self.call(operation, *args, owner=self.owner, **kwargs)

    @property
    def sent(self) -> int:
        return len(self.server.calls)


async def _all(items: AsyncIterator[object]) -> list[object]:
    return [item async for item in items]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `behind` for all providers, or for those of its `providers` mark."""
    if "behind" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker("providers")
    names = mark.args if mark else tuple(SERVERS)
    cases = [(name, flavor) for name in names for flavor in (False, True)]
    ids = [f"{name}-{'async' if flavor else 'sync'}" for name, flavor in cases]
    metafunc.parametrize("behind", cases, ids=ids, indirect=True)


@pytest.fixture
def behind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Generator[Behind]:
    provider, asynchronous = request.param
    pace = Pace(first=0.01, factor=1.2, longest=0.03, grace=0.5 if provider == "powens" else None)
    for module in ("adapter", "aio"):
        name = f"clients.facade.providers.{provider}.{module}"
        monkeypatch.setattr(importlib.import_module(name), "PACE", pace)
    kind = getattr(clients, ("Async" if asynchronous else "") + CLIENTS[provider])
    server = SERVERS[provider]()
    loop = asyncio.new_event_loop()
    with running() as loopback:
        loopback.reset(server)
        client = kind(**CREDENTIALS[provider], base_url=loopback.url)
        by_name: Any = connect
        facade = by_name(provider, client, **SETTINGS.get(provider, {}))
        yield Behind(provider, asynchronous, server, loopback, facade, loop)
        closing = client.close()
        if inspect.isawaitable(closing):
            loop.run_until_complete(closing)
    loop.close()
