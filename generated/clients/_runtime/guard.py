"""Watches the sockets below httpx2: what its time-outs do not bound, and what it does not notice.

A synchronous read can be bounded nowhere but at the socket, and httpx2 has no public way to get
there. So this wraps the network backend of its connection pools, which is a documented seam of
httpcore2, found through attributes that are not; where they are missing, nothing is wrapped.
Calls of others that share the client are passed through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import httpx2

from .deadline import current

__all__ = ["drop_stray", "drop_stray_async", "guard"]

_PIECE: Final = 65_536


def guard(http: httpx2.Client | httpx2.AsyncClient) -> bool:
    """Wrap the network below a client, once. Tells whether that is possible."""
    main: Any = getattr(http, "_transport", None)
    mounted: dict[Any, Any] = getattr(http, "_mounts", {})
    pools = [getattr(one, "_pool", None) for one in (main, *mounted.values()) if one is not None]
    kind = _Backend if isinstance(http, httpx2.Client) else _AsyncBackend
    for pool in pools:
        backend = getattr(pool, "_network_backend", None)
        if backend is None:
            return False
        if not isinstance(backend, (_Backend, _AsyncBackend)):
            # Not set by assignment: nothing about the pool is declared.
            setattr(pool, "_network_backend", kind(backend, pool))  # noqa: B010
    return True


def _spent(stream: _Stream | _AsyncStream, pool: Any) -> bool:
    """Tell whether an idle connection holds bytes that nobody asked for.

    They would become the beginning of the next answer. Asked while the pool looks for a
    connection, when nothing can have come that belongs to anybody.
    """
    for connection in getattr(pool, "_connections", ()):
        inner = getattr(connection, "_connection", None)
        if getattr(inner, "_network_stream", None) is stream:
            state = getattr(inner, "_h11_state", None)
            return state is not None and bool(state.trailing_data[0])
    return False


def _stray(response: httpx2.Response) -> bool:
    """Tell whether an answer was there before its request, so that it belongs to another one.

    A provider, or something between, that sends two answers to one request leaves the second in
    the buffer of the connection, where the next request would take it for its own.
    """
    stream: object = response.extensions.get("network_stream")
    return (
        isinstance(stream, (_Stream, _AsyncStream))
        and response.http_version.startswith("HTTP/1")
        and not stream.has_read
    )


def drop_stray(response: httpx2.Response) -> None:
    """Close the connection of an answer that belongs to another request.

    Raises:
        RemoteProtocolError: It is such an answer.
    """
    if _stray(response):
        response.extensions["network_stream"].close()
        raise httpx2.RemoteProtocolError("the answer came before the request")


async def drop_stray_async(response: httpx2.Response) -> None:
    """Close the connection of an answer that belongs to another request.

    Raises:
        RemoteProtocolError: It is such an answer.
    """
    if _stray(response):
        await response.extensions["network_stream"].aclose()
        raise httpx2.RemoteProtocolError("the answer came before the request")


def _cut(
    timeout: float | None, late: type[httpx2.TimeoutException] = httpx2.ReadTimeout
) -> float | None:
    attempt = current()
    if attempt is None:
        return timeout
    left = attempt.left()
    if left <= 0:
        raise late("the call took too long")
    return left if timeout is None else min(timeout, left)


def _connected() -> None:
    attempt = current()
    if attempt is not None:
        attempt.connected = True


def _sent() -> None:
    attempt = current()
    if attempt is not None:
        attempt.sent = True


class _Stream:
    """A connection whose every operation ends with the call it is for."""

    def __init__(self, inner: Any, pool: Any) -> None:
        self._inner = inner
        self._pool = pool
        self.has_read = True
        self._closed = False

    def read(self, max_bytes: int, timeout: float | None = None) -> Any:
        self.has_read = True
        return self._inner.read(max_bytes, _cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.has_read = False
        _sent()
        # In pieces: the time-out is for each system call, and a slow reader makes many.
        for start in range(0, len(buffer), _PIECE):
            self._inner.write(buffer[start : start + _PIECE], _cut(timeout))

    def close(self) -> None:
        self._closed = True
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Stream:
        return _Stream(
            self._inner.start_tls(
                ssl_context, server_hostname, _cut(timeout, httpx2.ConnectTimeout)
            ),
            self._pool,
        )

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and (self._closed or _spent(self, self._pool)):
            # This is how a pool learns that an idle connection is of no more use.
            return True
        return self._inner.get_extra_info(info)


class _Backend:
    """Makes connections that are watched."""

    def __init__(self, inner: Any, pool: Any) -> None:
        self._inner = inner
        self._pool = pool

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> _Stream:
        _connected()
        timeout = _cut(timeout, httpx2.ConnectTimeout)
        return _Stream(
            self._inner.connect_tcp(host, port, timeout, local_address, socket_options), self._pool
        )

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> _Stream:
        _connected()
        timeout = _cut(timeout, httpx2.ConnectTimeout)
        return _Stream(self._inner.connect_unix_socket(path, timeout, socket_options), self._pool)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _AsyncStream:
    """A connection that knows whether it was read since it was written. Tasks are cancelled."""

    def __init__(self, inner: Any, pool: Any) -> None:
        self._inner = inner
        self._pool = pool
        self.has_read = True
        self._closed = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> Any:
        self.has_read = True
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.has_read = False
        _sent()
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        self._closed = True
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> _AsyncStream:
        try:
            secure = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            # A handshake that is cancelled would leave its connection open.
            await self.aclose()
            raise
        return _AsyncStream(secure, self._pool)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and (self._closed or _spent(self, self._pool)):
            # This is how a pool learns that an idle connection is of no more use.
            return True
        return self._inner.get_extra_info(info)


class _AsyncBackend:
    """Makes connections that are watched."""

    def __init__(self, inner: Any, pool: Any) -> None:
        self._inner = inner
        self._pool = pool

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> _AsyncStream:
        _connected()
        return _AsyncStream(
            await self._inner.connect_tcp(host, port, timeout, local_address, socket_options),
            self._pool,
        )

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> _AsyncStream:
        _connected()
        return _AsyncStream(
            await self._inner.connect_unix_socket(path, timeout, socket_options), self._pool
        )

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)
