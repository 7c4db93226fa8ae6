"""Security schemes, described as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from .operation import Operation

__all__ = [
    "ApiKey",
    "Basic",
    "Bearer",
    "Expired",
    "OAuthFlows",
    "Scheme",
    "Signature",
    "TokenCall",
]


@dataclass(frozen=True, slots=True)
class Expired:
    """How a provider says that a token is no longer valid.

    Attributes:
        status: Status of the answer.
        path: Where a JSON body says so: keys, and positions in lists. Without it, the status does.
        value: What it says there.
    """

    status: int
    path: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TokenCall:
    """The operation that gives the tokens of a scheme.

    Attributes:
        operation: Gives the operation, which is defined later than the scheme.
        parameters: What it is called with, by the names of the wire.
        body: What is sent with it.
        inputs: Fields of the body that are constructor arguments of the client.
        token: Field of the answer that holds the token.
        expires: Field of the answer that holds its lifetime in seconds.
    """

    operation: Callable[[], Operation[Any]]
    _: KW_ONLY
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    body: Mapping[str, object] | None = None
    inputs: tuple[str, ...] = ()
    token: str = "access_token"  # noqa: S105  # the name of a field
    expires: str = "expires_in"


@dataclass(frozen=True, slots=True)
class OAuthFlows:
    """Where tokens are given (URLs, or paths of the API), and what operations want of them."""

    _: KW_ONLY
    token_url: str | None = None
    refresh_url: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token, sent as `Authorization: Bearer ...`.

    Attributes:
        argument: Constructor argument of the client that holds the credential.
        source: Gets tokens when the client is made without one.
        expired: Answers upon which a token is renewed, once a call.
    """

    argument: str
    _: KW_ONLY
    source: TokenCall | OAuthFlows | None = None
    expired: tuple[Expired, ...] = (Expired(401),)


@dataclass(frozen=True, slots=True)
class Basic:
    """HTTP basic authentication. The credential is `user:password`.

    Attributes:
        argument: Constructor argument of the client that holds the credential.
    """

    argument: str


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in a header, a query parameter or a cookie.

    Attributes:
        argument: Constructor argument of the client that holds the credential.
        place: Where the key goes.
        name: Name of the header, parameter or cookie.
        prefix: Text before the key. A credential that starts with it is sent as it is.
        base64: Whether the key is sent in base64.
    """

    argument: str
    place: Literal["header", "query", "cookie"]
    name: str
    prefix: str = ""
    base64: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature over the final method, URL and body, made anew for every attempt.

    Attributes:
        argument: Constructor argument of the client that holds the signer.
        header: Header of the signature, which is sent in base64.
        expires_header: Header of the moment it ends, in seconds since 1970.
        lifetime: Seconds until then.
        text: What is signed, with `{expires}`, `{method}`, `{url}` and `{body}`.
    """

    argument: str
    header: str
    _: KW_ONLY
    expires_header: str
    lifetime: int
    text: str


Scheme: TypeAlias = ApiKey | Basic | Bearer | Signature
