"""An OpenAPI document as frozen values; every value knows where it stands.

Names follow the OpenAPI 3.1 specification. Local references of parameters, responses, request
bodies and path items are already followed; references between schemas stay (`Schema.ref`), since
schemas may be recursive, and are looked up in `OpenApi.schemas`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue
from .security_model import SecurityScheme

__all__ = [
    "Discriminator",
    "Encoding",
    "Event",
    "Header",
    "Link",
    "LinkTarget",
    "MediaType",
    "OpenApi",
    "Operation",
    "Paging",
    "PagingStyle",
    "Parameter",
    "Place",
    "RequestBody",
    "Response",
    "Schema",
    "Server",
    "ServerVariable",
    "Tag",
    "ValueNote",
]

Place: TypeAlias = Literal["path", "query", "header", "cookie"]
PagingStyle: TypeAlias = Literal["cursor", "page", "offset", "link", "header"]


@dataclass(frozen=True, slots=True)
class Discriminator:
    """How to tell the variants of a union apart.

    Attributes:
        mapping: The schema that each value is said to mean.
        heirs: Component schemas composed of the one that has this, mapped or not.
    """

    property_name: SpecText
    mapping: tuple[tuple[SpecText, str], ...]
    span: Span
    heirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueNote:
    """What a document says of one value of an enum: a name for it, and what it means."""

    value: SpecValue
    name: SpecText | None
    description: SpecText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One schema object.

    Attributes:
        pointer: JSON pointer of this schema, without `#`.
        ref: JSON pointer of the schema it refers to; siblings of `$ref` are read as well.
        types: The `type` keyword without "null"; empty when absent.
        nullable: Whether null is allowed by `type`, by `nullable`, or as an enum member.
        boolean: Set for the schemas `true` and `false`.
        additional: `additionalProperties`, or `unevaluatedProperties`: a schema, True, False, or
            None when absent.
        patterns: Values of `patternProperties`.
        prefix: `prefixItems`, or `items` where it is a list.
        closed: Whether nothing may follow `prefix`.
        conditional: What holds under conditions: `then`, `else`, values of `dependentSchemas`.
        enum: Values of `enum`, or the one of `const`; null is in `nullable`.
        notes: What is said of values of `enum`, each by itself.
        timestamp: `x-linkwright-timestamp`.
        content: `contentSchema` of a text that is JSON.
    """

    span: Span
    pointer: str
    ref: str | None = None
    boolean: bool | None = None
    types: tuple[str, ...] = ()
    nullable: bool = False
    format: SpecText | None = None
    enum: tuple[SpecValue, ...] | None = None
    notes: tuple[ValueNote, ...] = ()
    default: SpecValue | None = None
    properties: tuple[tuple[SpecText, Schema], ...] = ()
    required: frozenset[SpecText] = frozenset()
    additional: Schema | bool | None = None
    patterns: tuple[Schema, ...] = ()
    items: Schema | None = None
    prefix: tuple[Schema, ...] = ()
    closed: bool = False
    all_of: tuple[Schema, ...] = ()
    one_of: tuple[Schema, ...] = ()
    any_of: tuple[Schema, ...] = ()
    conditional: tuple[Schema, ...] = ()
    discriminator: Discriminator | None = None
    title: SpecText | None = None
    description: SpecText | None = None
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    secret: bool = False
    name: SpecText | None = None
    timestamp: Literal["utc", "naive"] | None = None
    content: Schema | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of an operation.

    Attributes:
        reserved: Whether reserved characters are sent as they are (`allowReserved`).
        empty: Whether it may be sent without a value (`allowEmptyValue`).
        media_type: Set where the value is a document of its own (`content`).
        schema: None when nothing is said of its type.
    """

    span: Span
    wire: SpecText
    place: Place
    required: bool
    style: str
    explode: bool
    reserved: bool
    empty: bool
    media_type: SpecText | None
    schema: Schema | None
    description: SpecText | None
    deprecated: bool
    secret: bool
    name: SpecText | None


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form or multipart body is sent; None where nothing is said."""

    wire: SpecText
    content_type: SpecText | None
    style: str | None
    explode: bool | None
    reserved: bool
    headers: tuple[SpecText, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class MediaType:
    """One entry of a `content` map."""

    media_type: SpecText
    schema: Schema | None
    item_schema: Schema | None
    encoding: tuple[Encoding, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Header:
    """A header of an answer; `listed` where its schema is a list."""

    wire: SpecText
    description: SpecText | None
    listed: bool


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What may be sent."""

    required: bool
    content: tuple[MediaType, ...]
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A webhook, or a callback of an operation: a request that the provider makes.

    Attributes:
        method: Set where the same name has several.
    """

    span: Span
    wire: SpecText
    method: str | None
    name: SpecText | None
    summary: SpecText | None
    description: SpecText | None
    deprecated: bool
    body: RequestBody | None


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """An operation by its id, or by path and method."""

    operation_id: SpecText | None
    path: SpecText | None
    method: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What can be called after an answer.

    Attributes:
        parameters: Constants and runtime expressions by the names of parameters, which may have
            their place before them (`path.id`).
        body: Likewise, what is sent.
    """

    span: Span
    wire: SpecText
    name: SpecText | None
    target: LinkTarget
    parameters: tuple[tuple[SpecText, SpecValue], ...]
    body: SpecValue | None
    description: SpecText | None


@dataclass(frozen=True, slots=True)
class Response:
    """One documented answer; `status` is three digits, a range such as "4XX", or "default"."""

    status: str
    content: tuple[MediaType, ...]
    headers: tuple[Header, ...]
    links: tuple[Link, ...]
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How pages follow each other: `items` and `next` are JSON pointers into an answer.

    Attributes:
        guessed: Another tool's keyword says so, so that what does not fit is no error.
    """

    span: Span
    style: PagingStyle
    items: SpecText
    next: SpecText | None
    parameter: SpecText | None
    size: SpecText | None
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    Attributes:
        suggested_name: What the vendor's own SDK generator was told to call the method.
        group: Likewise, the resource it was told to put it in.
        security: None where the document's own applies.
        servers: Its own, or those of its path; empty where the document's apply.
    """

    span: Span
    method: str
    path: SpecText
    operation_id: SpecText | None
    name: SpecText | None
    suggested_name: SpecText | None
    group: SpecText | None
    tags: tuple[SpecText, ...]
    summary: SpecText | None
    description: SpecText | None
    deprecated: bool
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: tuple[Response, ...]
    security: tuple[tuple[SpecText, ...], ...] | None
    retry: Literal["safe", "idempotent", "never"] | None
    browser: bool
    timeout: float | None
    servers: tuple[Server, ...]
    paging: Paging | None
    callbacks: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """One `{variable}` of a server URL."""

    wire: SpecText
    default: SpecText
    choices: tuple[SpecText, ...]
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True)
class Server:
    """Where requests go."""

    url: SpecText
    name: SpecText | None
    variables: tuple[ServerVariable, ...]
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True)
class Tag:
    """A group of operations."""

    wire: SpecText
    name: SpecText | None
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApi:
    """A whole document.

    Attributes:
        schemas: Every schema that an operation reaches through `$ref`, by JSON pointer.
        scopes: What all security requirements together want of each scheme.
    """

    span: Span
    title: SpecText
    version: SpecText
    summary: SpecText | None
    description: SpecText | None
    name: SpecText | None
    servers: tuple[Server, ...]
    tags: tuple[Tag, ...]
    operations: tuple[Operation, ...]
    webhooks: tuple[Event, ...]
    schemas: Mapping[str, Schema]
    security_schemes: tuple[SecurityScheme, ...]
    scopes: Mapping[SpecText, tuple[SpecText, ...]]
    security: tuple[tuple[SpecText, ...], ...]
