"""One provider's API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue
from .credentials import Credential
from .types import Declaration, Type

__all__ = [
    "Api",
    "Body",
    "Content",
    "Encoding",
    "Event",
    "Framing",
    "Header",
    "Link",
    "Media",
    "NamedServer",
    "Operation",
    "Outcome",
    "Paging",
    "Param",
    "Place",
    "Repeat",
    "Resource",
    "Server",
    "ServerVariable",
    "Step",
    "Style",
]

Place: TypeAlias = Literal["path", "query", "header", "cookie"]
Repeat: TypeAlias = Literal["safe", "idempotent", "never"]
Style: TypeAlias = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"
]
Content: TypeAlias = Literal["json", "form", "multipart", "text", "binary", "any", "stream"]
Framing: TypeAlias = Literal["lines", "sequence", "events", "json events"]


@dataclass(frozen=True, slots=True)
class Step:
    """One property on the way into an answer: the key of its struct, and its wire name."""

    struct: str
    wire: SpecText


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One named argument of an operation.

    Attributes:
        style: How lists and objects are written.
        explode: Whether their members are written one by one.
        reserved: Whether reserved characters are sent as they are.
        content: Set where the value is a document of its own.
        default: Sent by the client when the caller gives nothing; only for required parameters, and in
            a path only the one value that is possible.
        constant: The only value that may be sent.
        secret: Whether its values are kept out of logs.
    """

    wire: SpecText
    place: Place
    type: Type
    required: bool
    style: Style
    explode: bool
    reserved: bool
    content: Literal["json", "text"] | None
    default: SpecValue | None
    constant: SpecValue | None
    secret: bool
    description: SpecText | None
    given: SpecText | None
    span: Span

    @property
    def positional(self) -> bool:
        """Whether its value is an argument without a name."""
        return self.place == "path" and self.default is None

    @property
    def identity(self) -> str:
        """What it is on the wire: place and name."""
        return f"{self.place} {self.wire.raw}"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form or multipart body is sent; None where it is as usual."""

    wire: SpecText
    file: bool
    media_type: SpecText | None
    style: Style | None
    explode: bool | None
    reserved: bool


@dataclass(frozen=True, slots=True)
class Media:
    """One form in which a body goes over the wire.

    Attributes:
        content: What that form is made of; "any" is whatever the answer says it is, and "stream" a
            list of documents, one by one.
        framing: How the documents of a stream follow each other.
    """

    media_type: SpecText
    content: Content
    type: Type
    encoding: tuple[Encoding, ...] = ()
    framing: Framing | None = None

    @property
    def open(self) -> bool:
        """Whether it is a range, such as `image/*`, of which the caller names one."""
        return "*" in self.media_type.raw


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent with an operation, in the first of its forms unless the caller chooses."""

    media: tuple[Media, ...]
    required: bool
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True)
class Header:
    """A header of an answer; `listed` where it is a list."""

    wire: SpecText
    description: SpecText | None
    listed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One documented answer.

    Attributes:
        status: Three digits, a range such as "4XX", or "default".
        media: What may come; the first is asked for. Empty where no content is documented.
    """

    status: str
    media: tuple[Media, ...]
    headers: tuple[Header, ...]
    description: SpecText | None
    span: Span

    @property
    def type(self) -> Type | None:
        """The type of what is asked for."""
        return self.media[0].type if self.media else None


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
        server: Where it is, if not where the API is.
        servers: Where it may be called, the first unless the caller chooses; empty without a choice.
        accept: What the answer is asked for as.
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
    server: SpecText | None
    servers: tuple[NamedServer, ...]
    accept: SpecText
    idempotency_header: SpecText | None
    paging: Paging | None
    span: Span

    @property
    def request(self) -> str:
        """What it is on the wire: HTTP method and path."""
        return f"{self.method} {self.path.raw}"


@dataclass(frozen=True, slots=True)
class Resource:
    """Operations that belong together."""

    wire: SpecText
    given: SpecText | None
    description: SpecText | None
    operations: tuple[Operation, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What can be called after an answer.

    Attributes:
        source: Key of the operation that was answered.
        target: Key of the operation that goes on from there.
        statuses: Of the answers that have it.
        arguments: Constants and runtime expressions by index in `Operation.params` of the target.
        body: Likewise, what is sent.
    """

    wire: SpecText
    given: SpecText | None
    source: str
    target: str
    statuses: tuple[str, ...]
    arguments: tuple[tuple[int, SpecValue], ...]
    body: SpecValue | None
    description: SpecText | None
    span: Span

    @property
    def key(self) -> str:
        """Its identity within the API."""
        return f"{self.source} {' '.join(self.statuses)} {self.wire.raw}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A request that the provider makes: a webhook, or a callback of an operation.

    Attributes:
        words: What it is called, from the outside in.
        type: Of the payload.
        operation: Id of the operation it is a callback of.
    """

    key: str
    words: tuple[SpecText, ...]
    given: SpecText | None
    type: Type
    operation: SpecText | None
    description: SpecText | None
    deprecated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Server:
    """An address besides the default one."""

    url: SpecText
    description: SpecText | None


@dataclass(frozen=True, slots=True)
class NamedServer:
    """One of several addresses of an operation: by its name, or else by itself."""

    name: SpecText
    url: SpecText


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of the base URL that the user chooses, among `choices` where there are some."""

    wire: SpecText
    default: SpecText
    choices: tuple[SpecText, ...]
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
    servers: tuple[Server, ...]
    variables: tuple[ServerVariable, ...]
    credentials: tuple[Credential, ...]
    resources: tuple[Resource, ...]
    events: tuple[Event, ...]
    links: tuple[Link, ...]
    declarations: Mapping[str, Declaration]
    span: Span
