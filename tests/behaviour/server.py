"""A provider on loopback: hands each request to a function, and gives what that returns."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

__all__ = ["BASE_PATH", "Answer", "Loopback", "Received", "Responder", "answer_json", "running"]

BASE_PATH = "/base/v9"
"""Path of the base URL, so that a client which drops it is noticed."""


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The path below the base URL, still encoded."""
        return self.target.partition("?")[0].removeprefix(BASE_PATH)

    @property
    def query(self) -> str:
        """The query, still encoded."""
        return self.target.partition("?")[2]

    @property
    def json(self) -> object:
        """The decoded body."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """The one header of this name, if it is there."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) < 2, f"{name} is there {len(values)} times"
        return values[0] if values else None


@dataclass(frozen=True)
class Answer:
    """What to send back."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Responder: TypeAlias = Callable[[Received], Answer | None]
"""Gives the answer to a request; None cuts the connection without one."""


def answer_json(status: int, value: object, **headers: str) -> Answer:
    """Make an answer that holds a JSON document."""
    return Answer(
        status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers}
    )


@dataclass
class Loopback:
    """A running server. It counts what it receives before it answers."""

    url: str
    respond: Responder
    received: list[Received] = field(default_factory=list)

    def reset(self, respond: Responder) -> None:
        """Forget what was received, and answer with a function from now on."""
        self.received.clear()
        self.respond = respond

    def always(self, status: int, value: object = None, **headers: str) -> None:
        """Start anew, giving one JSON answer to everything."""
        answer = answer_json(status, value, **headers)
        self.reset(lambda _: answer)

    @property
    def only(self) -> Received:
        """The single request that was received."""
        assert len(self.received) == 1, f"{len(self.received)} requests instead of one"
        return self.received[0]


@contextmanager
def running() -> Generator[Loopback]:
    """Run a server. It ends with the block, and in any case with the process."""
    # The closed-over name is bound before the first request can come.
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda: loopback))
    http.daemon_threads = True
    loopback = Loopback(f"http://127.0.0.1:{http.server_port}{BASE_PATH}", _unprepared)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)


def _unprepared(request: Received) -> Answer:
    return Answer(500, f"nobody expects {request.method} {request.target}".encode())


def _handler(state: Callable[[], Loopback]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # A client that keeps its connection but says nothing does not keep a thread for ever.
        timeout = 60
        # Headers and body leave in one packet; in two, Nagle's algorithm would cost 40 ms each.
        wbufsize = -1
        disable_nagle_algorithm = True

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            length = int(self.headers.get("content-length") or 0)
            request = Received(
                self.command, self.path, tuple(self.headers.items()), self.rfile.read(length)
            )
            loopback = state()
            loopback.received.append(request)
            answer = loopback.respond(request)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            with suppress(ConnectionError):  # A test may have given up waiting.
                self.wfile.write(answer.content)
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: standard error belongs to the tests."""

    return Handler
