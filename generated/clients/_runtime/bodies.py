"""Bodies and answers, described as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, Literal, TypeAlias

from .parameters import Style

__all__ = ["BYTES", "Items", "Part", "TEXT", "TypeSource", "UNTYPED"]

TypeSource: TypeAlias = Callable[[], Any]
"""Gives the type of a body when it is first needed, so that no model is imported before."""


def _bytes() -> Any:
    return bytes


def _text() -> Any:
    return str


def _untyped() -> Any:
    return Any


BYTES: Final[TypeSource] = _bytes
"""The body as it came."""

TEXT: Final[TypeSource] = _text
"""The body as text, by the charset of the answer or else in UTF-8."""

UNTYPED: Final[TypeSource] = _untyped
"""JSON, text or bytes: whatever the answer says it is."""


@dataclass(frozen=True, slots=True)
class Items:
    """The type of a stream of documents; called, it gives that of the whole stream.

    Attributes:
        source: Of one of them.
        form: How they follow each other: JSON lines, JSON text sequences (RFC 7464), or
            server-sent events, whose `data` may be JSON itself.
    """

    source: TypeSource
    form: Literal["lines", "sequence", "events", "json events"]

    def __call__(self) -> Any:
        return list[self.source()]  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Part:
    """How one field of a form or multipart body is sent, where that is not as usual.

    Attributes:
        wire: Its name.
        file: Whether it is the content of a file.
        media_type: Of a part.
        style: How lists and mappings in a form are written.
        explode: As for parameters.
        reserved: As for parameters.
    """

    wire: str
    _: KW_ONLY
    file: bool = False
    media_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    reserved: bool = False
