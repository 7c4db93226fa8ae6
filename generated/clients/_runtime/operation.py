"""What goes over the wire, described as values.

Data alone: generated packages hold one `Operation` per operation and one `Provider`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypedDict, TypeVar

from .bodies import BYTES, TEXT, UNTYPED, Items, Part, TypeSource
from .parameters import Param
from .schemes import ApiKey, Basic, Bearer, Expired, OAuthFlows, Scheme, Signature, TokenCall
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
        servers: Where else it may be called, and there too: addresses by name.
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
    servers: tuple[tuple[str, str], ...] = ()
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

    server: str
    """Which of its servers the operation is called at, by name, where it has several."""

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
