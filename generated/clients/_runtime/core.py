"""What the synchronous and the asynchronous client have in common."""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, get_args

from .address import is_trustworthy, resolve_base_url
from .auth import Secret, authorize, choose, wrap
from .deadline import Attempt
from .errors import (
    ApiError,
    ConfigurationError,
    ConnectionFailed,
    RequestError,
    TimedOut,
    TransportError,
)
from .operation import (
    AsyncCredential,
    Bearer,
    Decoding,
    Operation,
    Provider,
    RequestOptions,
    Response,
    Signature,
    Signer,
)
from .prepare import Prepared, build_url, prepare
from .retry import Outcome, RetryBudget, RetryPolicy, parse_retry_after
from .settle import Answer, settle

if TYPE_CHECKING:
    import httpx2

    from .hooks import Hook, Watch

__all__ = ["BaseClient", "Call", "MAX_BODY", "recorded", "respond"]

T = TypeVar("T")

MAX_BODY: Final = 64 * 1024 * 1024
"""How many bytes of an answer a client takes unless told otherwise."""

_DAY: Final = 86_400
_recording: Final[ContextVar[list[Answer] | None]] = ContextVar("recording", default=None)


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
    watch: Watch | None
    attempts: int = field(default=0, init=False)
    sent: Mapping[str, object] = field(default_factory=dict[str, object], init=False, repr=False)
    """The credentials of the latest attempt."""
    renewed: bool = field(default=False, init=False)
    """Whether a credential was renewed because the provider refused it."""
    _paid: int = field(default=0, init=False)
    _revived: bool = field(default=False, init=False)

    def signed(self, values: Mapping[str, object]) -> Prepared:
        """Begin an attempt: the request, with the credentials that are valid now."""
        self.attempts += 1
        self.sent = values
        if self.watch:
            self.watch.begins(self.attempts)
        return authorize(self.prepared, self.provider, values)

    def signatures(self, method: str, url: str, body: bytes) -> dict[str, str]:
        """Headers that sign a request as it goes over the wire."""
        headers: dict[str, str] = {}
        for name, value in self.sent.items():
            scheme = self.provider.credentials[name]
            if isinstance(scheme, Signature):
                from .signing import sign

                headers |= sign(self.provider, scheme, value, method, url, body)
        return headers

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
        if isinstance(outcome, Answer) and self._renews(outcome):
            return 0.0
        if self._died_idle(outcome):
            # As if it had not been tried: neither the caller's retries nor the budget pay for it.
            self._revived = True
            self.attempts -= 1
            return 0.0
        wish: float | None = None
        reached: Outcome = "lost"
        if isinstance(outcome, Answer):
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

    def finish(self, outcome: Answer | ApiError) -> T:
        """Give the value of the final outcome, or raise what it stands for."""
        if isinstance(outcome, ApiError):
            raise outcome
        if 200 <= outcome.status <= 299:
            self.budget.succeeded(self._paid)
        value = settle(self.provider, self.operation, outcome, strict=self.strict)
        recording = _recording.get()
        if recording is not None:
            recording.append(outcome)
        return value


class BaseClient:
    """Holds the settings of a client and prepares its calls; sends nothing."""

    def __init__(
        self,
        provider: Provider,
        *,
        credentials: Mapping[str, AsyncCredential | Signer | None],
        inputs: Mapping[str, object] | None = None,
        server: Mapping[str, str] | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
        decoding: Decoding = "lenient",
        retry_budget: RetryBudget | None = None,
        max_body: int = MAX_BODY,
        hooks: Sequence[Hook] = (),
    ) -> None:
        self._provider = provider
        self._base_url = resolve_base_url(provider, server or {}, base_url)
        self._secrets = wrap(provider, credentials, inputs)
        self._timeout = timeout
        self._max_body = max_body
        self._hooks = tuple(hooks)
        self._log = logging.getLogger(f"{__name__.rpartition('._runtime')[0]}.{provider.name}")
        self._policy = RetryPolicy(retries)
        self._strict = decoding == "strict"
        self._budget = RetryBudget() if retry_budget is None else retry_budget
        self._closed = False
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        self._headers = (
            ("Accept", "application/json"),
            ("User-Agent", f"clients/{provider.name} python/{version}"),
        )
        problem = _problem(timeout, retries)
        if decoding not in get_args(Decoding):
            problem = "`decoding` must be 'lenient' or 'strict'"
        if max_body < 1:
            problem = "`max_body` must be a number of bytes, at least 1"
        if problem:
            raise ConfigurationError(problem, provider=provider.name)
        if self._secrets and not is_trustworthy(self._base_url):
            raise ConfigurationError(
                "`base_url` must be https: credentials would cross the network in the clear",
                provider=provider.name,
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"

    def url(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, object],
        *,
        options: RequestOptions | None = None,
    ) -> str:
        """Build the URL of an operation that a browser opens. Sends nothing.

        No credentials of the client are in it, but what the arguments say is.

        Raises:
            RequestError: The arguments have no form in a URL.
        """
        return build_url(self._provider, operation, self._base_url, arguments, options or {})

    def _begin(
        self,
        operation: Operation[T],
        arguments: Mapping[str, object],
        body: object,
        options: RequestOptions | None,
        url: str | None = None,
    ) -> Call[T]:
        chosen: RequestOptions = {} if options is None else options
        self._check(operation, chosen)
        prepared = prepare(
            self._provider,
            operation,
            self._base_url,
            arguments,
            chosen,
            body=body,
            headers=self._headers,
            url=url,
        )
        schemes = choose(self._provider, operation, self._secrets)
        return Call(
            self._provider,
            operation,
            prepared,
            {scheme: self._secrets[scheme] for scheme in schemes},
            Attempt(chosen.get("timeout", max(self._timeout, operation.timeout or 0))),
            self._max_body,
            RetryPolicy(chosen["retries"]) if "retries" in chosen else self._policy,
            self._budget,
            "idempotency_key" in chosen,
            self._strict,
            self._watch(operation, prepared),
        )

    def _watch(self, operation: Operation[Any], prepared: Prepared) -> Watch | None:
        hooks = self._hooks
        if self._log.isEnabledFor(logging.DEBUG):
            from .logs import LogHook

            hooks = (*hooks, LogHook(self._log))
        if not hooks:
            return None
        from .hooks import Watch

        return Watch(hooks, self._provider, operation, prepared, self._log)

    def _check_open(self, http: httpx2.Client | httpx2.AsyncClient) -> None:
        if self._closed or http.is_closed:
            raise ConfigurationError("the client is closed", provider=self._provider.name)

    def _check(self, operation: Operation[Any], options: RequestOptions) -> None:
        unknown = set(options) - RequestOptions.__annotations__.keys()
        problem = _problem(options.get("timeout", 1), options.get("retries", 0))
        if unknown:
            problem = f"there is no {min(unknown)!r}"
        if problem:
            raise RequestError(
                f"options: {problem}", provider=self._provider.name, operation=operation.id
            )


def _problem(timeout: object, retries: object) -> str | None:
    # Sockets take no more than some centuries; nobody waits for longer than a day.
    if not isinstance(timeout, (int, float)) or not 0 < timeout <= _DAY:
        return "`timeout` must be seconds, more than 0 and at most a day"
    if not isinstance(retries, int) or retries < 0:
        return "`retries` must be an integer that is not negative"
    return None
