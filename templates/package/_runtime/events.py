"""Parsing of what a provider sends by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .decode import Undecodable, decode
from .errors import PayloadError
from .operation import Decoding, TypeSource

__all__ = ["Payload", "parse"]

Payload: TypeAlias = bytes | bytearray | memoryview | str | Mapping[str, Any] | Sequence[Any]
"""The body of a request: as it came, or already parsed."""


def parse(
    source: TypeSource, payload: Payload, decoding: Decoding, provider: str, event: str
) -> Any:
    """Give a payload its documented type, as tolerant as with answers.

    Args:
        source: The documented type.
        payload: What came.
        decoding: Whether what is not as documented is kept as it came, or an error.
        provider: For the error.
        event: Likewise.

    Raises:
        PayloadError: It is no JSON, or not even the outermost value has the documented shape.
    """
    try:
        value, _ = decode(source, _content(payload), strict=decoding == "strict")
    except Undecodable as error:
        raise PayloadError(str(error), provider=provider, operation=event) from None
    except (TypeError, ValueError, RecursionError) as error:
        hint = f"no readable JSON ({type(error).__name__})"
        raise PayloadError(hint, provider=provider, operation=event) from None
    return value


def _content(payload: Payload) -> bytes:
    match payload:
        case str():
            return payload.encode("utf-8", "surrogatepass")
        case bytes() | bytearray() | memoryview():
            return bytes(payload)
        case _:
            return json.dumps(payload).encode()
