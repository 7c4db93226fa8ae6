"""Calls over loopback, against the same done by hand with httpx2 and pydantic. Run by `make bench`."""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable

import httpx2
from pydantic import TypeAdapter

from clients import AsyncPowens, Powens
from clients.powens.models import Connection
from tests.behaviour.wire import operation_of

from .pairs import PYTHON, ROOT, compare
from .provider import answering

ANSWER = json.dumps(operation_of("powens", "getUserConnection").example(200)).encode()
PATH = "/2.0/users/me/connections/7"
HEADERS = {"Authorization": "Bearer t"}
_ADAPTER: TypeAdapter[Connection] = TypeAdapter(Connection)
_ROUNDS = 60


def test_one_call() -> None:
    """One GET with one connection in the answer, synchronous."""
    with answering(ANSWER) as origin, Powens(token="t", base_url=f"{origin}/2.0") as client:
        raw = httpx2.Client()

        def by_hand() -> Connection:
            response = raw.get(f"{origin}{PATH}", headers=HEADERS)
            response.raise_for_status()
            return _ADAPTER.validate_json(response.content)

        assert client.connections.get(7) == by_hand()
        ratio = _compared("one GET", lambda: client.connections.get(7), by_hand, calls=40)
        raw.close()
    assert ratio <= 1.25


def test_fifty_calls_at_once() -> None:
    """The same, asynchronous, fifty at a time."""

    async def main(origin: str) -> float:
        async with (
            AsyncPowens(token="t", base_url=f"{origin}/2.0") as client,
            httpx2.AsyncClient() as raw,
        ):

            async def by_hand() -> Connection:
                response = await raw.get(f"{origin}{PATH}", headers=HEADERS)
                response.raise_for_status()
                return _ADAPTER.validate_json(response.content)

            async def ours() -> None:
                await asyncio.gather(*(client.connections.get(7) for _ in range(50)))

            async def theirs() -> None:
                await asyncio.gather(*(by_hand() for _ in range(50)))

            ratios: list[float] = []
            await ours()
            await theirs()
            for turn in range(_ROUNDS):
                pair = (ours, theirs) if turn % 2 else (theirs, ours)
                spent: dict[object, float] = {}
                for one in pair:
                    begun = time.perf_counter()
                    await one()
                    spent[one] = time.perf_counter() - begun
                ratios.append(spent[ours] / spent[theirs])
            return statistics.median(ratios)

    with answering(ANSWER) as origin:
        ratio = asyncio.run(main(origin))
    _say("fifty GETs at once, asynchronous", ratio, 1.25)
    assert ratio <= 1.25


def test_the_first_call_of_a_process() -> None:
    """Import, construct and call, against httpx2, pydantic and a model of seven fields by hand."""
    ours = (
        "from clients.powens import Powens\n"
        "Powens(token='t', base_url='{origin}/2.0').connections.get(7)"
    )
    theirs = (
        "import httpx2, pydantic\n"
        "class Connection(pydantic.BaseModel):\n"
        "    id: int\n"
        "    id_user: int | None = None\n"
        "    id_connector: int | None = None\n"
        "    id_provider: int | None = None\n"
        "    state: str | None = None\n"
        "    last_update: str | None = None\n"
        "    active: bool | None = None\n"
        "response = httpx2.Client().get('{origin}/2.0/users/me/connections/7')\n"
        "Connection.model_validate_json(response.raise_for_status().content)"
    )
    with answering(ANSWER) as origin:
        pair = compare(
            "first call of a process",
            [PYTHON, "-c", ours.format(origin=origin)],
            [PYTHON, "-c", theirs.format(origin=origin)],
            at_most=1.35,
            runs=25,
            env={"PYTHONPATH": str(ROOT / "generated")},
        )
    assert pair.ratio <= 1.35


def _compared(
    what: str, ours: Callable[[], object], theirs: Callable[[], object], *, calls: int
) -> float:
    """The median of the ratios of short rounds, so that a machine's mood hits both alike."""
    ratios: list[float] = []
    gc.collect()
    gc.freeze()
    for turn in range(_ROUNDS):
        first, second = (ours, theirs) if turn % 2 else (theirs, ours)
        spent = {one: _seconds(one, calls) for one in (first, second)}
        ratios.append(spent[ours] / spent[theirs])
    gc.unfreeze()
    ratio = statistics.median(ratios)
    _say(what, ratio, 1.25)
    return ratio


def _seconds(run: Callable[[], object], calls: int) -> float:
    begun = time.perf_counter()
    for _ in range(calls):
        run()
    return time.perf_counter() - begun


def _say(what: str, ratio: float, bar: float) -> None:
    sys.stdout.write(f"\n{what}, against httpx2 and pydantic: ratio {ratio:.2f} (at most {bar})\n")
