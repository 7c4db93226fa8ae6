"""The border to httpx2. The first request imports it, since httpx2 is slow to import."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx2

from .errors import ConfigurationError, ConnectionFailed, TimedOut, TransportError
from .settle import Answer
from .values import Headers

if TYPE_CHECKING:
    from .core import Call
    from .prepare import Prepared

__all__ = ["build", "failure", "new_async_client", "new_client", "received"]

_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_LONGEST_CONNECT = 10.0


def new_client() -> httpx2.Client:
    """Make the client of a provider that was not given one."""
    return httpx2.Client(cookies=_no_cookies())


def new_async_client() -> httpx2.AsyncClient:
    """Make the asynchronous client of a provider that was not given one."""
    return httpx2.AsyncClient(cookies=_no_cookies())


def build(
    http: httpx2.Client | httpx2.AsyncClient, call: Call[Any], signed: Prepared
) -> httpx2.Request:
    """Turn a request into one of httpx2.

    Raises:
        ConfigurationError: It cannot read the base URL.
    """
    details = {"provider": call.provider.name, "operation": call.operation.id}
    try:
        request = http.build_request(
            signed.method,
            signed.url,
            headers=[(name.encode(), value.encode("latin-1")) for name, value in signed.headers],
            content=signed.content,
            timeout=httpx2.Timeout(call.timeout, connect=min(call.timeout, _LONGEST_CONNECT)),
            # For the fakes of `testing`: what is sent, before credentials are added.
            extensions={"operation": call.operation, "prepared": call.prepared},
        )
    except httpx2.InvalidURL:
        request = None
    if request is None:
        raise ConfigurationError("`base_url` is no URL that httpx2 can use", **details)
    body = signed.content or b""
    request.headers.update(call.signatures(request.method, str(request.url), body))
    return request


def received(response: httpx2.Response) -> Answer:
    """Take what matters out of an answer that was read."""
    return Answer(response.status_code, Headers(response.headers.multi_items()), response.content)


def failure(error: httpx2.RequestError, call: Call[Any]) -> TransportError:
    """Translate an error of httpx2.

    The original is not kept as cause: it holds the request, and that the credentials.
    """
    details = {"provider": call.provider.name, "operation": call.operation.id}
    kind = type(error).__name__
    if isinstance(error, _NOT_SENT):
        return ConnectionFailed(f"no connection ({kind}{_reason(error)})", **details)
    if isinstance(error, httpx2.TimeoutException):
        return TimedOut(f"no answer within {call.timeout:g} s ({kind})", **details)
    return TransportError(f"no complete answer ({kind})", **details)


def _reason(error: httpx2.RequestError) -> str:
    # Only ever called for errors that came before any byte of the request was written.
    text = "".join(char for char in str(error) if char.isprintable())[:200]
    return f": {text}" if text else ""


def _no_cookies() -> CookieJar:
    # A session that one call was given must not travel with the next, perhaps someone else's.
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
