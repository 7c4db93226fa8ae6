"""Everything a client raises.

    ApiError
    ├── ConfigurationError           the client cannot work as it was set up
    ├── RequestError                 the arguments cannot be sent; nothing was
    ├── TransportError               no complete answer came back
    │   ├── TimedOut                 not within the time allowed
    │   └── ConnectionFailed         no connection; nothing was sent
    ├── ResponseError                the provider answered with an error status
    │   ├── BadRequest               400
    │   ├── Unauthorized             401
    │   ├── PaymentRequired          402
    │   ├── Forbidden                403
    │   ├── NotFound                 404
    │   ├── MethodNotAllowed         405
    │   ├── NotAcceptable            406
    │   ├── Conflict                 409
    │   ├── Gone                     410
    │   ├── UnsupportedMediaType     415
    │   ├── UnprocessableEntity      422
    │   ├── RateLimited              429
    │   └── ServerError              5XX
    ├── DecodeError                  the answer does not match the specification
    │   └── BodyTooLarge             it is larger than the client takes
    ├── PaginationError              the pages lead nowhere
    └── PayloadError                 a webhook brought something else than documented

A provider's own errors inherit from its base error and from these: `except NotFound` works for all
providers, `except PowensError` for all of one. The text of an error never holds headers, bodies,
arguments or query strings, so it is safe to log.
"""

from __future__ import annotations

from typing import Any, Final

from .values import Headers

__all__ = [
    "ApiError",
    "BadRequest",
    "BodyTooLarge",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "DecodeError",
    "Forbidden",
    "Gone",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "PASSING_STATUSES",
    "PaginationError",
    "PayloadError",
    "PaymentRequired",
    "RateLimited",
    "RequestError",
    "ResponseError",
    "ServerError",
    "TimedOut",
    "TransportError",
    "Unauthorized",
    "UnprocessableEntity",
    "UnsupportedMediaType",
]

PASSING_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses whose cause may pass."""


class ApiError(Exception):
    """Base of everything a client raises.

    Attributes:
        provider: Name of the provider, where known.
        operation: The `operationId`, where known.
        retryable: Whether the cause may pass, so that the same call can succeed later. Whether a
            call that changes something is *safe* to repeat is another question: only
            `ConnectionFailed` promises that nothing was sent.
        retry_after: Seconds the provider asks to wait.
        started: What had been started before, where one call of yours starts several things.
    """

    provider: str | None
    operation: str | None
    retryable: bool = False
    retry_after: float | None = None
    started: tuple[Any, ...] = ()

    def __init__(
        self, hint: str, *, provider: str | None = None, operation: str | None = None
    ) -> None:
        super().__init__(hint)
        self.provider = provider
        self.operation = operation

    def __str__(self) -> str:
        where = " ".join(part for part in (self.provider, self.operation) if part)
        return ": ".join(part for part in (where, self._what()) if part)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls the class with `args`, which keyword-only arguments break.
        return _restore, (type(self), self.args, self.__dict__)

    def _what(self) -> str:
        return str(self.args[0])


class ConfigurationError(ApiError):
    """The client cannot work as it was set up; nothing was sent."""


class RequestError(ApiError):
    """The arguments of a call cannot be sent; nothing was. The text names the one at fault."""


class TransportError(ApiError):
    """No complete answer came back. The provider may or may not have acted on the request."""

    retryable = True


class TimedOut(TransportError):
    """No complete answer came back in time. The provider may have acted on the request."""


class ConnectionFailed(TransportError):
    """No connection could be made, so nothing was sent."""


class _AnswerError(ApiError):
    """An answer came, and is no result.

    Attributes:
        status: HTTP status.
        headers: Headers of the answer.
        request_id: What the provider calls this request, for its support.
        body: The decoded error body; `None` where it is not as documented.
        raw: The body as it came, but for credentials of the call that it quotes.
    """

    status: int
    headers: Headers
    request_id: str | None
    body: Any
    raw: bytes

    def __init__(
        self,
        hint: str,
        *,
        status: int,
        provider: str | None = None,
        operation: str | None = None,
        headers: Headers | None = None,
        body: object = None,
        raw: bytes = b"",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(hint, provider=provider, operation=operation)
        self.status = status
        self.headers = Headers() if headers is None else headers
        self.request_id = self.headers.request_id
        self.body = body
        self.raw = raw
        self.retryable = status in PASSING_STATUSES
        self.retry_after = retry_after

    def _what(self) -> str:
        request = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.status} {super()._what()}{request}"


class ResponseError(_AnswerError):
    """The provider answered with an error status."""


class BadRequest(ResponseError):
    """The provider does not accept the request (400)."""


class Unauthorized(ResponseError):
    """The credentials are missing, wrong or expired (401)."""


class PaymentRequired(ResponseError):
    """The provider asks for payment first (402)."""


class Forbidden(ResponseError):
    """The credentials do not allow this (403)."""


class NotFound(ResponseError):
    """What was asked for does not exist, or not for these credentials (404)."""


class MethodNotAllowed(ResponseError):
    """The resource does not support this operation (405)."""


class NotAcceptable(ResponseError):
    """The provider cannot answer in an accepted form (406)."""


class Conflict(ResponseError):
    """The request clashes with the current state (409)."""


class Gone(ResponseError):
    """What was asked for no longer exists (410)."""


class UnsupportedMediaType(ResponseError):
    """The provider does not accept this kind of body (415)."""


class UnprocessableEntity(ResponseError):
    """The request is well-formed, but its content is refused (422)."""


class RateLimited(ResponseError):
    """Too many requests; see `retry_after` (429)."""


class ServerError(ResponseError):
    """The provider failed (5XX)."""


class DecodeError(_AnswerError):
    """The answer does not match the specification. A call that changes something may have."""


class BodyTooLarge(DecodeError):
    """The answer is larger, once decompressed, than the client takes; it was not read further."""


class PayloadError(ApiError):
    """A webhook or callback brought something that does not match the specification."""


class PaginationError(ApiError):
    """The next page is one that came before, or is said to be at another origin."""


def _restore(cls: type[ApiError], args: tuple[object, ...], state: dict[str, object]) -> ApiError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error
