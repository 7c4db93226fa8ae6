"""What goes over the wire, described as values.

Data alone: generated packages hold one `Operation` per operation and one `Provider`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypedDict, TypeVar

from .bodies import BYTES, TEXT, UNTYPED, Items, Part, TypeSource
from .parameters import Param
from .values import Headers, Issue

if TYPE_CHECKING:
    from .errors import ResponseError
    from .paging import Paging
    from .tokens import TokenSource

__all__ = [
    "ApiKey",
    "AsyncCredential",
    "AsyncSigner",
    "BYTES",
    "Basic",
    "Bearer",
    "Credential",
    "Decoding",
    "Expired",
    "Items",
    "OAuthFlows",
    "Operation",
    "PagedOperation",
    "Param",
    "Part",
    "Provider",
    "RequestOptions",
    "Response",
    "Retry",
    "Scheme",
    "Signature",
    "Signer",
    "StatusKey",
    "TEXT",
    "TokenCall",
    "TypeSource",
    "UNTYPED",
]

Item = TypeVar("Item")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Credential: TypeAlias = "str | tuple[str, str] | Callable[[], str] | TokenSource"
"""A secret, a function that is asked for it before every attempt, or what gets and renews tokens.

A pair is the user and password of basic authentication.
"""

AsyncCredential: TypeAlias = (
    "str | tuple[str, str] | Callable[[], str | Awaitable[str]] | TokenSource"
)
"""As `Credential`; the function may be `async`."""

Signer: TypeAlias = Callable[[bytes], bytes]
"""Signs bytes. It is asked for every attempt, from any thread; it must not block for long."""
AsyncSigner: TypeAlias = Callable[[bytes], bytes | Awaitable[bytes]]
"""As `Signer`; it may be `async`, such as a call of a service that keeps the key."""

Decoding: TypeAlias = Literal["lenient", "strict"]
"""What becomes of an answer that is not as documented: it is kept as it came, or is an error."""

Retry: TypeAlias = Literal["safe", "idempotent", "never"]
"""Whether sending an operation twice does no more than sending it once."""

StatusKey: TypeAlias = int | str
"""An exact status (`404`), a class of them (`"4XX"`), or `"default"`."""


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


# Compared by identity: operations are keys of caches, and their mappings have no hash.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation(Generic[T]):
    """One operation of an API. `T` is what a successful call gives.

    Attributes:
        id: The `operationId` of the specification.
        name: How Python code spells it, such as `connections.get`.
        method: HTTP method, in capitals.
        path: Path below the base URL, with `{wire}` where path parameters go, and what of the query is
            always the same. What follows `#` is not sent: it tells operations of one path apart.
        retry: Whether the request may be repeated.
        results: Documented success statuses; `None` where the answer has no content.
        params: Path, query, header and cookie parameters.
        errors: Types of error bodies, each with the statuses it is documented for.
        security: Alternatives, each a set of schemes needed together. None at all: no credentials;
            an empty alternative: anonymous calls are allowed.
        timeout: Seconds this operation may need, where that is longer than usual.
        body: Media type of the request body.
        bodies: Further ones, which a caller may choose.
        body_required: Whether a call without body is refused.
        parts: Fields of a form or multipart body that are sent in a way of their own.
        accept: Media types to ask for.
        media: What comes in one of several media types: status, media type, type.
        server: Where it is, if not at the base URL of the provider.
        idempotency_header: Header for a key that makes repeated requests count once.
    """

    id: str
    name: str
    method: str
    path: str
    retry: Retry
    results: Mapping[StatusKey, TypeSource | None]
    params: tuple[Param, ...] = ()
    errors: tuple[tuple[TypeSource, tuple[StatusKey, ...]], ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    timeout: float | None = None
    body: str | None = None
    bodies: tuple[str, ...] = ()
    body_required: bool = False
    parts: tuple[Part, ...] = ()
    accept: str = "application/json"
    media: tuple[tuple[StatusKey, str, TypeSource], ...] = ()
    server: str | None = None
    idempotency_header: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PagedOperation(Operation[T], Generic[Item, T]):
    """An operation that gives a list in pages: `T` is the page, `Item` what stands on it on it."""

    paging: Paging


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Provider:
    """An API: where it is and what its credentials and errors are.

    Attributes:
        name: Name of the provider's package.
        title: Name of the provider in prose.
        base_url: Where paths start, with `{variable}` where the host depends on the customer.
        credentials: Security schemes by the name operations use for them.
        error: Base class of the provider's errors.
        errors: Error classes by status.
    """

    name: str
    title: str
    base_url: str
    credentials: Mapping[str, Scheme]
    error: type[ResponseError]
    errors: Mapping[StatusKey, type[ResponseError]]


class RequestOptions(TypedDict, total=False):
    """What can be changed for a single call."""

    timeout: float
    """Seconds to wait for the answer."""

    retries: int
    """How often to try again at most; 0 for a single attempt."""

    headers: Mapping[str, str]
    """Further headers. They replace the client's own of the same name, but never a credential."""

    query: Mapping[str, object]
    """Further query parameters."""

    idempotency_key: str
    """Makes repeated requests count once, where the operation supports it."""


@dataclass(frozen=True, slots=True)
class Response(Generic[T_co]):
    """A whole answer: the value with the status and headers it came with."""

    status: int
    headers: Headers
    value: T_co
    issues: tuple[Issue, ...] = ()
    """What in the answer is not as documented, and was kept as it came."""
