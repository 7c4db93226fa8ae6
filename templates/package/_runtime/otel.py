"""Spans for OpenTelemetry, after its semantic conventions for HTTP clients.

    from clients._runtime.otel import OpenTelemetryHook
    client = Powens(token=..., hooks=[OpenTelemetryHook()])

Nothing else imports this module, and it imports `opentelemetry` when a hook is made. One span per
attempt, below whatever span is current; `url.full` is masked as in every view.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from .hooks import Hook, RequestView, ResponseView

__all__ = ["OpenTelemetryHook"]


class OpenTelemetryHook(Hook):
    """Makes a client span for every attempt.

    Args:
        tracer_provider: Where tracers come from; by default the global one.
    """

    def __init__(self, tracer_provider: Any = None) -> None:
        # Optional, and so nothing that a type checker could rely on.
        self._api: Any = import_module("opentelemetry.trace")
        self._tracer: Any = self._api.get_tracer(__name__, tracer_provider=tracer_provider)
        self._spans: dict[RequestView, Any] = {}

    def on_request(self, request: RequestView) -> None:
        """Start the span of an attempt."""
        parts = urlsplit(request.url)
        attributes: dict[str, str | int] = {
            "http.request.method": request.method,
            "server.address": parts.hostname or "",
            "server.port": parts.port or (443 if parts.scheme == "https" else 80),
            "url.full": request.url,
            "url.template": request.route,
        }
        if request.attempt > 1:
            attributes["http.request.resend_count"] = request.attempt - 1
        self._spans[request] = self._tracer.start_span(
            f"{request.method} {request.route}",
            kind=self._api.SpanKind.CLIENT,
            attributes=attributes,
        )

    def on_response(self, request: RequestView, response: ResponseView) -> None:
        """End the span with a status."""
        failed = response.status >= 400
        self._end(
            request,
            {"http.response.status_code": response.status},
            str(response.status) if failed else None,
        )

    def on_retry(self, request: RequestView, reason: str, pause: float) -> None:  # noqa: ARG002
        """End the span, if no answer did."""
        self._end(request, {}, reason)

    def on_error(self, request: RequestView, error: BaseException) -> None:
        """End the span, if no answer did."""
        self._end(request, {}, type(error).__name__)

    def _end(self, request: RequestView, attributes: dict[str, int], failure: str | None) -> None:
        span = self._spans.pop(request, None)
        if span is None:
            return
        span.set_attributes(attributes)
        if failure is not None:
            span.set_attribute("error.type", failure)
            span.set_status(self._api.StatusCode.ERROR)
        span.end()
