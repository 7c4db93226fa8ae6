"""Typed fakes for tests of code that uses a client of this package.

fake = FakeApi()
fake.on(operations.GET_CONNECTION, Connection(id=7))
client = Powens(token="t", http_client=fake.http_client())
assert client.connections.get(7).id == 7
assert fake.calls[0].operation == "getUserConnection"
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2

from .._runtime.operation import TEXT, Items, Operation
from .._runtime.prepare import Prepared
from .._runtime.values import Headers
from .._runtime.wire import json_bytes

if TYPE_CHECKING:
    from .._runtime.models import Model

__all__ = ["Call", "FakeApi", "Json"]

T = TypeVar("T")

Json: TypeAlias = Mapping[str, object] | Sequence[object] | bytes | None
"""What may be answered besides a model: JSON data, bytes as they are, or nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was made, without its credentials.

    Attributes:
        operation: The `operationId`.
        method: HTTP method.
        path: Decoded path, that of the base URL included.
        query: Decoded query parameters, each with all its values.
        headers: Request headers.
        json: The decoded body; `None` if there was none, text if it was not JSON.
        content: The body as it was sent.
    """

    operation: str
    method: str
    path: str
    query: dict[str, list[str]]
    headers: Headers
    json: Any
    content: bytes


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    content: bytes
    headers: Mapping[str, str]


class FakeApi:
    """Answers operations with what a test says, and records what was called."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._replies: dict[Operation[Any], list[_Reply]] = {}

    @overload
    def on(
        self,
        operation: Operation[T],
        value: T | Json,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None: ...

    @overload
    def on(
        self,
        operation: Operation[Any],
        value: Model | Json,
        *,
        status: int,
        headers: Mapping[str, str] | None = None,
    ) -> None: ...

    def on(
        self,
        operation: Operation[Any],
        value: object,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer an operation. Several answers are given in turn; the last one stays.

        Args:
            operation: From the `operations` module of a provider.
            value: A model, JSON data, or bytes that are sent as they are; `None` for no body.
            status: HTTP status of the answer; by default the first documented success.
            headers: Headers of the answer.
        """
        if status is None:
            status = next((s for s in operation.results if isinstance(s, int)), 200)
        if isinstance(value, str) and TEXT in operation.results.values():
            value = value.encode()
        content = value if isinstance(value, bytes) else b"" if value is None else json_bytes(value)
        if isinstance(value, list) and any(
            isinstance(s, Items) for s in operation.results.values()
        ):
            # All items at once, which clients take as well.
            headers = {"Content-Type": "application/json", **(headers or {})}
        self._replies.setdefault(operation, []).append(_Reply(status, content, headers or {}))

    def http_client(self) -> httpx2.Client:
        """Make the `http_client` for a synchronous client."""
        return httpx2.Client(transport=httpx2.MockTransport(self._answer))

    def async_http_client(self) -> httpx2.AsyncClient:
        """Make the `http_client` for an asynchronous client."""
        return httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        operation: Operation[Any] | None = request.extensions.get("operation")
        if operation is None or operation not in self._replies:
            known = ", ".join(f"{one.method} {one.path} ({one.id})" for one in self._replies)
            raise AssertionError(
                f"unexpected call: {request.method} {request.url.path}; "
                f"answers are registered for: {known or 'nothing'}"
            )
        self.calls.append(_recorded(operation, request.extensions["prepared"], request.content))
        replies = self._replies[operation]
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return httpx2.Response(reply.status, content=reply.content, headers=dict(reply.headers))


def _recorded(operation: Operation[Any], prepared: Prepared, content: bytes) -> Call:
    parts = urlsplit(prepared.url)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    return Call(
        operation.id,
        prepared.method,
        unquote(parts.path),
        query,
        Headers(prepared.headers),
        _body(content),
        content,
    )


def _body(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")
