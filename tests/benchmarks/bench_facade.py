"""What the facade costs over the provider's own client, on loopback. Run by `make bench`."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import pytest

from clients import Basiq, CodatLending, Powens, SaltEdge
from clients.facade import connect
from tests.behaviour.server import running
from tests.facade.conftest import CODAT_COMPANY
from tests.facade.servers import BasiqServer, CodatServer, PowensServer, SaltEdgeServer

_CALLS = 60
_ROUNDS = 15


def _pairs(provider: str, url: str, id_: str) -> tuple[Callable[[], object], Callable[[], object]]:
    if provider == "powens":
        powens = Powens(token="user-token", base_url=url)
        facade = connect("powens", powens)
        number = int(id_)
        return (
            lambda: powens.connections.get(number, expand=["connector"]),
            lambda: facade.connections.get(id_),
        )
    if provider == "basiq":
        basiq = Basiq(api_key="a2V5", base_url=url)
        ours = connect("basiq", basiq)
        return (
            lambda: basiq.connections.get("5f2e", id_),
            lambda: ours.connections.get(id_, owner="5f2e"),
        )
    if provider == "saltedge":
        saltedge = SaltEdge(app_id="app", secret="hush", base_url=url)
        salt = connect("saltedge", saltedge)
        return (
            lambda: saltedge.connections.get(id_),
            lambda: salt.connections.get(id_, owner="222333444"),
        )
    codat = CodatLending(api_key="key", base_url=url)
    lending = connect("codat_lending", codat)
    return (
        lambda: codat.connections.get(CODAT_COMPANY, id_),
        lambda: lending.connections.get(id_, owner=CODAT_COMPANY),
    )


@pytest.mark.parametrize("provider", ["powens", "basiq", "saltedge", "codat_lending"])
def test_overhead_of_a_call(provider: str) -> None:
    server = {
        "powens": PowensServer,
        "basiq": BasiqServer,
        "saltedge": SaltEdgeServer,
        "codat_lending": CodatServer,
    }[provider]()
    id_ = str(server.add()["id"])
    with running() as loopback:
        loopback.reset(server)
        theirs, ours = _pairs(provider, loopback.url, id_)
        theirs()
        ours()
        ratios = [_seconds(ours) / _seconds(theirs) for _ in range(_ROUNDS)]
    ratio = statistics.median(ratios)
    sys.stdout.write(f"\nfacade over {provider}, get: ratio {ratio:.3f} (at most 1.15)\n")
    assert ratio <= 1.15


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    for _ in range(_CALLS):
        run()
    return time.perf_counter() - begun
