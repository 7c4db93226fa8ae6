"""Log lines about calls, at debug level, that hold nothing secret."""

from __future__ import annotations

import logging
from typing import Final

from .deadline import current
from .errors import ApiError
from .hooks import Hook, RequestView, ResponseView

__all__ = ["LogHook", "silence_httpx2"]

# They write whole URLs and the headers of answers.
_LOGGERS: Final = (
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)


class LogHook(Hook):
    """Writes what happens to calls into a log."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log

    def on_request(self, request: RequestView) -> None:
        """Write what is sent, masked."""
        headers = ", ".join(f"{name}: {value}" for name, value in request.headers.items())
        self._log.debug(
            "%s: attempt %d: %s %s (%s)",
            request.operation,
            request.attempt,
            request.method,
            request.url,
            headers,
        )

    def on_response(self, request: RequestView, response: ResponseView) -> None:
        """Write the status."""
        self._log.debug(
            "%s: %d after %.3f s, %d bytes, request id %s",
            request.operation,
            response.status,
            response.seconds,
            response.size,
            response.request_id,
        )

    def on_retry(self, request: RequestView, reason: str, pause: float) -> None:
        """Write why it is tried again, and when."""
        self._log.debug("%s: again in %.3f s after %s", request.operation, pause, reason)

    def on_error(self, request: RequestView, error: BaseException) -> None:
        """Write what the call ended in."""
        # Others' errors may quote anything.
        text = str(error) if isinstance(error, ApiError) else type(error).__name__
        self._log.debug("%s: failed: %s", request.operation, text)


def silence_httpx2() -> None:
    """Keep httpx2 from logging the requests of these clients, and only those."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _is_of_others not in logger.filters:
            logger.addFilter(_is_of_others)


def _is_of_others(record: logging.LogRecord) -> bool:  # noqa: ARG001
    return current() is None
