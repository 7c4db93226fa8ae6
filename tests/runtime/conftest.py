"""Fixtures: a provider on loopback that says what a test tells it to."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
sys.path[:0] = [str(TEMPLATES)]


@dataclass
class Received:
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


@dataclass
class Server:
    """Answers with `replies` in turn; the last one stays. `None` cuts the connection."""

    url: str = ""
    replies: list[tuple[int, dict[str, str], bytes] | None] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    before: Callable[[], None] | None = None

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.append((status, named, body))


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            state.received.append(
                Received(self.command, self.path, list(self.headers.items()), body)
            )
            if state.before:
                state.before()
            reply = state.replies.pop(0) if len(state.replies) > 1 else state.replies[0]
            if reply is None:
                self.close_connection = True
                return
            status, headers, content = reply
            # The usual way adds a date of its own.
            (self.send_response_only if "Date" in headers else self.send_response)(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):  # A test may have given up waiting.
                self.wfile.write(content)

        def log_message(self, *args: object, **kwargs: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    state.url = f"http://127.0.0.1:{http.server_port}/2.0"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join(5)
