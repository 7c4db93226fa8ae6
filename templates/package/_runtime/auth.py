"""Puts credentials into requests, and keeps them out of everything else."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from .errors import ConfigurationError
from .operation import ApiKey, Basic, Bearer

if TYPE_CHECKING:
    from .operation import AsyncCredential, Operation, Provider, Scheme
    from .prepare import Prepared

__all__ = ["Secret", "authorize", "choose", "wrap"]

_SENDABLE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]+")


class Secret:
    """A credential that no `repr`, `vars` or pickle shows."""

    __slots__ = ("_value",)

    def __init__(self, value: AsyncCredential) -> None:
        self._value = value

    def ask(self) -> object:
        """Give the credential, or what its function returns."""
        return self._value() if callable(self._value) else self._value

    async def ask_async(self) -> object:
        """Give the credential, or what its function, plain or `async`, returns."""
        value = self.ask()
        if isinstance(value, Awaitable):
            return await cast("Awaitable[object]", value)
        return value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a credential is not pickled")


def wrap(
    provider: Provider, credentials: Mapping[str, AsyncCredential | None]
) -> dict[str, Secret]:
    """Hide the credentials that are given, by scheme.

    Raises:
        ConfigurationError: One of them cannot be sent.
    """
    secrets: dict[str, Secret] = {}
    for name, value in credentials.items():
        if value is not None:
            if not callable(value):
                _check(provider, provider.credentials[name], value)
            secrets[name] = Secret(value)
    return secrets


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
        " and ".join(f"`{provider.credentials[scheme].argument}`" for scheme in schemes)
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


def _check(provider: Provider, scheme: Scheme, value: object) -> str:
    if isinstance(value, str) and _SENDABLE.fullmatch(value):
        return value
    if not isinstance(value, str):
        reason = "is not a string"
    elif not value:
        reason = "is empty"
    else:
        reason = "holds a line break or another character that cannot be sent"
    raise ConfigurationError(f"`{scheme.argument}` {reason}", provider=provider.name)


def _key(scheme: ApiKey, text: str) -> str:
    if scheme.prefix and text.startswith(scheme.prefix):
        return text
    return scheme.prefix + (_base64(text) if scheme.base64 else text)


def _base64(text: str) -> str:
    from base64 import b64encode

    return b64encode(text.encode()).decode("ascii")
