"""What may be given as the content of a body: bytes, or where to read them from."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Protocol, TypeAlias

__all__ = ["Content", "File", "Readable"]


class Readable(Protocol):
    """A file that is open for reading bytes."""

    def read(self, size: int = ..., /) -> bytes:
        """Give at most `size` bytes; none at the end."""
        ...


Content: TypeAlias = (
    bytes | bytearray | memoryview | Readable | Iterable[bytes] | AsyncIterable[bytes]
)
"""Bytes, an open file, or an iterable of bytes; only asynchronous clients take asynchronous ones.

What is not bytes is read while it is sent, so it need not fit into memory. A file that cannot be
rewound, or an iterator, can be sent once only: such a call is not repeated.
"""

File: TypeAlias = (
    Content
    | str
    | tuple[str, Content | str]
    | tuple[str, Content | str, str]
    | tuple[str, Content | str, str, Mapping[str, str]]
)
"""A part of a multipart body: its content, or `(name, content, media type, headers)`.

The name is that of the file; the last two may be left out.
"""
