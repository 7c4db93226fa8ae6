"""What the synchronous and the asynchronous client have in common."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeGuard, TypeVar, cast, get_args

from .address import is_trustworthy, resolve_base_url
from .auth import choose, wrap
from .call import Call, held
from .deadline import Attempt
from .errors import ConfigurationError, RequestError
from .operation import (
    AsyncCredential,
    AsyncSigner,
    Decoding,
    Operation,
    Provider,
    RequestOptions,
)
from .prepare import Prepared, build_url, prepare
from .retry import RetryBudget, RetryPolicy
from .signing import Clock

if TYPE_CHECKING:
    import httpx2

    from .hooks import Hook, Watch

__all__ = ["BaseClient", "MAX_BODY", "provider_of"]

T = TypeVar("T")

MAX_BODY: Final = 64 * 1024 * 1024
"""How many bytes of an answer a client takes unless told otherwise."""

_DAY: Final = 86_400


class BaseClient:
    """Holds the settings of a client and prepares its calls; sends nothing."""

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
    ) -> None:
        self._provider = provider
        self._base_url = resolve_base_url(provider, server or {}, base_url)
        self._server = server or {}
        # Tests and proxies stand in for all of the provider's addresses.
        self._elsewhere: dict[str, str] | None = {} if base_url is None else None
        self._secrets = wrap(provider, credentials, inputs, self._base_url)
        self._timeout = timeout
        self._max_body = max_body
        self._hooks = tuple(hooks)
        self._log = logging.getLogger(f"{__name__.rpartition('._runtime')[0]}.{provider.name}")
        self._policy = RetryPolicy(retries)
        self._strict = decoding == "strict"
        self._budget = RetryBudget() if retry_budget is None else retry_budget
        self._clock = Clock()
        self._closed = False
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        self._headers = (("User-Agent", f"clients/{provider.name} python/{version}"),)
        problem = _problem(timeout, retries)
        if decoding not in get_args(Decoding):
            problem = "`decoding` must be 'lenient' or 'strict'"
        if max_body < 1:
            problem = "`max_body` must be a number of bytes, at least 1"
        if problem:
            raise ConfigurationError(problem, provider=provider.name)
        self._check_address(self._base_url)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"

    def __dir__(self) -> list[str]:
        from .renamed import listed

        return listed(type(self), super().__dir__())

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
        if options is not None:
            self._check(operation, options)
        base_url = self._base_of(operation, options)
        return build_url(self._provider, operation, base_url, arguments, options or {})

    def _base_of(self, operation: Operation[Any], options: RequestOptions | None = None) -> str:
        """Where an operation is: at a server of its own, unless the client was given an address."""
        server, known = operation.server, self._elsewhere
        if options is not None and "server" in options:
            server = self._chosen(operation, options["server"])
        if server in (None, self._provider.base_url) or known is None:
            return self._base_url
        if server not in known:
            url = resolve_base_url(self._provider, self._server, template=server)
            self._check_address(url)
            known[server] = url
        return known[server]

    def _chosen(self, operation: Operation[Any], name: object) -> str:
        for known, address in operation.servers:
            if known == name:
                return address
        names = ", ".join(known for known, _ in operation.servers)
        raise RequestError(
            f"options: `server` must be one of {names}" if names else "options: it has one server",
            provider=self._provider.name,
            operation=operation.id,
        )

    def _check_address(self, url: str) -> None:
        if self._secrets and not is_trustworthy(url):
            raise ConfigurationError(
                "`base_url` must be https: credentials would cross the network in the clear",
                provider=self._provider.name,
            )

    def _begin(
        self,
        operation: Operation[T],
        arguments: Mapping[str, object],
        body: object,
        options: RequestOptions | None,
        url: str | None = None,
        content_type: str | None = None,
        accept: str | None = None,
    ) -> Call[T]:
        chosen: RequestOptions = {} if options is None else options
        if options is not None:
            self._check(operation, options)
        prepared = prepare(
            self._provider,
            operation,
            self._base_of(operation, options) if operation.server or options else self._base_url,
            arguments,
            chosen,
            body=body,
            content_type=content_type,
            accept=accept,
            headers=self._headers,
            url=url,
        )
        schemes = choose(self._provider, operation, self._secrets)
        call = Call(
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
            accept,
            self._watch(operation, prepared),
            self._clock,
        )
        call.held = held(call)
        return call

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
        problem = _options_problem(options)
        if problem:
            raise RequestError(
                f"options: {problem}", provider=self._provider.name, operation=operation.id
            )


def provider_of(client: object) -> str:
    """The name of the provider that a client belongs to.

    Raises:
        TypeError: It is no client.
    """
    if not isinstance(client, BaseClient):
        raise TypeError(f"a client of a provider is expected, not {type(client).__name__}")
    # A public attribute could be hidden by a resource of that name.
    return client._provider.name  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _options_problem(options: object) -> str | None:
    if not _is_table(options):
        return "a mapping with names as keys is expected"
    unknown = options.keys() - RequestOptions.__annotations__.keys()
    if unknown:
        return f"there is no {min(unknown)!r}"
    for name in ("headers", "query"):
        if not _is_table(options.get(name, {})):
            return f"`{name}` must be a mapping with names as keys"
    return _problem(options.get("timeout", 1), options.get("retries", 0))


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    if not isinstance(value, Mapping):
        return False
    return all(isinstance(key, str) for key in cast("Mapping[object, object]", value))


def _problem(timeout: object, retries: object) -> str | None:
    # Sockets take no more than some centuries; nobody waits for longer than a day.
    if not isinstance(timeout, (int, float)) or not 0 < timeout <= _DAY:
        return "`timeout` must be seconds, more than 0 and at most a day"
    if not isinstance(retries, int) or retries < 0:
        return "`retries` must be an integer that is not negative"
    return None
