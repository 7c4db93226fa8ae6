"""Connections that die idle, are forked, are cancelled, or bring an answer nobody asked for."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest

from package._runtime import errors
from package._runtime.models import BUILDING
from package._runtime.oauth import ClientCredentials
from package._runtime.retry import RetryBudget

from ..runtime.toyapi import AsyncToy, Toy
from .conftest import SECRET
from .server import Faulty, Peer, answer, faulty, reset


def body(number: int) -> bytes:
    return b'{"id":%d}' % number


def number_of(head: bytes) -> int:
    """The connection that a request asks for."""
    return int(head.split(b" ")[1].rpartition(b"/")[2].partition(b"?")[0])


def echo(peer: Peer) -> None:
    while True:
        peer.send(answer(body(number_of(peer.request()))))


def dies_on_second(*, rst: bool, after: bytes = b"") -> Callable[[Peer], None]:
    """Answer one request per connection; the second one, if it was the first to, is lost."""

    def fault(peer: Peer) -> None:
        echo_once = number_of(peer.request())
        peer.send(answer(body(echo_once)))
        if peer.server.connections == 1:
            peer.request()
            peer.send(after)
            if rst:
                reset(peer)
            return
        echo(peer)

    return fault


def twice(server: Faulty, flavour: str, **settings: Any) -> list[int]:
    """Two calls on one client, one after the other."""
    settings = {"token": SECRET, "base_url": server.url, "timeout": 3, **settings}
    if flavour == "sync":
        with Toy(**settings) as client:
            return [client.connections.get(n).id for n in (1, 2)]

    async def run() -> list[int]:
        async with AsyncToy(**settings) as client:
            return [(await client.connections.get(n)).id for n in (1, 2)]

    return asyncio.run(run())


both = pytest.mark.parametrize("flavour", ["sync", "async"])


@both
@pytest.mark.parametrize("rst", [False, True])
def test_a_connection_that_died_idle_costs_no_retry(flavour: str, rst: bool) -> None:
    budget = RetryBudget()
    while budget.take():
        pass
    with faulty(dies_on_second(rst=rst)) as server:
        assert twice(server, flavour, retries=0, retry_budget=budget) == [1, 2]
        assert len(server.requests) == 3


@both
def test_a_fresh_connection_that_dies_is_a_failure(flavour: str) -> None:
    def dead(peer: Peer) -> None:
        peer.request()

    with faulty(dead) as server:
        with pytest.raises(errors.TransportError):
            twice(server, flavour, retries=0)
        assert len(server.requests) == 1


@both
def test_only_one_repetition_is_free(flavour: str) -> None:
    def always_second(peer: Peer) -> None:
        peer.send(answer(body(number_of(peer.request()))))
        peer.request()

    with faulty(always_second) as server:
        # The first call opens the one idle connection there is; the second finds it dead.
        assert twice(server, flavour, retries=0) == [1, 2]


def test_a_post_on_a_connection_that_died_idle_is_not_repeated() -> None:
    with faulty(dies_on_second(rst=False)) as server:
        with Toy(token=SECRET, base_url=server.url) as client:
            client.connections.get(1)
            with pytest.raises(errors.TransportError):
                client.connections.create(body={"id": 1})
        assert sum(one.startswith(b"POST") for one in server.requests) == 1


@both
@pytest.mark.parametrize("together", [True, False])
def test_an_answer_nobody_asked_for_reaches_nobody(flavour: str, together: bool) -> None:
    def generous(peer: Peer) -> None:
        number = number_of(peer.request())
        stray = answer(body(666))
        if together and peer.server.connections == 1:
            peer.send(answer(body(number)) + stray)
            peer.wait(2)
        elif peer.server.connections == 1:
            peer.send(answer(body(number)))
            sleep(0.02)
            peer.send(stray)
            peer.wait(2)
        else:
            peer.send(answer(body(number)))
            echo(peer)

    with faulty(generous) as server:
        if flavour == "sync":
            with Toy(token=SECRET, base_url=server.url, timeout=3, retries=0) as client:
                assert client.connections.get(1).id == 1
                sleep(0.1)
                assert client.connections.get(2).id == 2
        else:

            async def run() -> None:
                async with AsyncToy(
                    token=SECRET, base_url=server.url, timeout=3, retries=0
                ) as client:
                    assert (await client.connections.get(1)).id == 1
                    await asyncio.sleep(0.1)
                    assert (await client.connections.get(2)).id == 2

            asyncio.run(run())


@both
@pytest.mark.parametrize("cut", [1, 3, 40, None])
def test_a_stray_answer_is_not_taken_for_the_next(flavour: str, cut: int | None) -> None:
    """Whole, or with an end that comes only after the next request."""
    stray = answer(body(666))

    def generous(peer: Peer) -> None:
        first = peer.server.connections == 1
        peer.request()
        peer.send(answer(body(1 if first else 2)) + stray[: -cut if cut else None])
        if peer.request():
            peer.send(stray[-cut if cut else len(stray) :] + answer(body(3)))

    with faulty(generous) as server:
        if flavour == "sync":
            with Toy(token=SECRET, base_url=server.url, timeout=3) as client:
                client.connections.get(1)
                assert client.connections.create(body={"id": 2}).id == 2
        else:

            async def run() -> None:
                async with AsyncToy(token=SECRET, base_url=server.url, timeout=3) as client:
                    await client.connections.get(1)
                    assert (await client.connections.get(2)).id == 2

            asyncio.run(run())
        assert len(server.requests) == 2


def test_threads_do_not_mix_answers() -> None:
    with (
        faulty(echo) as server,
        Toy(token=SECRET, base_url=server.url) as client,
        ThreadPoolExecutor(16) as pool,
    ):
        found = list(pool.map(client.connections.get, range(800)))
        assert [one.id for one in found] == list(range(800))
        assert server.connections <= 16


def test_tasks_do_not_mix_answers() -> None:
    with faulty(echo) as server:

        async def run() -> None:
            async with AsyncToy(token=SECRET, base_url=server.url) as client:
                found = await asyncio.gather(*(client.connections.get(n) for n in range(1000)))
                assert [one.id for one in found] == list(range(1000))

        asyncio.run(run())
        assert server.settled()


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.05, 0.2])
def test_cancelled_tasks_leave_no_connection(delay: float) -> None:
    def slow(peer: Peer) -> None:
        peer.request()
        peer.drip([answer(b"", length=100), *[b" "] * 50], 0.05)

    with faulty(slow) as server:

        async def run() -> None:
            async with AsyncToy(token=SECRET, base_url=server.url) as client:
                tasks = [asyncio.create_task(client.connections.get(n)) for n in range(20)]
                await asyncio.sleep(delay)
                for task in tasks:
                    task.cancel()
                done = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(one, asyncio.CancelledError) for one in done)
                # The client is still open: what closes a connection is the cancellation.
                await asyncio.sleep(0.3)
                assert server.open == 0
                server.fault = echo
                assert (await client.connections.get(3)).id == 3

        asyncio.run(run())


def test_a_client_outlives_its_event_loop() -> None:
    with faulty(echo) as server:
        client = AsyncToy(token=SECRET, base_url=server.url)
        found: list[int] = []

        async def run(number: int) -> None:
            found.append((await client.connections.get(number)).id)

        async def many(start: int) -> None:
            await asyncio.gather(*(run(start + n) for n in range(10)))

        for number in range(3):
            asyncio.run(run(number))
        threads = [Thread(target=asyncio.run, args=(many(n),)) for n in (10, 20, 30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        asyncio.run(client.close())

        assert sorted(found) == [0, 1, 2, *range(10, 40)]
        gc.collect()
        assert server.settled()


def test_closing_a_client_closes_what_another_loop_has_open() -> None:
    with faulty(echo) as server:
        client = AsyncToy(token=SECRET, base_url=server.url)

        async def elsewhere() -> None:
            await client.connections.get(1)
            await asyncio.to_thread(asyncio.run, client.close())
            await asyncio.sleep(0.1)
            assert server.settled()
            with pytest.raises(errors.ConfigurationError, match="closed"):
                await client.connections.get(1)

        asyncio.run(elsewhere())


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked there")
def test_a_forked_process_opens_connections_of_its_own() -> None:
    with faulty(echo) as server, Toy(token=SECRET, base_url=server.url) as client:
        client.connections.get(1)
        assert server.connections == 1
        # As if another thread were opening the client, or taking a token, at this moment.
        hidden: Any = client
        source: Any = ClientCredentials("https://t.example/t", client_id="i", client_secret="s")
        with hidden._opening, hidden._budget._lock, source._lock:
            child = os.fork()
            if not child:
                status = 1
                try:
                    found = [client.connections.get(n).id for n in range(50, 60)]
                    status = 0 if found == list(range(50, 60)) else 2
                    source.expire("x")
                finally:
                    os._exit(status)
        assert [client.connections.get(n).id for n in range(10)] == list(range(10))
        for _ in range(500):
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                break
            sleep(0.01)
        else:
            os.kill(child, 9)
            os.waitpid(child, 0)
            pytest.fail("the child hangs")
        assert os.waitstatus_to_exitcode(status) == 0
        assert server.connections == 2


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked there")
def test_a_fork_waits_for_models_that_are_being_built() -> None:
    held, built = Event(), Event()

    def build() -> None:
        with BUILDING:
            held.set()
            built.wait(0.2)

    thread = Thread(target=build)
    thread.start()
    held.wait()
    child = os.fork()
    if not child:
        os._exit(0 if BUILDING.acquire(timeout=1) else 1)
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert BUILDING.acquire(timeout=1)
    BUILDING.release()
