"""What a program may watch of the calls of a client: enough to measure, and nothing secret.

Views show what the specification documents and does not mark secret. Everything else, such as
credentials, cookies and whatever a caller added to one call, is masked, and bodies are not shown.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from .errors import ApiError
    from .operation import Operation, Provider
    from .prepare import Prepared
    from .settle import Answer

__all__ = ["Hook", "RequestView", "ResponseView", "Watch"]

_MASK: Final = "***"
# The client writes these itself; they are shown unless a caller replaced them.
_OWN: Final = frozenset({"accept", "content-type", "user-agent"})


# Compared by identity, so that a hook can keep something for a request.
@dataclass(frozen=True, slots=True, eq=False)
class RequestView:
    """One attempt of a call. What may be secret is masked.

    Attributes:
        provider: Name of the provider's package.
        operation: The `operationId`.
        method: HTTP method.
        url: Address, with masked parts.
        route: Path of the operation, with `{parameters}`.
        headers: Request headers, with masked values.
        attempt: Counted from 1.
    """

    provider: str
    operation: str
    method: str
    url: str
    route: str
    headers: Mapping[str, str]
    attempt: int


@dataclass(frozen=True, slots=True)
class ResponseView:
    """The answer to an attempt, of whatever status.

    Attributes:
        status: HTTP status.
        request_id: What the provider calls the request.
        size: Bytes of the decoded body.
        seconds: What the attempt took.
    """

    status: int
    request_id: str | None
    size: int
    seconds: float


class Hook:
    """Base of what watches calls: override what is of interest.

    All four are plain functions, in the asynchronous client too, and should be quick. What they
    raise is logged and changes nothing. Every attempt begins with `on_request`; it ends with
    `on_response`, or without an answer with `on_retry` or `on_error`.
    """

    def on_request(self, request: RequestView) -> None:
        """Be told that an attempt begins."""

    def on_response(self, request: RequestView, response: ResponseView) -> None:
        """Be told that an answer came, of whatever status."""

    def on_retry(self, request: RequestView, reason: str, pause: float) -> None:
        """Be told that another attempt follows.

        Args:
            request: The attempt that failed.
            reason: Its status, or the name of its error.
            pause: Seconds until the next one.
        """

    def on_error(self, request: RequestView, error: BaseException) -> None:
        """Be told that the call failed, or was cancelled."""


class Watch:
    """Tells hooks about one call."""

    def __init__(
        self,
        hooks: Sequence[Hook],
        provider: Provider,
        operation: Operation[Any],
        prepared: Prepared,
        log: logging.Logger,
    ) -> None:
        self._hooks = hooks
        self._log = log
        self._began = monotonic()
        self._view = RequestView(
            provider.name,
            operation.id,
            prepared.method,
            _url(operation, prepared.url),
            _MASK if operation.id == "request" else operation.path,
            _headers(operation, prepared),
            0,
        )

    def begins(self, attempt: int) -> None:
        """An attempt begins."""
        self._began = monotonic()
        self._view = replace(self._view, attempt=attempt)
        self._tell("on_request")

    def ends(self, outcome: Answer | ApiError, pause: float | None) -> None:
        """An attempt ended; another follows unless `pause` is `None`."""
        status: int | None = getattr(outcome, "status", None)
        if status is not None:
            found: Any = outcome
            size = len(getattr(outcome, "content", b""))
            seconds = monotonic() - self._began
            view = ResponseView(status, found.headers.request_id, size, seconds)
            self._tell("on_response", view)
        if pause is not None:
            reason = type(outcome).__name__ if status is None else str(status)
            self._tell("on_retry", reason, pause)

    def failed(self, error: BaseException) -> None:
        """The call failed."""
        self._tell("on_error", error)

    def _tell(self, event: str, *details: object) -> None:
        for hook in self._hooks:
            try:
                getattr(hook, event)(self._view, *details)
            except Exception as error:  # Someone's mistake in watching must not break the call.
                kind = type(error).__name__
                self._log.warning("%s of %s raised %s", event, type(hook).__name__, kind)


def _url(operation: Operation[Any], url: str) -> str:
    parts = urlsplit(url)
    secret = {f"{{{one.wire}}}" for one in operation.params if one.place == "path" and one.secret}
    segments = parts.path.split("/")
    template = operation.path.partition("#")[0].partition("?")[0].split("/")
    # No value has a slash, so the template and the path end in the same number of segments.
    for index in range(1, len(template)):
        if any(variable in template[-index] for variable in secret):
            segments[-index] = _MASK
    shown = f"{parts.scheme}://{parts.netloc}{'/'.join(segments)}"
    documented = {p.wire for p in operation.params if p.place == "query" and not p.secret}
    pairs: list[str] = []
    for pair in parts.query.split("&") if parts.query else ():
        name = unquote(pair.partition("=")[0])
        known = name in documented or name.partition("[")[0] in documented
        pairs.append(pair if known else f"{_MASK}={_MASK}")
    return f"{shown}?{'&'.join(pairs)}" if pairs else shown


def _headers(operation: Operation[Any], prepared: Prepared) -> dict[str, str]:
    documented = {p.wire.lower() for p in operation.params if p.place == "header" and not p.secret}
    shown = _OWN | documented
    return {name: value if name.lower() in shown else _MASK for name, value in prepared.headers}
