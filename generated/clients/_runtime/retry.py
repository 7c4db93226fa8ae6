"""Whether to try again, and when: a pure decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from .errors import PASSING_STATUSES

if TYPE_CHECKING:
    from .operation import Retry

__all__ = ["Outcome", "RetryPolicy", "parse_retry_after"]

Outcome: TypeAlias = int | Literal["not sent", "lost"]
"""How an attempt ended: with a status, before anything was sent, or without a complete answer."""

_LONGEST_WAIT: Final = 60.0


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
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(text)
        # A date without zone is in GMT (RFC 9110).
        seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, seconds.total_seconds())
