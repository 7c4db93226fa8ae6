"""The asynchronous client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, overload

from .call import Call, recorded, respond
from .core import MAX_BODY, BaseClient
from .deadline import attempting
from .errors import ApiError
from .forking import register
from .operation import (
    AsyncCredential,
    AsyncSigner,
    Decoding,
    Operation,
    Provider,
    RequestOptions,
    Response,
)
from .retry import RetryBudget
from .settle import Answer
from .undocumented import describe
from .values import UNSET

if TYPE_CHECKING:
    import httpx2

    from .hooks import Hook
    from .operation import PagedOperation
    from .pager import AsyncPager
    from .paging import Request
    from .streamed import AsyncStreamed

__all__ = ["AsyncClient"]

P = ParamSpec("P")
Item = TypeVar("Item")
T = TypeVar("T")


class AsyncClient(BaseClient):
    """A provider's API. Safe to share between tasks, of one event loop or of several.

    Nothing is opened before the first request. Use it as a context manager, or close it. Each event
    loop gets connections of its own, so a client can outlive `asyncio.run`.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        credentials: Mapping[str, AsyncCredential | AsyncSigner | None],
        inputs: Mapping[str, object] | None = None,
        server: Mapping[str, str] | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
        decoding: Decoding = "lenient",
        retry_budget: RetryBudget | None = None,
        max_body: int = MAX_BODY,
        hooks: Sequence[Hook] = (),
        http_client: httpx2.AsyncClient | None = None,
    ) -> None:
        super().__init__(
            provider,
            credentials=credentials,
            inputs=inputs,
            server=server,
            base_url=base_url,
            timeout=timeout,
            retries=retries,
            decoding=decoding,
            retry_budget=retry_budget,
            max_body=max_body,
            hooks=hooks,
        )
        self._http = http_client
        # A connection works in no other loop than the one that opened it.
        self._opened_in: dict[asyncio.AbstractEventLoop, httpx2.AsyncClient] = {}
        register(self)

    async def send(
        self,
        operation: Operation[T],
        arguments: Mapping[str, object],
        *,
        body: object = UNSET,
        content_type: str | None = None,
        accept: str | None = None,
        options: RequestOptions | None = None,
        url: str | None = None,
    ) -> T:
        """Call an operation.

        Args:
            operation: What to call.
            arguments: By Python name; those that are `UNSET` are left out.
            body: The request body.
            content_type: Media type of the body, where the operation has several.
            accept: Media type of the answer, where the operation has several.
            options: What to do differently for this call.
            url: Replaces path and query; the link of a page to the next one.

        Raises:
            ApiError: See `errors` for the kinds.
        """
        call = self._begin(operation, arguments, body, options, url, content_type, accept)
        try:
            while True:
                outcome = await self._timed(call)
                pause = call.pause(outcome)
                if pause is None:
                    return call.finish(outcome)
                await asyncio.sleep(pause)
        except BaseException as error:
            call.failed(error)
            raise

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: object = UNSET,
        content_type: str = "application/json",
        options: RequestOptions | None = None,
    ) -> Response[Any]:
        """Call an endpoint that the specification does not describe.

        The value is JSON, text or bytes, as the answer says what it is.

        Args:
            method: HTTP method, in capitals.
            path: Below the base URL, and encoded; `options` take the query.
            body: JSON data or a model; fields, files, text or bytes with another `content_type`.
            content_type: Media type of the body.
            options: As for any other call.

        Raises:
            ApiError: See `errors` for the kinds.
        """
        operation = describe(self._provider, method, path, self._secrets)
        with recorded() as answers:
            value = await self.send(
                operation, {}, body=body, content_type=content_type, options=options
            )
        return respond(answers, value)

    def paged(
        self,
        operation: PagedOperation[Item, T],
        arguments: Mapping[str, object],
        *,
        options: RequestOptions | None = None,
    ) -> AsyncPager[Item, T]:
        """Give the items of an operation that lists in pages. Sends nothing yet.

        Args:
            operation: What to call.
            arguments: By Python name; those that are `UNSET` are left out.
            options: What to do differently for these calls.
        """
        from .pager import AsyncPager
        from .paging import Walk

        async def fetch(request: Request) -> Response[T]:
            with recorded() as answers:
                value = await self.send(
                    operation, request.arguments, options=options, url=request.url
                )
            return respond(answers, value)

        def walk(start: str | None) -> Walk:
            own_url = partial(self.url, operation, arguments, options=options)
            base = self._base_of(operation, options)
            return Walk(self._provider.name, operation, arguments, base, start, own_url)

        return AsyncPager(walk, fetch)

    async def raw(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Response[T]:
        """Call a method of this client and get the whole answer.

        Args:
            method: Such as `client.connections.get`.
            *args: For the method.
            **kwargs: For the method.

        Raises:
            TypeError: The method sends nothing.
            ApiError: As the method does.
        """
        with recorded() as answers:
            value = await method(*args, **kwargs)
        return respond(answers, value)

    @overload
    def stream(
        self, method: Callable[P, Awaitable[list[Item]]], /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncStreamed[Item]: ...

    @overload
    def stream(
        self, method: Callable[P, Awaitable[object]], /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncStreamed[Any]: ...

    def stream(
        self, method: Callable[P, Awaitable[object]], /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncStreamed[Any]:
        """Call a method, such as `client.files.download`, and read its answer piece by piece.

        Nothing is sent before the context manager is entered; leaving it closes the answer.
        """
        from .streamed import AsyncStreamed

        return AsyncStreamed(partial(method, *args, **kwargs))

    async def close(self) -> None:
        """Close the connections. An `http_client` that was passed in stays open.

        Those of other event loops close when their loop gets to it.
        """
        self._closed = True
        opened_in, self._opened_in = self._opened_in, {}
        for loop, http in opened_in.items():
            if loop is asyncio.get_running_loop():
                await http.aclose()
            elif loop.is_running():
                asyncio.run_coroutine_threadsafe(http.aclose(), loop)

    def after_fork(self) -> None:
        """Leave the parent its connections. An `http_client` that was passed in is not replaced."""
        self._budget.renew_lock()
        self._opened_in = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    async def _attempt(self, call: Call[Any]) -> Answer | ApiError:
        from . import transport

        with attempting(call.attempt):
            values = {
                name: await secret.ask_async(self, call) for name, secret in call.secrets.items()
            }
            return await transport.exchange_async(self._opened(), call, call.signed(values))

    async def _timed(self, call: Call[Any]) -> Answer | ApiError:
        scope = asyncio.timeout(call.attempt.left())
        try:
            async with scope:
                return await self._attempt(call)
        except TimeoutError:
            if not scope.expired():
                raise
        from .transport import late

        return late(call)

    def sibling(
        self, provider: Provider, credentials: Mapping[str, tuple[str, str]]
    ) -> AsyncClient:
        """Make a client of another address that shares the connections of this one."""
        return AsyncClient(
            provider,
            credentials=credentials,
            timeout=self._timeout,
            retries=self._policy.retries,
            retry_budget=self._budget,
            max_body=self._max_body,
            hooks=self._hooks,
            http_client=self._opened(),
        )

    def _opened(self) -> httpx2.AsyncClient:
        http = self._http
        if http is None:
            loop = asyncio.get_running_loop()
            http = self._opened_in.get(loop)
            if http is None:
                from .transport import new_async_client

                for other in tuple(self._opened_in):
                    if other.is_closed():
                        # Nothing can close its connections any more; the sockets go with it.
                        self._opened_in.pop(other, None)
                http = self._opened_in[loop] = new_async_client()
        self._check_open(http)
        return http
