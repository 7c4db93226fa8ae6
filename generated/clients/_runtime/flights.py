"""One request for many who wait: threads, and tasks of any event loop."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from .errors import ApiError, TimedOut

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Flight"]


@dataclass(frozen=True, slots=True)
class Flight:
    """A request for a token that is under way.

    Its future ends with the token, with the error all who wait shall see, or with `None`: who
    asked went away, and somebody else has to.
    """

    landed: Future[str | ApiError | None]
    process: int
    """The process it began in; after a fork, whoever was asking is in another."""
    leads: bool
    """Whether who holds this has to ask."""

    @classmethod
    def begin(cls) -> Self:
        """Begin one that nobody leads yet."""
        from concurrent.futures import Future

        return cls(Future(), os.getpid(), False)

    def wait(self, end: float) -> str | ApiError | None:
        """Wait for the end, at most until a moment of the monotonic clock."""
        try:
            return self.landed.result(max(0.0, end - time.monotonic()))
        except TimeoutError:
            return TimedOut("no token in time")

    async def wait_async(self, end: float) -> str | ApiError | None:
        """As `wait`, without keeping the event loop from others."""
        import asyncio

        landing = asyncio.wrap_future(self.landed)
        # Unlike awaiting it, this cancels nothing when one of those who wait gives up.
        await asyncio.wait([landing], timeout=max(0.0, end - time.monotonic()))
        return landing.result() if landing.done() else TimedOut("no token in time")
