"""A call is over when its time is, whatever the provider does to keep it waiting."""

from __future__ import annotations

import asyncio
import zlib
from time import monotonic
from typing import Any

import pytest

from package._runtime import errors

from ..runtime.toyapi import AsyncToy, Toy
from .conftest import SECRET, Get
from .server import FOUND, Peer, answer, faulty


def slow_headers(peer: Peer) -> None:
    peer.request()
    peer.drip([b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 100], 0.2)


def slow_body(peer: Peer) -> None:
    peer.request()
    peer.drip([answer(b"", length=1000), *[b" "] * 100], 0.2)


def early_hints(peer: Peer) -> None:
    peer.request()
    while True:
        peer.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")


def silence(peer: Peer) -> None:
    peer.request()
    peer.wait()


def busy(peer: Peer) -> None:
    while True:
        peer.request()
        peer.send(answer(b"{}", "Retry-After: 1", status=503))


def slow_error(peer: Peer) -> None:
    peer.request()
    peer.drip([answer(b"", status=404, length=1000), *[b" "] * 100], 0.2)


@pytest.mark.parametrize("fault", [slow_headers, slow_body, early_hints, silence, slow_error])
def test_no_answer_outlives_the_deadline(fault: Any, get: Get) -> None:
    with faulty(fault) as server:
        began = monotonic()
        with pytest.raises(errors.TimedOut, match=r"within 0\.6 s"):
            get(server.url, 0.6, retries=2)
        assert 0.5 < monotonic() - began < 1.0
        assert len(server.requests) == 1
        assert server.settled()


def test_pauses_count(get: Get) -> None:
    with faulty(busy) as server:
        began = monotonic()
        # A second pause of a second does not fit, so the caller gets the answer there is.
        with pytest.raises(errors.ServerError) as caught:
            get(server.url, 1.5, retries=5)
        assert caught.value.retry_after == 1.0
        assert monotonic() - began < 1.5
        assert len(server.requests) == 2


def test_a_reader_that_is_too_slow() -> None:
    def reads_nothing(peer: Peer) -> None:
        while True:
            peer.sock.recv(1)
            peer.drip([b""], 0.05)

    with faulty(reads_nothing) as server, Toy(token=SECRET, base_url=server.url) as client:
        began = monotonic()
        with pytest.raises(errors.TimedOut):
            client.connections.create(
                body={"id": 1, "x": "y" * 20_000_000}, options={"timeout": 0.5}
            )
        assert monotonic() - began < 1.5


def test_nothing_was_sent_is_still_known_when_time_is_over() -> None:
    async def never() -> str:
        await asyncio.sleep(5)
        return SECRET

    async def run() -> None:
        async with AsyncToy(token=never, base_url="http://127.0.0.1:1") as client:
            with pytest.raises(errors.TransportError, match=r"within 0\.2 s"):
                await client.connections.get(7, options={"timeout": 0.2})

    asyncio.run(run())


def test_a_time_out_of_the_callers_own_is_left_alone() -> None:
    with faulty(silence) as server:

        async def run() -> None:
            async with AsyncToy(token=SECRET, base_url=server.url) as client:
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await client.connections.get(7)

        asyncio.run(run())
        assert server.settled()


def zipped(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b" " * 1_000_000
    packed = b"".join(packer.compress(piece) for _ in range(size // len(piece)))
    return packed + packer.flush()


BOMB = zipped(400_000_000)


def test_gzip_bomb(get: Get) -> None:
    import tracemalloc

    def bomb(peer: Peer) -> None:
        peer.request()
        peer.send(answer(BOMB, "Content-Encoding: gzip"))
        peer.wait(1)

    with faulty(bomb) as server:
        tracemalloc.start()
        try:
            with pytest.raises(errors.BodyTooLarge, match="larger than 8000000 bytes"):
                get(server.url, 5, retries=2, max_body=8_000_000)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 24_000_000
        assert len(server.requests) == 1
        assert server.settled()


def test_endless_body(get: Get) -> None:
    def endless(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            peer.send(b"1000\r\n" + b" " * 4096 + b"\r\n")

    with faulty(endless) as server:
        with pytest.raises(errors.BodyTooLarge):
            get(server.url, 5, max_body=1_000_000)
        assert server.settled()


def test_an_error_keeps_its_status_whatever_its_body(get: Get) -> None:
    def bomb(peer: Peer) -> None:
        peer.request()
        peer.send(answer(BOMB, "Content-Encoding: gzip", status=404))
        peer.wait(1)

    def broken(peer: Peer) -> None:
        peer.request()
        peer.send(answer(b"{", status=404, length=99))

    for fault in (bomb, broken):
        with faulty(fault) as server:
            with pytest.raises(errors.NotFound) as caught:
                get(server.url, 5, max_body=1_000_000)
            assert caught.value.body is None


def test_exactly_as_much_as_allowed(get: Get) -> None:
    def normal(peer: Peer) -> None:
        peer.request()
        peer.send(answer())

    with faulty(normal) as server:
        assert get(server.url, max_body=len(FOUND)).id == 7
        with pytest.raises(errors.BodyTooLarge):
            get(server.url, max_body=len(FOUND) - 1)
        with pytest.raises(errors.ConfigurationError, match="max_body"):
            get(server.url, max_body=0)
