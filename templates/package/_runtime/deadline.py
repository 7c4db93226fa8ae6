"""How long a call may take in all, whatever happens on the way.

The time-outs of an HTTP library bound single waits: a provider that sends a header line every few
milliseconds resets them each time. What is here bounds the sum.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

__all__ = ["Attempt", "attempting", "current"]


@dataclass(slots=True)
class Attempt:
    """What the network layer must know about the attempt it works for, and tells about it."""

    seconds: float
    """What the whole call may take."""
    ends: float = field(init=False)
    connected: bool = field(default=True, init=False)
    """Whether a connection was made for this attempt; if not, it went over one that was idle."""
    sent: bool = field(default=True, init=False)
    """Whether any of the request was written."""

    def __post_init__(self) -> None:
        self.ends = monotonic() + self.seconds

    def left(self) -> float:
        """Seconds until the call must be over; negative afterwards."""
        return self.ends - monotonic()


_current: Final[ContextVar[Attempt | None]] = ContextVar("attempt", default=None)


def current() -> Attempt | None:
    """Give the attempt that this thread or task works for."""
    return _current.get()


@contextmanager
def attempting(attempt: Attempt) -> Generator[None]:
    """Work for an attempt."""
    token = _current.set(attempt)
    try:
        yield
    finally:
        _current.reset(token)
