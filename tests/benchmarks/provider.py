"""A provider on loopback that answers at once, in a process of its own so that it costs no caller time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["answering"]


class _Connection(asyncio.Protocol):
    """Answers whatever is asked with the same body; requests have no body of their own."""

    def __init__(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        self._answer = f"{head}\r\n\r\n".encode() + body
        self._seen = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while b"\r\n\r\n" in self._seen:
            self._seen = self._seen.partition(b"\r\n\r\n")[2]
            assert self._transport is not None
            self._transport.write(self._answer)


@contextmanager
def answering(body: bytes) -> Generator[str]:
    """Run it; gives its origin. Ends with the block, or when this process does."""
    running = subprocess.Popen(
        [sys.executable, "-S", str(Path(__file__)), str(len(body))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(body)
        running.stdin.flush()
        yield f"http://127.0.0.1:{int(running.stdout.readline())}"
        running.stdin.close()


async def _serve(size: int) -> None:
    body = await asyncio.to_thread(sys.stdin.buffer.read, size)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(body), "127.0.0.1", 0, backlog=256)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    # Until whoever started this closes its end, or is gone.
    await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
