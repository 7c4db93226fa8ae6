"""A provider on loopback that misbehaves on the level of bytes: one script per connection."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import TypeAlias

__all__ = ["Fault", "Faulty", "Peer", "answer", "faulty", "reset"]

LIFETIME = 8.0
"""Seconds after which a connection is given up, whatever its script still wants to send."""

FOUND = b'{"id":7,"status":"active"}'


def answer(
    body: bytes = FOUND, *headers: str, status: int = 200, length: int | None = None
) -> bytes:
    """Write an answer as it should be, or with a length that is not that of its body."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {size}", *headers]
    if not any(line.lower().startswith("content-type:") for line in headers):
        lines.append("Content-Type: application/json")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Gone(Exception):
    """The client left, or the time of this connection is over."""


@dataclass
class Peer:
    """The client, seen from a script."""

    sock: socket.socket
    server: Faulty
    ends: float = field(default_factory=lambda: monotonic() + LIFETIME)

    def request(self) -> bytes:
        """Read one whole request, and count it."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._received()
        head, _, body = data.partition(b"\r\n\r\n")
        found = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        while found and len(body) < int(found[1]):
            body += self._received()
        self.server.note(head + b"\r\n\r\n" + body)
        return head

    def send(self, data: bytes) -> None:
        if monotonic() > self.ends:
            raise Gone
        self.sock.sendall(data)

    def drip(self, pieces: list[bytes], every: float) -> None:
        for piece in pieces:
            self.send(piece)
            sleep(every)

    def wait(self, seconds: float = LIFETIME) -> None:
        """Say nothing until the client leaves or time is over."""
        self.sock.settimeout(min(seconds, max(0.01, self.ends - monotonic())))
        with suppress(TimeoutError):
            while self.sock.recv(65536):
                pass

    def _received(self) -> bytes:
        data = self.sock.recv(65536)
        if not data or monotonic() > self.ends:
            raise Gone
        return data


Fault: TypeAlias = Callable[[Peer], None]
"""What happens on a connection. When it returns, the connection is closed."""


def reset(peer: Peer) -> None:
    """Close with RST instead of FIN."""
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@dataclass
class Faulty:
    """The running server."""

    url: str
    fault: Fault
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, request: bytes) -> None:
        with self._lock:
            self.requests.append(request)

    def count(self, change: int) -> int:
        with self._lock:
            self.open += change
            self.connections += change > 0
            return self.connections

    def settled(self, seconds: float = 3.0) -> bool:
        """Wait until no connection is open. Tells whether that came."""
        ends = monotonic() + seconds
        while self.open and monotonic() < ends:
            sleep(0.01)
        return not self.open


@contextmanager
def faulty(fault: Fault, *, tls: ssl.SSLContext | None = None) -> Generator[Faulty]:
    """Run a server. Ends with the block; no connection outlives `LIFETIME`."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    listener.settimeout(0.05)
    scheme = "https" if tls else "http"
    server = Faulty(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/2.0", fault)
    over = threading.Event()

    def serve(sock: socket.socket) -> None:
        try:
            sock.settimeout(LIFETIME)
            if tls:
                sock = tls.wrap_socket(sock, server_side=True)
            server.fault(Peer(sock, server))
        except (OSError, Gone):
            pass
        finally:
            sock.close()
            server.count(-1)

    def accept() -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.count(1)
                threading.Thread(target=serve, args=(sock,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        over.set()
        thread.join(5)
        listener.close()
