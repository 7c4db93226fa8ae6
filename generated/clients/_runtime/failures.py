"""Errors of facades, and how the answers of providers become such errors.

    ApiError
    └── FacadeError
        ├── UnsupportedOperation     the provider cannot do it; nothing was sent
        │   └── UnsupportedArgument  it can, but not with this argument
        ├── InvalidArgument          an argument is missing or has no form there; nothing was sent
        ├── ForeignOwner             the connection belongs to somebody else
        ├── WaitFailed               what was waited for ended badly
        ├── WaitTimeout              it did not end in time
        │   └── WaitCancelled        the caller gave up
        └── WebhookError             a webhook that is not to be trusted

Every facade adds the kinds it defines. Like all of an `ApiError`, their text holds nothing that a
provider or a user said.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from .errors import ApiError, ResponseError
from .mapping import moment

__all__ = [
    "ErrorRules",
    "FacadeError",
    "Failing",
    "ForeignOwner",
    "InvalidArgument",
    "UnsupportedArgument",
    "UnsupportedOperation",
    "WaitCancelled",
    "WaitFailed",
    "WaitTimeout",
    "WebhookError",
    "dig",
    "keeping",
    "unsupported",
]

_LONGEST: Final = 120


class FacadeError(ApiError):
    """Base of everything a facade raises by itself.

    Attributes:
        http_status: Status of the answer, where there was one.
        code: The provider's code.
        message: The provider's words. They may hold personal data; they are not in the text.
        request_id: What the provider calls the request, for its support.
        retry_at: When the same may work, where the provider says so.
        raw: The body of the answer as JSON; None where it is none.
    """

    http_status: int | None = None
    code: str | None = None
    message: str | None = None
    request_id: str | None = None
    retry_at: datetime | None = None
    raw: Any = None


class UnsupportedOperation(FacadeError, AttributeError):
    """The provider cannot do this. Raised before anything is sent.

    Attributes:
        reason: Why not.
        alternative: The operation that is nearest.
    """

    reason: str
    alternative: str | None

    def __init__(
        self,
        hint: str,
        *,
        provider: str,
        operation: str,
        reason: str,
        alternative: str | None = None,
    ) -> None:
        super().__init__(hint, provider=provider, operation=operation)
        self.reason = reason
        self.alternative = alternative


class UnsupportedArgument(UnsupportedOperation):
    """The provider can do this, but not with this argument. Raised before anything is sent.

    Attributes:
        argument: Its name.
    """

    argument: str

    def __init__(self, argument: str, *, provider: str, operation: str, reason: str) -> None:
        hint = f"`{argument}` cannot be given: {reason}"
        super().__init__(hint, provider=provider, operation=operation, reason=reason)
        self.argument = argument


class InvalidArgument(FacadeError, ValueError):
    """An argument is missing, or has no form that the provider takes. Nothing was sent."""


class ForeignOwner(FacadeError):
    """What was asked for does not belong to the owner that was named."""


class WaitFailed(FacadeError):
    """What was waited for ended badly.

    Attributes:
        resource: As it was seen last, where it exists.
        error: What the provider says about it.
    """

    resource: Any = None
    error: Any = None


class WaitTimeout(FacadeError):
    """What was waited for did not end in time; it may still."""

    retryable = True


class WaitCancelled(WaitTimeout):
    """The caller gave up waiting."""


class WebhookError(FacadeError):
    """A webhook that is not to be trusted: not signed, signed by another, or too old."""


def unsupported(
    name: str,
    provider: str,
    table: Mapping[str, tuple[str, str]],
) -> AttributeError:
    """What an adapter raises for an attribute it lacks.

    Args:
        name: Of the attribute.
        provider: Key of the provider.
        table: Reason and nearest alternative of every operation that is not supported.
    """
    if name not in table:
        return AttributeError(f"{provider} has no attribute {name!r}", name=name)
    reason, alternative = table[name]
    hint = f"{reason} The nearest alternative is `{alternative}`."
    return UnsupportedOperation(
        hint, provider=provider, operation=name, reason=reason, alternative=alternative
    )


@dataclass(frozen=True, slots=True)
class ErrorRules:
    """How the error answers of a provider are told apart.

    Attributes:
        provider: Its key.
        codes: Kinds of error by the provider's code.
        statuses: Kinds of error by status, where no code says more.
        rest: The kind of what neither knows.
        code: Where in the body the code stands; likewise the others.
    """

    provider: str
    codes: Mapping[str, type[FacadeError]]
    statuses: Mapping[int, type[FacadeError]]
    rest: type[FacadeError]
    code: tuple[str | int, ...] = ()
    message: tuple[str | int, ...] = ()
    request_id: tuple[str | int, ...] = ()
    retry_at: tuple[str | int, ...] = ()

    def during(self, operation: str) -> Failing:
        """A context in which error answers become errors of the facade."""
        return Failing(self, operation)

    def translate(self, error: ResponseError, operation: str) -> FacadeError:
        """The error of the facade that an error answer stands for."""
        body = _json(error.raw)
        code = _text(dig(body, self.code))
        kind = self.codes.get(code) if code else None
        kind = kind or self.statuses.get(error.status) or self.rest
        request_id = _text(dig(body, self.request_id)) or error.request_id
        told = "".join(c for c in code or "" if c.isprintable())[:_LONGEST]
        hint = f"answered {error.status}" + (f" {told}" if told and self.codes else "")
        found = kind(
            hint + (f" (request {_safe(request_id)})" if request_id else ""),
            provider=self.provider,
            operation=operation,
        )
        found.http_status = error.status
        found.code = code
        found.message = _text(dig(body, self.message))
        found.request_id = request_id
        found.retry_after = error.retry_after
        found.retry_at = moment(_text(dig(body, self.retry_at)))
        found.raw = body
        found.retryable = found.retryable or error.retryable
        return found


class Failing:
    """Turns error answers inside a `with` block into errors of the facade, and names what failed."""

    __slots__ = ("_operation", "_rules")

    def __init__(self, rules: ErrorRules, operation: str) -> None:
        self._rules = rules
        self._operation = operation

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FacadeError):
            error.provider = error.provider or self._rules.provider
            error.operation = error.operation or self._operation
        elif isinstance(error, ResponseError):
            raise self._rules.translate(error, self._operation) from error
        elif isinstance(error, (AttributeError, TypeError)) and _reading(error):
            raise FacadeError(
                "the answer is not what is documented",
                provider=self._rules.provider,
                operation=self._operation,
            ) from error


def _reading(error: BaseException) -> bool:
    """Whether an error comes from reading an answer, and not from how something was called."""
    trace, name = error.__traceback__, ""
    while trace is not None:
        last, name = name, str(trace.tb_frame.f_globals.get("__name__"))
        if last.endswith((".mapping", ".hooks")) and ".providers." in last:
            return True
        trace = trace.tb_next
    return ".providers." in name


@contextmanager
def keeping(started: Sequence[object]) -> Generator[None]:
    """Let an error carry what was started before it, so that it can be waited for all the same."""
    try:
        yield
    except ApiError as error:
        error.started = tuple(started)
        raise


def dig(value: object, path: tuple[str | int, ...]) -> object:
    """What stands in JSON under a path; None if nothing does, or if there is no path."""
    if not path:
        return None
    for part in path:
        if isinstance(value, dict):
            value = cast("dict[object, object]", value).get(part)
        elif isinstance(value, list) and isinstance(part, int):
            items = cast("list[object]", value)
            value = items[part] if part < len(items) else None
        else:
            return None
    return value


def _json(raw: bytes) -> object:
    try:
        found: object = json.loads(raw)
    except ValueError:
        return None
    return found


def _text(value: object) -> str | None:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    return None


def _safe(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:_LONGEST]
