"""One call over all its attempts: what it needs, what becomes of it, and who is told."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from .auth import Secret, authorize
from .deadline import Attempt
from .errors import ApiError, ConnectionFailed, RequestError, TimedOut, TransportError
from .operation import Bearer, Operation, Provider, Response, Signature
from .prepare import Prepared
from .retry import Outcome, RetryBudget, RetryPolicy, parse_retry_after
from .settle import Answer, settle

if TYPE_CHECKING:
    from .hooks import Watch
    from .signing import Clock, Unsigned
    from .streams import Stream

__all__ = ["Call", "Held", "held", "holding", "recorded", "respond"]

T = TypeVar("T")

#: How providers refuse a signature that is out of its time; Salt Edge says 400.
_REFUSALS: Final = frozenset({400, 401, 403})

_SHORTEST_SECRET: Final = 8
"""What is shorter stands in answers by chance."""

_recording: Final[ContextVar[list[Answer] | None]] = ContextVar("recording", default=None)


@dataclass(slots=True, eq=False)
class Held:
    """An answer whose body is still to be read, by whoever asked for that."""

    call: Call[Any] | None = None
    """The first call that was made since; those that get its credentials are read as usual."""
    response: Any = field(default=None, repr=False)
    """Of httpx2, and open."""

    def keep(self, response: object, answer: T) -> T:
        """Take over the response of an answer."""
        self.response = response
        return answer


_holding: Final[ContextVar[Held | None]] = ContextVar("holding", default=None)


@contextmanager
def holding(held: Held) -> Generator[None]:
    """Leave the body of the answer to the call that is made inside unread."""
    token = _holding.set(held)
    try:
        yield
    finally:
        _holding.reset(token)


def held(call: Call[Any]) -> Held | None:
    """Tell whether the body of a call that begins is left unread."""
    found = _holding.get()
    if found is None or found.call is not None:
        return None
    found.call = call
    return found


@contextmanager
def recorded() -> Generator[list[Answer]]:
    """Collect the answers that calls made inside are settled with."""
    answers: list[Answer] = []
    token = _recording.set(answers)
    try:
        yield answers
    finally:
        _recording.reset(token)


def respond(answers: list[Answer], value: T) -> Response[T]:
    """Put a value together with the last answer that was recorded."""
    if not answers:
        raise TypeError("raw() needs a method that sends a request")
    return Response(answers[-1].status, answers[-1].headers, value, tuple(answers[-1].issues))


@dataclass(slots=True)
class Call(Generic[T]):
    """One call of an operation, over all its attempts."""

    provider: Provider
    operation: Operation[T]
    prepared: Prepared
    secrets: Mapping[str, Secret]
    """The credentials it needs, by scheme."""
    attempt: Attempt
    """The one that is running, with the deadline of all of them."""
    max_body: int
    """How many bytes of an answer are taken, decompressed."""
    policy: RetryPolicy
    budget: RetryBudget
    keyed: bool
    """Whether an idempotency key goes with it."""
    strict: bool
    """Whether an answer that is not as documented is an error."""
    accept: str | None
    """Media type that the caller chose for the answer."""
    watch: Watch | None
    clock: Clock
    """The time that signatures end by."""
    held: Held | None = field(default=None, init=False, repr=False)
    """Takes the body of the answer."""
    attempts: int = field(default=0, init=False)
    sent: Mapping[str, object] = field(default_factory=dict[str, object], init=False, repr=False)
    """The credentials of the latest attempt."""
    renewed: bool = field(default=False, init=False)
    """Whether a credential was renewed because the provider refused it."""
    _paid: int = field(default=0, init=False)
    _revived: bool = field(default=False, init=False)
    _clock_set: bool = field(default=False, init=False)

    def signed(self, values: Mapping[str, object]) -> Prepared:
        """Begin an attempt: the request, with the credentials that are valid now."""
        self.attempts += 1
        self.sent = values
        if self.watch:
            self.watch.begins(self.attempts)
        return authorize(self.prepared, self.provider, values)

    def unsigned(self, method: str, url: str, body: bytes | Stream) -> list[Unsigned]:
        """What of a request is to be signed as it goes over the wire.

        Raises:
            RequestError: The body is not there yet, so that it cannot be signed.
        """
        found: list[Unsigned] = []
        for name, signer in self.sent.items():
            scheme = self.provider.credentials[name]
            if isinstance(scheme, Signature):
                if not isinstance(body, bytes):
                    raise RequestError(
                        "`body` must be bytes here: what is signed cannot be read while it is sent",
                        provider=self.provider.name,
                        operation=self.operation.id,
                    )
                from .signing import signable

                found.append(signable(self.provider, scheme, signer, self.clock, method, url, body))
        return found

    def pause(self, outcome: Answer | ApiError) -> float | None:
        """Seconds to wait before another attempt, or `None` if this outcome is final."""
        pause = self._pause(outcome)
        if self.watch:
            self.watch.ends(outcome, pause)
        return pause

    def failed(self, error: BaseException) -> None:
        """Tell who watches that the call is over."""
        if self.watch:
            self.watch.failed(error)

    def _pause(self, outcome: Answer | ApiError) -> float | None:
        renewed = isinstance(outcome, Answer) and (
            self._renews(outcome) or self._sets_clock(outcome)
        )
        content = self.prepared.content
        if content is not None and not isinstance(content, bytes) and not content.repeatable:
            return None
        if renewed:
            return 0.0
        if self._died_idle(outcome):
            # As if it had not been tried: neither the caller's retries nor the budget pay for it.
            self._revived = True
            self.attempts -= 1
            return 0.0
        wish: float | None = None
        reached: Outcome = "lost"
        if isinstance(outcome, Answer):
            if outcome.status <= 399:
                return None
            reached = outcome.status
            wish = parse_retry_after(outcome.headers.get("retry-after"))
        elif isinstance(outcome, ConnectionFailed):
            reached = "not sent"
        elif not isinstance(outcome, TransportError):
            return None
        pause = self.policy.delay(
            self.operation.retry,
            reached,
            attempt=self.attempts,
            keyed=self.keyed,
            retry_after=wish,
        )
        if pause is None or pause >= self.attempt.left():
            return None
        self._paid = self.budget.take(timed_out=isinstance(outcome, TimedOut))
        return pause if self._paid else None

    def _died_idle(self, outcome: Answer | ApiError) -> bool:
        # Providers close idle connections, now and then just as the next request is on its way.
        return (
            isinstance(outcome, TransportError)
            and not isinstance(outcome, (ConnectionFailed, TimedOut))
            and self.operation.retry == "safe"
            and not self.attempt.connected
            and not self._revived
        )

    def _renews(self, answer: Answer) -> bool:
        """Tell whether the provider refused a credential, and there can be another; once a call.

        It did nothing else then, so this holds for every operation and is not counted as a retry.
        """
        if not self.renewed and answer.status >= 400:
            from .expiry import says_expired

            refused = [
                name
                for name, value in self.sent.items()
                if isinstance(scheme := self.provider.credentials[name], Bearer)
                and says_expired(scheme.expired, answer)
                and self.secrets[name].expire(value)
            ]
            self.renewed = bool(refused)
            self.attempts -= self.renewed
            return self.renewed
        return False

    def _sets_clock(self, answer: Answer) -> bool:
        """Tell whether a signature was refused, and had ended, or not begun, by the other's clock.

        Likewise something that did nothing else, once a call.
        """
        if self._clock_set or answer.status not in _REFUSALS:
            return False
        schemes = [self.provider.credentials[name] for name in self.sent]
        lifetimes = [one.lifetime for one in schemes if isinstance(one, Signature)]
        if lifetimes and self.clock.correct(answer.headers.get("date"), min(lifetimes)):
            self._clock_set = True
            self.attempts -= 1
        return self._clock_set

    def finish(self, outcome: Answer | ApiError) -> T:
        """Give the value of the final outcome, or raise what it stands for."""
        if isinstance(outcome, ApiError):
            raise outcome
        if 200 <= outcome.status <= 299:
            self.budget.succeeded(self._paid)
        if self.held is not None and self.held.response is not None:
            value = cast("T", None)
        else:
            value = settle(
                self.provider,
                self.operation,
                outcome,
                strict=self.strict,
                accept=self.accept,
                secrets=self._secrets_sent,
            )
        recording = _recording.get()
        if recording is not None:
            recording.append(outcome)
        return value

    def _secrets_sent(self) -> list[str]:
        """The credentials of the latest attempt, as they were given and as they were written."""
        signed = authorize(self.prepared, self.provider, self.sent)
        new = (text for name, text in signed.headers if (name, text) not in self.prepared.headers)
        found = {word for text in new for word in text.split()}
        for value in self.sent.values():
            # Of a pair, the user is no secret.
            found.add(str(cast("tuple[str, str]", value)[1] if isinstance(value, tuple) else value))
        return sorted((one for one in found if len(one) >= _SHORTEST_SECRET), key=len, reverse=True)
