"""Answers that are read piece by piece. Imported with the first of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

import httpx2

from .call import Call, Held, holding
from .deadline import Attempt, attempting
from .errors import ApiError, BodyTooLarge, TimedOut, TransportError
from .transport import TROUBLE
from .values import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .items import ItemReader

__all__ = ["AsyncStreamed", "Streamed"]

Item = TypeVar("Item")

_NOTHING_SENT: Final = "stream() needs a method that sends a request"
_LONGEST_LINE: Final = 1024 * 1024


class _Streamed:
    """What both kinds have in common: the answer so far, and what becomes of it."""

    def __init__(self) -> None:
        self._held = Held()

    @property
    def status(self) -> int:
        """HTTP status."""
        return int(self._response.status_code)

    @property
    def headers(self) -> Headers:
        """The headers of the answer."""
        return Headers(self._response.headers.multi_items())

    @property
    def _call(self) -> Call[Any]:
        if self._held.call is None:
            raise TypeError(_NOTHING_SENT)
        return self._held.call

    @property
    def _response(self) -> Any:
        if self._held.response is None:
            raise TypeError(_NOTHING_SENT)
        return self._held.response

    def _failed(self, error: Exception) -> ApiError:
        """Translate an error of httpx2, which holds the request, and that the credentials."""
        details = {"provider": self._call.provider.name, "operation": self._call.operation.id}
        kind = type(error).__name__
        if isinstance(error, httpx2.TimeoutException):
            return TimedOut(f"the answer did not go on in time ({kind})", **details)
        return TransportError(f"no complete answer ({kind})", **details)

    def _too_large(self, limit: int, what: str = "the answer") -> BodyTooLarge:
        return BodyTooLarge(
            f"{what} is larger than {limit} bytes",
            provider=self._call.provider.name,
            operation=self._call.operation.id,
            status=self.status,
            headers=self.headers,
        )

    def _reader(self) -> ItemReader:
        from .items import ItemReader

        return ItemReader(self._call, self.status, self.headers)

    def _lines(self, held: bytearray, chunk: bytes) -> Iterator[str]:
        """Cut off the lines that are complete."""
        held += chunk
        *lines, rest = bytes(held).split(b"\n")
        held[:] = rest
        if len(held) > _LONGEST_LINE:
            raise self._too_large(_LONGEST_LINE, "a line")
        yield from (line.removesuffix(b"\r").decode("utf-8", "replace") for line in lines)


class Streamed(_Streamed, Generic[Item]):
    """An answer of a synchronous client, as context manager; its body comes as it is read.

    Only a successful answer gets here: others are read and raised as by any call, and retried
    before that. The deadline of the call ends with its headers.
    """

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self._method = call

    def __enter__(self) -> Self:
        try:
            with holding(self._held):
                self._method()
            self._response  # noqa: B018  # tells whether there is one
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._held.response is not None:
            self._held.response.close()

    def iter_bytes(
        self, *, limit: int | None = None, timeout: float | None = None
    ) -> Generator[bytes]:
        """Give the body, decompressed, as it comes.

        Args:
            limit: Bytes after which `BodyTooLarge` is raised.
            timeout: Seconds the rest of the answer may take; by default, only the pauses in it
                are limited, to the time-out of the call.

        Raises:
            ApiError: It breaks off, or takes too long, or is too large.
        """
        left = limit
        clock = Attempt(timeout) if timeout is not None else None
        chunks = self._response.iter_bytes()
        while True:
            failure = None
            chunk = None
            try:
                if clock is None:
                    chunk = next(chunks, None)
                else:
                    with attempting(clock):
                        chunk = next(chunks, None)
            except TROUBLE as error:
                failure = self._failed(error)
            if failure is None and clock is not None and clock.left() <= 0:
                failure = self._failed(httpx2.ReadTimeout(""))
            if failure is not None:
                raise failure
            if chunk is None:
                return
            if left is not None:
                left -= len(chunk)
                if left < 0:
                    raise self._too_large(limit or 0)
            yield chunk

    def iter_lines(
        self, *, limit: int | None = None, timeout: float | None = None
    ) -> Generator[str]:
        """Give the lines of the body, in UTF-8 and without their ends, as they come.

        Args:
            limit: As for `iter_bytes`.
            timeout: As for `iter_bytes`.

        Raises:
            ApiError: As for `iter_bytes`; `BodyTooLarge` also for a line of more than 1 MiB.
        """
        held = bytearray()
        for chunk in self.iter_bytes(limit=limit, timeout=timeout):
            yield from self._lines(held, chunk)
        if held:
            yield held.decode("utf-8", "replace")

    def iter_items(
        self, *, limit: int | None = None, timeout: float | None = None
    ) -> Generator[Item]:
        """Give the documents of a stream, such as server-sent events, decoded, as they come.

        Args:
            limit: As for `iter_bytes`.
            timeout: As for `iter_bytes`.

        Raises:
            TypeError: The answer is not documented as a stream of documents.
            DecodeError: One of them is no JSON, or not even of the documented kind.
            ApiError: As for `iter_bytes`; `BodyTooLarge` also for a document that is larger than the
                answers the client takes.
        """
        reader = self._reader()
        for chunk in self.iter_bytes(limit=limit, timeout=timeout):
            yield from reader.read(chunk)
        yield from reader.read(b"", last=True)

    def read(self, *, limit: int | None = None, timeout: float | None = None) -> bytes:
        """Give the whole body.

        Args:
            limit: Bytes it may have; by default, what the client takes.
            timeout: As for `iter_bytes`.

        Raises:
            ApiError: As for `iter_bytes`.
        """
        limit = self._call.max_body if limit is None else limit
        return b"".join(self.iter_bytes(limit=limit, timeout=timeout))


class AsyncStreamed(_Streamed, Generic[Item]):
    """As `Streamed`, of an asynchronous client."""

    def __init__(self, call: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._method = call

    async def __aenter__(self) -> Self:
        try:
            with holding(self._held):
                await self._method()
            self._response  # noqa: B018  # tells whether there is one
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._held.response is not None:
            await self._held.response.aclose()

    async def iter_bytes(
        self, *, limit: int | None = None, timeout: float | None = None
    ) -> AsyncGenerator[bytes]:
        """Give the body, decompressed, as it comes; see `Streamed.iter_bytes`."""
        left = limit
        ends = None if timeout is None else monotonic() + timeout
        chunks = self._response.aiter_bytes()
        while True:
            failure = None
            chunk = None
            try:
                async with asyncio.timeout(None if ends is None else ends - monotonic()):
                    chunk = await anext(chunks, None)
            except TimeoutError:
                failure = self._failed(httpx2.ReadTimeout(""))
            except TROUBLE as error:
                failure = self._failed(error)
            if failure is not None:
                raise failure
            if chunk is None:
                return
            if left is not None:
                left -= len(chunk)
                if left < 0:
                    raise self._too_large(limit or 0)
            yield chunk

    async def iter_lines(
        self, *, limit: int | None = None, timeout: float | None = None
    ) -> AsyncGenerator[str]:
        """Give the lines of the body as they come; see `Streamed.iter_lines`."""
        held = bytearray()
        async for chunk in self.iter_bytes(limit=limit, timeout=timeout):
            for line in self._lines(held, chunk):
                yield line
        if held:
            yield held.decode("utf-8", "replace")

    async def iter_items(
        self, *, limit: int | None = None, timeout: float | None = None
    ) -> AsyncGenerator[Item]:
        """Give the documents of a stream as they come; see `Streamed.iter_items`."""
        reader = self._reader()
        async for chunk in self.iter_bytes(limit=limit, timeout=timeout):
            for item in reader.read(chunk):
                yield item
        for item in reader.read(b"", last=True):
            yield item

    async def read(self, *, limit: int | None = None, timeout: float | None = None) -> bytes:
        """Give the whole body; see `Streamed.read`."""
        limit = self._call.max_body if limit is None else limit
        return b"".join([chunk async for chunk in self.iter_bytes(limit=limit, timeout=timeout)])
