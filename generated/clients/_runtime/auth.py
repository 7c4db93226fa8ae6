"""Puts credentials into requests, and keeps them out of everything else."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from .errors import ConfigurationError
from .operation import ApiKey, Basic, Bearer, OAuthFlows, Signature

if TYPE_CHECKING:
    from .aio import AsyncClient
    from .call import Call
    from .client import Client
    from .operation import AsyncCredential, AsyncSigner, Operation, Provider, Scheme, TokenCall
    from .prepare import Prepared

__all__ = ["SENDABLE", "Secret", "authorize", "choose", "reason_against", "wrap"]

SENDABLE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]+")
"""What a credential may consist of."""


class Secret:
    """A credential that no `repr`, `vars` or pickle shows."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def ask(self, client: Client, call: Call[Any]) -> object:
        """Give the credential, or what its function returns.

        Args:
            client: Sends what has to be sent for it.
            call: What it is for.
        """
        del client, call
        return self._value() if callable(self._value) else self._value

    async def ask_async(self, client: AsyncClient, call: Call[Any]) -> object:
        """Give the credential, or what its function, plain or `async`, returns."""
        del client, call
        value = self._value() if callable(self._value) else self._value
        if isinstance(value, Awaitable):
            return await cast("Awaitable[object]", value)
        return value

    def expire(self, value: object) -> bool:
        """Take note that the provider refuses a value; tell whether there can be another."""
        del value
        return False

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a credential is not pickled")


def wrap(
    provider: Provider,
    credentials: Mapping[str, AsyncCredential | AsyncSigner | None],
    inputs: Mapping[str, object] | None = None,
    base_url: str = "",
) -> dict[str, Secret]:
    """Hide the credentials that are given, by scheme, with sources of those that can be got.

    Args:
        provider: Says what each of them is.
        credentials: What was given, by scheme.
        inputs: What else was given to get tokens with, by name.
        base_url: Where the API is.

    Raises:
        ConfigurationError: One of them cannot be sent.
    """
    secrets: dict[str, Secret] = {}
    for name, value in credentials.items():
        if value is None:
            continue
        scheme = provider.credentials[name]
        if isinstance(value, Secret):
            secrets[name] = value
        elif isinstance(scheme, Signature):
            if not callable(value):
                raise ConfigurationError(
                    f"`{scheme.argument}` is not a function", provider=provider.name
                )
            # A function that gives the function: credentials that can be called are asked.
            secrets[name] = Secret(lambda signer=value: signer)
        else:
            if not callable(value):
                _check(provider, scheme, value)
            secrets[name] = Secret(value)
    for name, scheme in provider.credentials.items():
        if isinstance(scheme, Bearer) and scheme.source and name not in secrets:
            source = _source(scheme.source, secrets, inputs or {}, base_url)
            if source is not None:
                secrets[name] = source
    return secrets


def _source(
    call: TokenCall | OAuthFlows,
    secrets: Mapping[str, Secret],
    inputs: Mapping[str, object],
    base_url: str,
) -> Secret | None:
    if isinstance(call, OAuthFlows):
        # Imported only for those who use it: this runs when a client is made.
        if inputs.get("client_id") is None:
            return None
        from .oauth import from_flows

        return from_flows(call, inputs, base_url)
    given = {name: Secret(inputs[name]) for name in call.inputs if inputs.get(name) is not None}
    security = call.operation().security
    reachable = not security or any(all(s in secrets for s in schemes) for schemes in security)
    if len(given) < len(call.inputs) or not reachable:
        return None
    from .tokens import OperationToken

    return OperationToken(call, given)


def choose(
    provider: Provider, operation: Operation[Any], secrets: Mapping[str, Secret]
) -> tuple[str, ...]:
    """Pick the first alternative of an operation for which all credentials are there.

    Raises:
        ConfigurationError: There is none. The text names the constructor arguments to give.
    """
    for schemes in operation.security:
        if all(scheme in secrets for scheme in schemes):
            return schemes
    if not operation.security:
        return ()
    wanted = ", or ".join(
        " and ".join(_wanted(provider, provider.credentials[scheme]) for scheme in schemes)
        for schemes in operation.security
    )
    raise ConfigurationError(
        f"{operation.name} needs the client to be made with {wanted}",
        provider=provider.name,
        operation=operation.id,
    )


def authorize(prepared: Prepared, provider: Provider, values: Mapping[str, object]) -> Prepared:
    """Add credentials to a request.

    Args:
        prepared: The request without them.
        provider: Says how they are sent.
        values: What to send, by scheme.

    Raises:
        ConfigurationError: One of them cannot be sent. The text does not show it.
    """
    for name, value in values.items():
        scheme = provider.credentials[name]
        if isinstance(scheme, Signature):
            continue  # Made last, over what all the others made: see `signing`.
        text = _check(provider, scheme, value)
        match scheme:
            case Bearer():
                prepared = prepared.with_header("Authorization", f"Bearer {text}")
            case Basic():
                prepared = prepared.with_header("Authorization", f"Basic {_base64(text)}")
            case ApiKey(place="header"):
                prepared = prepared.with_header(scheme.name, _key(scheme, text))
            case ApiKey(place="cookie"):
                prepared = prepared.with_cookie(scheme.name, _key(scheme, text))
            case ApiKey():
                prepared = prepared.with_query(scheme.name, _key(scheme, text))
    return prepared


def _wanted(provider: Provider, scheme: Scheme) -> str:
    wanted = f"`{scheme.argument}`"
    source = scheme.source if isinstance(scheme, Bearer) else None
    if isinstance(source, OAuthFlows):
        if source.token_url:
            wanted += " or `client_id` and `client_secret`"
        if source.refresh_url:
            wanted += " or `client_id` and `refresh_token`"
    elif source:
        needed = [source.inputs] if source.inputs else []
        for schemes in source.operation().security:
            keys = (provider.credentials[name].argument for name in schemes)
            needed.append((*source.inputs, *keys))
        for names in needed:
            wanted += " or " + " and ".join(f"`{name}`" for name in names)
    return wanted


def _check(provider: Provider, scheme: Scheme, value: object) -> str:
    if isinstance(scheme, Basic) and isinstance(value, tuple):
        return _check(provider, scheme, _user_and_password(cast("tuple[object, ...]", value)))
    if isinstance(value, str) and SENDABLE.fullmatch(value):
        encoded = isinstance(scheme, Basic) or (isinstance(scheme, ApiKey) and scheme.base64)
        if encoded or value == value.strip(" \t"):
            return value
    if awaited := reason_against(value):
        reason = awaited
    elif not isinstance(value, str):
        reason = "is no user and password" if isinstance(scheme, Basic) else "is not a string"
    elif not value:
        reason = "is empty"
    elif SENDABLE.fullmatch(value):
        reason = "begins or ends with white space"
    else:
        reason = "holds a line break or another character that cannot be sent"
    raise ConfigurationError(f"`{scheme.argument}` {reason}", provider=provider.name)


def reason_against(value: object) -> str | None:
    """Say what is wrong with a value that is still to be awaited, and let go of it."""
    if not isinstance(value, Awaitable):
        return None
    if isinstance(value, Coroutine):
        value.close()
    return "is asynchronous, which takes the asynchronous client"


def _user_and_password(pair: tuple[object, ...]) -> str | None:
    match pair:
        case (str(user), str(password)) if ":" not in user:
            return f"{user}:{password}"
        case _:
            return None


def _key(scheme: ApiKey, text: str) -> str:
    if scheme.prefix and text.startswith(scheme.prefix):
        return text
    return scheme.prefix + (_base64(text) if scheme.base64 else text)


def _base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(text.encode()).decode("ascii")
