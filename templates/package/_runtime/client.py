"""The synchronous client."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, overload

from .call import Call, recorded, respond
from .core import MAX_BODY, BaseClient
from .deadline import attempting
from .errors import ApiError
from .forking import register
from .operation import (
    Credential,
    Decoding,
    Operation,
    Provider,
    RequestOptions,
    Response,
    Signer,
)
from .retry import RetryBudget
from .settle import Answer
from .undocumented import describe
from .values import UNSET

if TYPE_CHECKING:
    import httpx2

    from .hooks import Hook
    from .operation import PagedOperation
    from .pager import Pager
    from .paging import Request
    from .streamed import Streamed

__all__ = ["Client"]

P = ParamSpec("P")
Item = TypeVar("Item")
T = TypeVar("T")


class Client(BaseClient):
    """A provider's API. Safe to share between threads.

    Nothing is opened before the first request. Use it as a context manager, or close it.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        credentials: Mapping[str, Credential | Signer | None],
        inputs: Mapping[str, object] | None = None,
        server: Mapping[str, str] | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
        decoding: Decoding = "lenient",
        retry_budget: RetryBudget | None = None,
        max_body: int = MAX_BODY,
        hooks: Sequence[Hook] = (),
        http_client: httpx2.Client | None = None,
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
        self._owns_http = http_client is None
        self._opening = threading.Lock()
        register(self)

    def send(
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
                outcome = self._attempt(call)
                pause = call.pause(outcome)
                if pause is None:
                    return call.finish(outcome)
                time.sleep(pause)
        except BaseException as error:
            call.failed(error)
            raise

    def request(
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
            value = self.send(operation, {}, body=body, content_type=content_type, options=options)
        return respond(answers, value)

    def paged(
        self,
        operation: PagedOperation[Item, T],
        arguments: Mapping[str, object],
        *,
        options: RequestOptions | None = None,
    ) -> Pager[Item, T]:
        """Give the items of an operation that lists in pages. Sends nothing yet.

        Args:
            operation: What to call.
            arguments: By Python name; those that are `UNSET` are left out.
            options: What to do differently for these calls.
        """
        from .pager import Pager
        from .paging import Walk

        def fetch(request: Request) -> Response[T]:
            with recorded() as answers:
                value = self.send(operation, request.arguments, options=options, url=request.url)
            return respond(answers, value)

        def walk(start: str | None) -> Walk:
            own_url = partial(self.url, operation, arguments, options=options)
            base = self._base_of(operation, options)
            return Walk(self._provider.name, operation, arguments, base, start, own_url)

        return Pager(walk, fetch)

    def raw(self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Response[T]:
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
            value = method(*args, **kwargs)
        return respond(answers, value)

    @overload
    def stream(
        self, method: Callable[P, list[Item]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Streamed[Item]: ...

    @overload
    def stream(
        self, method: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs
    ) -> Streamed[Any]: ...

    def stream(
        self, method: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs
    ) -> Streamed[Any]:
        """Call a method, such as `client.files.download`, and read its answer piece by piece.

        Nothing is sent before the context manager is entered; leaving it closes the answer.
        """
        from .streamed import Streamed

        return Streamed(partial(method, *args, **kwargs))

    def close(self) -> None:
        """Close the connections. An `http_client` that was passed in stays open."""
        with self._opening:
            self._closed = True
            if self._owns_http and self._http is not None:
                self._http.close()

    def after_fork(self) -> None:
        """Leave the parent its connections. An `http_client` that was passed in is not replaced."""
        self._opening = threading.Lock()
        self._budget.renew_lock()
        if self._owns_http:
            self._http = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _attempt(self, call: Call[Any]) -> Answer | ApiError:
        from . import transport

        with attempting(call.attempt):
            values = {name: secret.ask(self, call) for name, secret in call.secrets.items()}
            return transport.exchange(self._opened(), call, call.signed(values))

    def sibling(self, provider: Provider, credentials: Mapping[str, tuple[str, str]]) -> Client:
        """Make a client of another address that shares the connections of this one."""
        return Client(
            provider,
            credentials=credentials,
            timeout=self._timeout,
            retries=self._policy.retries,
            retry_budget=self._budget,
            max_body=self._max_body,
            hooks=self._hooks,
            http_client=self._opened(),
        )

    def _opened(self) -> httpx2.Client:
        http = self._http
        if http is None:
            from .transport import new_client

            with self._opening:
                http = self._http = self._http or new_client()
        self._check_open(http)
        return http
