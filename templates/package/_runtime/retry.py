"""Whether to try again, and when: a pure decision, and the budget that bounds how often it is yes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from .errors import PASSING_STATUSES

if TYPE_CHECKING:
    from .operation import Retry

__all__ = ["Outcome", "RetryBudget", "RetryPolicy", "parse_retry_after", "seconds_until"]

Outcome: TypeAlias = int | Literal["not sent", "lost"]
"""How an attempt ended: with a status, before anything was sent, or without a complete answer."""

_LONGEST_WAIT: Final = 60.0
# Those of the AWS SDKs in their standard mode: a hundred retries, fifty after time-outs, and then
# no more than one for every five calls that succeed.
_CAPACITY: Final = 500
_COST: Final = 5
_COST_OF_TIME_OUT: Final = 10
_WORTH_OF_SUCCESS: Final = 1


class RetryBudget:
    """What the retries of a client may cost together, so that a failing provider is not stormed.

    Every retry takes from it and every success gives back. Clients that are made for each user of
    one provider can share a budget. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._left = _CAPACITY
        self.renew_lock()

    def take(self, *, timed_out: bool = False) -> int:
        """Pay for a retry. Gives what it cost, or 0 if there is not enough left."""
        cost = _COST_OF_TIME_OUT if timed_out else _COST
        with self._lock:
            if cost > self._left:
                return 0
            self._left -= cost
            return cost

    def succeeded(self, cost: int) -> None:
        """Give back what the last retry of a call that succeeded cost, if it needed one."""
        with self._lock:
            self._left = min(_CAPACITY, self._left + (cost or _WORTH_OF_SUCCESS))

    def renew_lock(self) -> None:
        """Forget who holds the lock: after a fork, a thread that does not exist here may."""
        self._lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Repeats what is safe to repeat, with growing random pauses.

    Attributes:
        retries: How often to try again at most.
    """

    retries: int = 2

    def delay(
        self,
        retry: Retry,
        outcome: Outcome,
        *,
        attempt: int,
        keyed: bool = False,
        retry_after: float | None = None,
    ) -> float | None:
        """Seconds to wait before the next attempt, or `None` to leave it.

        An operation that must not be repeated is, all the same, when nothing was sent, or when an
        idempotency key makes the provider notice.

        Args:
            retry: What the operation allows.
            outcome: How the attempt ended.
            attempt: Which attempt that was, counted from 1.
            keyed: Whether it carried an idempotency key.
            retry_after: Seconds the provider asked to wait. A wish above a minute is not met: the
                caller gets the error, which carries it.
        """
        if attempt > self.retries:
            return None
        if outcome != "not sent":
            if retry == "never" and not keyed:
                return None
            if outcome != "lost" and outcome not in PASSING_STATUSES:
                return None
        if retry_after is not None:
            return retry_after if retry_after <= _LONGEST_WAIT else None
        from random import random

        # Half a second at most the first time, twice that each time after, up to eight.
        return random() * 0.5 * 2.0 ** min(attempt - 1, 4)


def parse_retry_after(text: str | None) -> float | None:
    """Read a `Retry-After` header: seconds, or an HTTP date.

    The other side wrote it, so nothing it can hold raises: what makes no sense is `None`.
    """
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        # Nine digits are thirty years; without a bound, "9" * 400 would be infinite.
        return float(text) if len(text) <= 9 else None
    seconds = seconds_until(text)
    return None if seconds is None else max(0.0, seconds)


def seconds_until(date: str | None) -> float | None:
    """Read an HTTP date as the seconds from now until then; what is none is `None`."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(date or "")
        # A date without zone is in GMT (RFC 9110).
        seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return seconds.total_seconds()
