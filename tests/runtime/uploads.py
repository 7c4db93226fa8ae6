"""A provider on loopback that takes uploads of any size: it counts and hashes what it keeps not."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase

__all__ = ["Upload", "Uploads", "parts_of", "uploads"]

_KEPT = 1_000_000


@dataclass
class Upload:
    headers: dict[str, str]
    size: int
    digest: str
    body: bytes
    """The first million bytes."""


@dataclass
class Uploads:
    """Says 200; but first, `failures` times, what `status` is: 0 cuts the connection."""

    url: str = ""
    status: int = 0
    failures: int = 0
    received: list[Upload] = field(default_factory=list[Upload])


def parts_of(upload: Upload) -> list[Message]:
    """Take a multipart body apart, with the parser of the standard library."""
    head = f"Content-Type: {upload.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + upload.body)
    assert message.is_multipart()
    assert not message.defects
    return list(message.iter_parts())


@contextmanager
def uploads() -> Generator[Uploads]:
    state = Uploads()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            hashed, size, kept = hashlib.sha256(), 0, b""
            try:
                for block in _blocks(self.rfile, self.headers):
                    hashed.update(block)
                    size += len(block)
                    if len(kept) < _KEPT:
                        kept += block
            except (ConnectionError, ValueError):
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.received.append(Upload(headers, size, hashed.hexdigest(), kept))
            status = 200
            if state.failures:
                state.failures -= 1
                status = state.status
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(b"{}")

        do_PUT = do_POST  # noqa: N815  # the name is that of the base class

        def log_message(self, *args: object, **kwargs: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    state.url = f"http://127.0.0.1:{http.server_port}/2.0"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)


def _blocks(file: BufferedIOBase, headers: Message) -> Iterator[bytes]:
    length = headers.get("content-length")
    if length is not None:
        yield from _exactly(file, int(length))
        return
    assert headers.get("transfer-encoding") == "chunked"
    while size := int(file.readline(), 16):
        yield from _exactly(file, size)
        file.readline()
    file.readline()


def _exactly(file: BufferedIOBase, left: int) -> Iterator[bytes]:
    while left:
        block = file.read(min(left, 65_536))
        if not block:
            raise ConnectionError("the body ended early")
        left -= len(block)
        yield block
