"""Waiting for what a provider does on its own time: look, pause, look again.

The rules are data; one loop for each kind of client follows them. Nothing runs beside the caller, so
there is nothing to be left behind when it is cancelled.
"""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from .call import recorded
from .errors import ApiError, TimedOut
from .failures import FacadeError, WaitCancelled, WaitTimeout
from .retry import parse_retry_after

if TYPE_CHECKING:
    from threading import Event

    from .operation import RequestOptions
    from .settle import Answer

__all__ = ["Pace", "Target", "Wait", "wait", "wait_async"]

T = TypeVar("T")
_JITTER = 0.2
_SHORTEST = 0.05
_ROOM = 1.0
"""Seconds that are kept for the last look."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to look.

    Attributes:
        first: Seconds before the second look.
        factor: By how much each pause is longer than the one before.
        longest: Seconds of the longest pause.
        grace: Seconds after which a state that has not changed is believed; None if it never is.
    """

    first: float
    factor: float
    longest: float
    grace: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What is waited for.

    Attributes:
        owner: The owner that was named.
        id: Its id, where it is known yet.
        job_ids: Jobs that do the work.
        baseline: What differs once the work is done.
    """

    owner: str | None
    id: str | None
    job_ids: tuple[str, ...]
    baseline: str | None


@dataclass(slots=True)
class Wait:
    """One time of waiting. Decides, but neither looks nor sleeps.

    Attributes:
        pace: How often to look.
        timeout: Seconds in all.
        provider: For errors.
        operation: Likewise.
        given: The caller's options for every look.
        begun: When it began, on the monotonic clock.
    """

    pace: Pace
    timeout: float
    provider: str
    operation: str
    given: RequestOptions | None = None
    begun: float = field(default_factory=time.monotonic)
    _pauses: int = 0
    _last: bool = False

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.begun

    @property
    def options(self) -> RequestOptions:
        """Those of the next look, which takes no longer than there is time."""
        options = self.given or {}
        left = max(_SHORTEST, self.timeout - self.elapsed)
        # What is no number is for the client to refuse.
        wanted: object = options.get("timeout", left)
        if isinstance(wanted, (int, float)) and wanted > left:
            return {**options, "timeout": left}
        return {"timeout": left, **options}

    def believes(self, revision: str | None, baseline: str | None) -> bool:
        """Whether a state is that of the work that is waited for, and not the one before it."""
        if baseline is None or revision != baseline:
            return True
        return self.pace.grace is not None and self.elapsed >= self.pace.grace

    def pause(self, wish: float | None) -> float:
        """Seconds until the next look.

        Args:
            wish: What the provider asks for, in seconds.

        Raises:
            WaitTimeout: There will be no time for it.
        """
        pause = min(self.pace.first * self.pace.factor**self._pauses, self.pace.longest)
        self._pauses += 1
        pause = max(pause * random.uniform(1 - _JITTER, 1 + _JITTER), wish or 0)
        left = self.timeout - self.elapsed
        if pause < left:
            return pause
        if self._last or left <= _SHORTEST or (wish or 0) >= left:
            raise self.late()
        # The time that was given is used: one more look, just before it ends.
        self._last = True
        return max(left - min(_ROOM, left / 4), wish or 0)

    def late(self) -> WaitTimeout:
        """What is raised when the time is over."""
        hint = f"not ready within {self.timeout:g} s"
        return WaitTimeout(hint, provider=self.provider, operation=self.operation)

    def passing(self, error: ApiError) -> float | None:
        """What an error that passes asks to wait. Others are raised.

        Raises:
            ApiError: The error, or that the time is over.
        """
        if isinstance(error, TimedOut) and self.elapsed >= self.timeout:
            raise self.late() from error
        if isinstance(error, WaitTimeout) or not error.retryable:
            raise error
        if isinstance(error, FacadeError) or error.retry_after is not None:
            return error.retry_after
        return None


def wait(run: Wait, look: Callable[[Wait], T | None], cancel: Event | None) -> T:
    """Look until there is something to see.

    Args:
        run: The rules, and the time that is left.
        look: Gives None to go on.
        cancel: Ends the waiting from another thread.

    Raises:
        WaitTimeout: It did not end in time.
        WaitCancelled: The event was set.
        ApiError: A look failed for a reason that does not pass.
    """
    while True:
        if cancel is not None and cancel.is_set():
            raise WaitCancelled("cancelled", provider=run.provider, operation=run.operation)
        wish: float | None = None
        with recorded() as answers:
            try:
                found = look(run)
                if found is not None:
                    return found
            except ApiError as error:
                wish = run.passing(error)
        pause = run.pause(wish or _wish(answers))
        if cancel is None:
            time.sleep(pause)
        else:
            cancel.wait(pause)


async def wait_async(run: Wait, look: Callable[[Wait], Awaitable[T | None]]) -> T:
    """Look until there is something to see. Cancelling the task ends it at once.

    Args:
        run: The rules, and the time that is left.
        look: Gives None to go on.

    Raises:
        WaitTimeout: It did not end in time.
        ApiError: A look failed for a reason that does not pass.
    """
    import asyncio

    while True:
        wish: float | None = None
        with recorded() as answers:
            try:
                found = await look(run)
                if found is not None:
                    return found
            except ApiError as error:
                wish = run.passing(error)
        await asyncio.sleep(run.pause(wish or _wish(answers)))


def _wish(answers: list[Answer]) -> float | None:
    return parse_retry_after(answers[-1].headers.get("retry-after")) if answers else None
