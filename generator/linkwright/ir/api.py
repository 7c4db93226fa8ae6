"""One provider's API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue
from .types import Declaration, Type

__all__ = [
    "Api",
    "Body",
    "Credential",
    "CredentialKind",
    "Delimiter",
    "Expired",
    "Operation",
    "Outcome",
    "Paging",
    "Param",
    "Place",
    "Repeat",
    "Resource",
    "ServerVariable",
    "Signature",
    "Step",
    "TokenCall",
]

Place: TypeAlias = Literal["path", "query", "header", "cookie"]
Repeat: TypeAlias = Literal["safe", "idempotent", "never"]
Delimiter: TypeAlias = Literal[",", " ", "|"]
CredentialKind: TypeAlias = Literal["bearer", "basic", "key"]


@dataclass(frozen=True, slots=True)
class Step:
    """One property on the way into an answer: the key of its struct, and its wire name."""

    struct: str
    wire: SpecText


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One named argument of an operation.

    Attributes:
        delimiter: What joins the members of a list that is sent as one value; None when every
            member is sent by itself.
        deep: Whether an object is spread as `name[key]=value`.
        default: Sent by the client when the caller gives nothing; only for required parameters.
        constant: The only value that may be sent.
        secret: Whether its values are kept out of logs.
    """

    wire: SpecText
    place: Place
    type: Type
    required: bool
    delimiter: Delimiter | None
    deep: bool
    default: SpecValue | None
    constant: SpecValue | None
    secret: bool
    description: SpecText | None
    given: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent with an operation."""

    media_type: SpecText
    type: Type
    required: bool
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True)
class Outcome:
    """One documented answer.

    Attributes:
        status: Three digits, a range such as "4XX", or "default".
        type: None where no content is documented.
    """

    status: str
    type: Type | None
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How an operation lists in pages.

    Attributes:
        style: What leads to the next page.
        page: Type of a page.
        item: Type of what stands on it.
        items: Properties that lead from a page to its items, each with the struct it belongs to.
        next: Likewise to what names the next page; empty where only the length tells.
        argument: Index in `Operation.params` of what takes the cursor, number or offset.
        size: Index of what says how long a page may be.
    """

    style: Literal["cursor", "page", "offset", "link", "header"]
    page: Type
    item: Type
    items: tuple[Step, ...]
    next: tuple[Step, ...]
    argument: int | None
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing the API does.

    Attributes:
        given: The name its author insists on.
        suggested: A name that yields where it clashes.
        security: Alternatives of credentials that go together; empty means none is needed.
        repeat: What is safe to send again after a lost answer.
        browser: A URL for the user's browser; the client never fetches it.
        timeout: Seconds an answer may take, where the document says so.
        idempotency_header: Header that makes a repeated request harmless.
    """

    key: str
    id: SpecText
    given: SpecText | None
    suggested: SpecText | None
    method: str
    path: SpecText
    summary: SpecText | None
    description: SpecText | None
    deprecated: bool
    params: tuple[Param, ...]
    body: Body | None
    successes: tuple[Outcome, ...]
    failures: tuple[Outcome, ...]
    security: tuple[tuple[str, ...], ...]
    repeat: Repeat
    browser: bool
    timeout: float | None
    idempotency_header: SpecText | None
    paging: Paging | None
    span: Span


@dataclass(frozen=True, slots=True)
class Resource:
    """Operations that belong together."""

    wire: SpecText
    given: SpecText | None
    description: SpecText | None
    operations: tuple[Operation, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCall:
    """The operation that gives the tokens of a credential.

    Attributes:
        operation: Its key.
        parameters: What it is called with, by wire name.
        body: What is sent with it.
        inputs: Fields of the body that the user of the client gives.
        token: Field of the answer that holds the token.
        expires: Field of the answer that holds its lifetime.
    """

    operation: str
    parameters: SpecValue
    body: SpecValue | None
    inputs: tuple[SpecText, ...]
    token: SpecText
    expires: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class Expired:
    """An answer that means an expired token: by its status, or by what stands in its body."""

    status: int
    path: tuple[SpecText, ...]
    value: SpecText


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature is made over, and the header of the moment it ends."""

    expires: SpecText
    lifetime: int
    text: SpecText


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One way to authenticate; `key` is what `Operation.security` names."""

    key: str
    wish: SpecText
    kind: CredentialKind
    place: Literal["header", "query", "cookie"]
    wire: SpecText
    prefix: SpecText
    base64: bool
    token: TokenCall | None
    expired: tuple[Expired, ...] | None
    signature: Signature | None
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of the base URL that the user chooses."""

    wire: SpecText
    default: SpecText
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A provider's API as far as its document describes it."""

    provider: str
    given: SpecText | None
    title: SpecText
    version: SpecText
    description: SpecText | None
    base_url: SpecText | None
    variables: tuple[ServerVariable, ...]
    credentials: tuple[Credential, ...]
    resources: tuple[Resource, ...]
    declarations: Mapping[str, Declaration]
    span: Span
