"""Tokens by the grants of OAuth 2 that need no browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from .address import is_trustworthy
from .auth import Secret
from .errors import ConfigurationError
from .operation import Operation, Retry
from .tokens import TokenRequest, TokenSource

if TYPE_CHECKING:
    from .operation import AsyncCredential, OAuthFlows

__all__ = ["ClientCredentials", "RefreshToken", "from_flows"]


def from_flows(
    flows: OAuthFlows, inputs: Mapping[str, Any], base_url: str
) -> ClientCredentials | RefreshToken | None:
    """Make what gets tokens by a flow of a specification, if what it takes was given.

    Args:
        flows: Where tokens are given.
        inputs: `client_id`, and `client_secret` or `refresh_token` where given.
        base_url: Where the API is; a path in `flows` is one there.

    Raises:
        ConfigurationError: Secrets must not be sent there.
    """
    given = {name: value for name, value in inputs.items() if value is not None}
    client_id, secret = inputs["client_id"], given.get("client_secret")
    if flows.refresh_url and "refresh_token" in given:
        return RefreshToken(
            urljoin(f"{base_url}/", flows.refresh_url),
            refresh_token=given["refresh_token"],
            client_id=client_id,
            client_secret=secret,
        )
    if flows.token_url and secret is not None:
        return ClientCredentials(
            urljoin(f"{base_url}/", flows.token_url),
            client_id=client_id,
            client_secret=secret,
            scope=flows.scope,
        )
    return None


class _OAuthToken(TokenSource):
    __slots__ = ("_address", "_form", "_in_body", "_path", "_retry")

    def __init__(
        self,
        token_url: str,
        inputs: Mapping[str, AsyncCredential | None],
        form: Mapping[str, str],
        *,
        in_body: bool,
        retry: Retry,
    ) -> None:
        super().__init__({name: value for name, value in inputs.items() if value is not None})
        parts = urlsplit(token_url)
        if parts.query or parts.fragment or {"{", "}"} & set(token_url):
            raise ConfigurationError("`token_url` must be a URL without query and fragment")
        self._address = f"{parts.scheme}://{parts.netloc}"
        if not is_trustworthy(self._address):
            raise ConfigurationError(
                "`token_url` must be https: credentials would cross the network in the clear"
            )
        self._path = parts.path
        self._form = form
        self._in_body = in_body
        self._retry: Retry = retry

    def request(self, values: Mapping[str, object]) -> TokenRequest:
        form: dict[str, object] = {**self._form, **values}
        login: tuple[str, str] | None = None
        if "client_secret" in values and not self._in_body:
            # Encoded, since a colon parts the two (RFC 6749, 2.3.1).
            client_id, secret = str(form.pop("client_id")), str(form.pop("client_secret"))
            login = (quote(client_id, safe=""), quote(secret, safe=""))
        operation: Operation[None] = Operation(
            id="token",
            name="token",
            method="POST",
            path=self._path,
            retry=self._retry,
            results={"2XX": None},
            errors=((_anything, ("default",)),),
            security=(("client",),) if login else (),
            body="application/x-www-form-urlencoded",
        )
        return TokenRequest(operation, {}, form, self._address, login)


class ClientCredentials(_OAuthToken):
    """Tokens by the OAuth 2 grant `client_credentials` (RFC 6749, 4.4).

    Args:
        token_url: Where tokens are given.
        client_id: Id of the client, or a function that is asked for it.
        client_secret: Its secret, or a function that is asked for it.
        scope: What the tokens are for: words, parted by spaces.
        in_body: Whether id and secret are sent in the body, not as basic authentication.
    """

    __slots__ = ()

    def __init__(
        self,
        token_url: str,
        *,
        client_id: AsyncCredential,
        client_secret: AsyncCredential,
        scope: str | None = None,
        in_body: bool = False,
    ) -> None:
        form = {"grant_type": "client_credentials"}
        super().__init__(
            token_url,
            {"client_id": client_id, "client_secret": client_secret},
            form if scope is None else {**form, "scope": scope},
            in_body=in_body,
            retry="idempotent",
        )


class RefreshToken(_OAuthToken):
    """Tokens by an OAuth 2 refresh token (RFC 6749, 6).

    Args:
        token_url: Where tokens are given.
        refresh_token: The refresh token, or a function that is asked for it.
        client_id: Id of the client, or a function that is asked for it.
        client_secret: Its secret, or a function that is asked for it; a public client has none.
        in_body: Whether id and secret are sent in the body, not as basic authentication.
        on_rotation: Is told each new refresh token that replaces the old one; keep it, since many
            providers take a refresh token only once.
    """

    __slots__ = ("_on_rotation",)

    def __init__(
        self,
        token_url: str,
        *,
        refresh_token: AsyncCredential,
        client_id: AsyncCredential,
        client_secret: AsyncCredential | None = None,
        in_body: bool = False,
        on_rotation: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(
            token_url,
            {
                "client_id": client_id,
                "refresh_token": refresh_token,
                "client_secret": client_secret,
            },
            {"grant_type": "refresh_token"},
            in_body=in_body,
            # The provider may have given out a new one and lost the answer.
            retry="never",
        )
        self._on_rotation = on_rotation

    def received(self, body: Mapping[str, object]) -> None:
        """Take the new refresh token, if there is one."""
        rotated = body.get("refresh_token")
        if isinstance(rotated, str) and rotated:
            self._inputs["refresh_token"] = Secret(rotated)
            if self._on_rotation:
                self._on_rotation(rotated)


def _anything() -> Any:
    return Any
