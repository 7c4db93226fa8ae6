"""Request bodies that are read while they are sent. Imported with the first of them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeGuard, cast

from .wire import Unsendable

if TYPE_CHECKING:
    from .errors import RequestError

__all__ = ["Source", "Stream", "source"]

_BLOCK: Final = 65_536


class Source:
    """Bytes that come from elsewhere.

    Attributes:
        length: How many they are, where that is known.
        repeatable: Whether they can be read again.
    """

    length: int | None = None
    repeatable: bool = False

    def blocks(self) -> Iterator[bytes]:
        """Read them from the beginning."""
        raise Unsendable("can be sent by an asynchronous client only")

    async def blocks_async(self) -> AsyncIterator[bytes]:
        """Read them from the beginning."""
        for block in self.blocks():
            yield block


class _Opened(Source):
    """A file, from where it stands."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._blocking = not isinstance(file, io.BytesIO)
        try:
            self._start = file.tell() if file.seekable() else None
            if self._start is not None:
                self.length = file.seek(0, io.SEEK_END) - self._start
                file.seek(self._start)
                self.repeatable = True
        except (AttributeError, OSError, ValueError):
            # Not everything that reads can be positioned, and not everything says so.
            self._start = None
        try:
            text = file.read(0) != b""
        except Exception:
            text = False
        if text:
            raise Unsendable("is a file of text; open it for reading bytes")

    def blocks(self) -> Iterator[bytes]:
        self._rewind()
        left = self.length
        while left is None or left > 0:
            block = self._file.read(_BLOCK if left is None else min(_BLOCK, left))
            if not block:
                return
            left = None if left is None else left - len(block)
            yield _checked(block)

    async def blocks_async(self) -> AsyncIterator[bytes]:
        blocks = self.blocks()
        while True:
            if self._blocking:
                block = await asyncio.to_thread(next, blocks, None)
            else:
                block = next(blocks, None)
            if block is None:
                return
            yield block

    def _rewind(self) -> None:
        if self._start is not None:
            self._file.seek(self._start)


class _Produced(Source):
    """An iterable of bytes; an iterator can be used once."""

    def __init__(self, given: Iterable[object]) -> None:
        self._given = given
        self.repeatable = iter(given) is not given

    def blocks(self) -> Iterator[bytes]:
        for block in self._given:
            yield _checked(block)


class _ProducedAsync(Source):
    """An asynchronous iterable of bytes."""

    def __init__(self, given: AsyncIterable[object]) -> None:
        self._given = given

    async def blocks_async(self) -> AsyncIterator[bytes]:
        async for block in self._given:
            yield _checked(block)


class Stream:
    """A body, piece by piece. Its `repr` shows no content.

    Args:
        pieces: What it is made of.
        refuse: Makes the error of a body that turns out to be unusable while it is sent.
    """

    def __init__(
        self, pieces: Sequence[bytes | Source], refuse: Callable[[str], RequestError]
    ) -> None:
        self._pieces = pieces
        self._refuse = refuse
        self._begun = False

    @property
    def length(self) -> int | None:
        """Bytes of the whole, where that is known."""
        total = 0
        for piece in self._pieces:
            length = len(piece) if isinstance(piece, bytes) else piece.length
            if length is None:
                return None
            total += length
        return total

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent (again)."""
        return not self._begun or all(isinstance(p, bytes) or p.repeatable for p in self._pieces)

    def blocks(self) -> Iterator[bytes]:
        """Read it from the beginning.

        Raises:
            RequestError: It cannot be read.
        """
        self._begun = True
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            blocks: Iterator[bytes] | None = None
            while True:
                reason = None
                block = None
                try:
                    blocks = piece.blocks() if blocks is None else blocks
                    block = next(blocks, None)
                except Exception as error:
                    reason = _reason(error)
                if reason:
                    # Out here, so that no context holds what was read.
                    raise self._refuse(reason)
                if block is None:
                    break
                yield block

    async def blocks_async(self) -> AsyncIterator[bytes]:
        """Read it from the beginning.

        Raises:
            RequestError: It cannot be read.
        """
        self._begun = True
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            blocks = piece.blocks_async()
            while True:
                reason = None
                block = None
                try:
                    block = await anext(blocks, None)
                except Exception as error:
                    reason = _reason(error)
                if reason:
                    raise self._refuse(reason)
                if block is None:
                    break
                yield block


def source(value: object) -> bytes | Source:
    """Take what a caller gives as content.

    Raises:
        Unsendable: It is neither bytes nor something that gives bytes.
    """
    match value:
        case bytes():
            return value
        case bytearray() | memoryview():
            return bytes(cast("bytearray", value))
        case _ if callable(getattr(value, "read", None)):
            return _Opened(value)
        case AsyncIterable():
            return _ProducedAsync(cast("AsyncIterable[object]", value))
        case _ if _is_iterable(value):
            return _Produced(value)
        case _:
            raise Unsendable("must be bytes, an open file, or an iterable of bytes")


def _is_iterable(value: object) -> TypeGuard[Iterable[object]]:
    # Iterating over a mapping gives its keys, which nobody means.
    return isinstance(value, Iterable) and not isinstance(value, (str, dict))


def _checked(block: object) -> bytes:
    if isinstance(block, bytes):
        return block
    if isinstance(block, (bytearray, memoryview)):
        return bytes(cast("bytearray", block))
    raise Unsendable("gave something else than bytes")


def _reason(error: Exception) -> str:
    if isinstance(error, Unsendable):
        return str(error)
    return f"could not be read ({type(error).__name__})"
