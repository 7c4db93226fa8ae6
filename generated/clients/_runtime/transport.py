"""The border to httpx2. The first request imports it, since httpx2 is slow to import."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import aclosing, closing, suppress
from typing import TYPE_CHECKING, Any, Final, cast

import httpx2

from .errors import (
    ApiError,
    BodyTooLarge,
    ConfigurationError,
    ConnectionFailed,
    RequestError,
    TimedOut,
    TransportError,
)
from .guard import drop_stray, drop_stray_async, guard
from .logs import silence_httpx2
from .settle import Answer
from .values import Headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from .call import Call
    from .prepare import Prepared

__all__ = ["TROUBLE", "exchange", "exchange_async", "late", "new_async_client", "new_client"]

# Besides its own errors, httpx2 lets some through that odd headers cause: in cookies, in the
# target of a redirect that nobody follows, in names of encodings.
TROUBLE: Final = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    LookupError,
    OSError,
    ValueError,
)
_NOT_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_LONGEST_CONNECT: Final = 10.0
_LONGEST_URL: Final = 65_536
"""The limit of httpx2."""

silence_httpx2()


class _Client(httpx2.Client):
    """A client that nobody but us configures: what it would do around a request has no use.

    A session that one call was given must not travel with the next, perhaps someone else's, and
    neither redirects nor the authentication of httpx2 are wanted.
    """

    def pass_on(self, request: httpx2.Request) -> httpx2.Response:
        return self._transport_for_url(request.url).handle_request(request)


class _AsyncClient(httpx2.AsyncClient):
    """As `_Client`."""

    async def pass_on(self, request: httpx2.Request) -> httpx2.Response:
        return await self._transport_for_url(request.url).handle_async_request(request)


def new_client() -> httpx2.Client:
    """Make the client of a provider that was not given one."""
    return _Client()


def new_async_client() -> httpx2.AsyncClient:
    """Make the asynchronous client of a provider that was not given one."""
    return _AsyncClient()


def exchange(http: httpx2.Client, call: Call[Any], signed: Prepared) -> Answer | ApiError:
    """Send a request and read the answer, within the limits of the call."""
    request = _build(http, call, signed)
    for one in call.unsigned(request.method, str(request.url), signed.content or b""):
        request.headers.update(one.headers(one.signer(one.text)))
    answer = None
    try:
        if isinstance(http, _Client):
            response = http.pass_on(request)
        else:
            response = http.send(request, stream=True, follow_redirects=False)
        try:
            drop_stray(response)
            answer = _Reading(call, response)
            if call.held is not None and not answer.is_error:
                return call.held.keep(response, answer.outcome())
            with closing(_body(http, response)) as chunks:
                for chunk in chunks:
                    if not answer.takes(chunk):
                        break
        finally:
            if call.held is None or call.held.response is not response:
                response.close()
        return answer.outcome()
    except TROUBLE as error:
        return _failed(error, call, answer)


async def exchange_async(
    http: httpx2.AsyncClient, call: Call[Any], signed: Prepared
) -> Answer | ApiError:
    """Send a request and read the answer, within the limits of the call."""
    request = _build(http, call, signed)
    for one in call.unsigned(request.method, str(request.url), signed.content or b""):
        signature = one.signer(one.text)
        if isinstance(signature, Awaitable):
            signature = await cast("Awaitable[object]", signature)
        request.headers.update(one.headers(signature))
    answer = None
    try:
        if isinstance(http, _AsyncClient):
            response = await http.pass_on(request)
        else:
            response = await http.send(request, stream=True, follow_redirects=False)
        try:
            await drop_stray_async(response)
            answer = _Reading(call, response)
            if call.held is not None and not answer.is_error:
                return call.held.keep(response, answer.outcome())
            async with aclosing(_async_body(http, response)) as chunks:
                async for chunk in chunks:
                    if not answer.takes(chunk):
                        break
        finally:
            if call.held is None or call.held.response is not response:
                await response.aclose()
        return answer.outcome()
    except TROUBLE as error:
        return _failed(error, call, answer)


def late(call: Call[Any], kind: str = "deadline") -> TransportError:
    """Make the error of a call whose time is over."""
    details = {"provider": call.provider.name, "operation": call.operation.id}
    if not call.attempt.sent:
        return ConnectionFailed(f"no connection within {call.attempt.seconds:g} s", **details)
    return TimedOut(f"no answer within {call.attempt.seconds:g} s ({kind})", **details)


def _body(http: httpx2.Client, response: httpx2.Response) -> Generator[bytes]:
    # Where nothing is to be decoded, what would decode it costs as much as reading it.
    if isinstance(http, _Client) and "content-encoding" not in response.headers:
        return cast("Generator[bytes]", iter(cast("httpx2.SyncByteStream", response.stream)))
    return cast("Generator[bytes]", response.iter_bytes())


def _async_body(http: httpx2.AsyncClient, response: httpx2.Response) -> AsyncGenerator[bytes]:
    if isinstance(http, _AsyncClient) and "content-encoding" not in response.headers:
        stream = aiter(cast("httpx2.AsyncByteStream", response.stream))
        return cast("AsyncGenerator[bytes]", stream)
    return response.aiter_bytes()


class _Reading:
    """An answer while it is being read."""

    def __init__(self, call: Call[Any], response: httpx2.Response) -> None:
        self._call = call
        self._status = response.status_code
        self._headers = Headers(response.headers.multi_items())
        self._chunks: list[bytes] = []
        self._left = call.max_body

    def takes(self, chunk: bytes) -> bool:
        """Add a piece of the decoded body. Tells whether there may be more."""
        if self._call.attempt.left() <= 0:
            raise httpx2.ReadTimeout("the call took too long")
        self._left -= len(chunk)
        self._chunks.append(chunk)
        return self._left >= 0

    def outcome(self, *, complete: bool = True) -> Answer | BodyTooLarge:
        """Give the answer. An error without its whole body is still that error."""
        if 200 <= self._status <= 299 and self._left < 0:
            return BodyTooLarge(
                f"the answer is larger than {self._call.max_body} bytes",
                provider=self._call.provider.name,
                operation=self._call.operation.id,
                status=self._status,
                headers=self._headers,
            )
        whole = complete and self._left >= 0
        return Answer(self._status, self._headers, b"".join(self._chunks) if whole else b"")

    @property
    def is_error(self) -> bool:
        return not 200 <= self._status <= 299


def _build(
    http: httpx2.Client | httpx2.AsyncClient, call: Call[Any], signed: Prepared
) -> httpx2.Request:
    # Where the network is not watched, nothing is known, and nothing is assumed.
    call.attempt.connected = call.attempt.sent = not guard(http)
    left = call.attempt.seconds if call.attempts == 1 else max(call.attempt.left(), 0.001)
    request = None
    with suppress(httpx2.InvalidURL):
        url = signed.url
        if http.params:
            url = f"{url}{'&' if '?' in url else '?'}{http.params}"
        headers = [(name.encode(), value.encode("latin-1")) for name, value in signed.headers]
        ours = {name.lower() for name, _ in headers}
        # What `http.build_request` does, which takes twice the time, and forgets the query of the
        # URL where the client has parameters of its own.
        request = httpx2.Request(
            signed.method,
            url,
            headers=[one for one in http.headers.raw if one[0].lower() not in ours] + headers,
            cookies=http.cookies,
            content=_content(http, signed),
            extensions={
                "timeout": {
                    "connect": min(left, _LONGEST_CONNECT),
                    "read": left,
                    "write": left,
                    "pool": left,
                },
                # For the fakes of `testing`: what is sent, before credentials are added.
                "operation": call.operation,
                "prepared": call.prepared,
            },
        )
    if request is None:
        details = {"provider": call.provider.name, "operation": call.operation.id}
        if len(signed.url) > _LONGEST_URL:
            raise RequestError(f"the URL is longer than {_LONGEST_URL} characters", **details)
        raise ConfigurationError("`base_url` is no URL that httpx2 can use", **details)
    return request


def _content(http: httpx2.Client | httpx2.AsyncClient, signed: Prepared) -> Any:
    content = signed.content
    if content is None or isinstance(content, bytes):
        return content
    return content.blocks_async() if isinstance(http, httpx2.AsyncClient) else content.blocks()


def _failed(error: Exception, call: Call[Any], answer: _Reading | None) -> Answer | ApiError:
    """Translate an error of httpx2.

    The original is not kept as cause: it holds the request, and that the credentials.
    """
    details = {"provider": call.provider.name, "operation": call.operation.id}
    kind = type(error).__name__
    if isinstance(error, _NOT_SENT):
        return ConnectionFailed(f"no connection ({kind}{_reason(error)})", **details)
    if isinstance(error, httpx2.TimeoutException):
        return late(call, kind)
    if answer is not None and answer.is_error:
        return answer.outcome(complete=False)
    return TransportError(f"no complete answer ({kind})", **details)


def _reason(error: Exception) -> str:
    # Only ever called for errors that came before any byte of the request was written.
    text = "".join(char for char in str(error) if char.isprintable())[:200]
    return f": {text}" if text else ""
