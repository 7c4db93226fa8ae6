"""Facades and mappings as their files say them; nothing is resolved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue
from .syntax import Hook, Path, Value

__all__ = [
    "Branch",
    "Call",
    "Definition",
    "EnumDefinition",
    "ErrorDefinition",
    "Errors",
    "EventMapping",
    "FieldDefinition",
    "Guard",
    "GuardUse",
    "Level",
    "Loop",
    "OperationDefinition",
    "OperationMapping",
    "ProviderMapping",
    "RecordDefinition",
    "ResourceMapping",
    "Setting",
    "Signed",
    "TypeName",
    "WaitDefinition",
    "WaitMapping",
    "Webhooks",
]

Level: TypeAlias = Literal["native", "emulated", "partial", "unsupported"]


# facade.yaml


@dataclass(frozen=True, slots=True)
class TypeName:
    """`string?`, `list[Name]`, `map[string]`; `iterator[Name]` and `nothing` for results."""

    text: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class EnumDefinition:
    """A closed enumeration."""

    name: str
    values: Mapping[str, SpecText]
    keys: Mapping[str, Span]
    description: SpecText | None
    span: Span


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A field of a record, or an argument of an operation."""

    name: str
    type: TypeName
    secret: bool
    positional: bool
    default: SpecValue | None
    description: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class RecordDefinition:
    """A record; `native` if it keeps the provider's model."""

    name: str
    native: bool
    fields: tuple[FieldDefinition, ...]
    description: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class ErrorDefinition:
    """A kind of error, with the statuses that mean it unless a provider says otherwise."""

    name: str
    description: SpecText
    statuses: tuple[int, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class WaitDefinition:
    """How an operation waits: what it looks at, and what the states mean."""

    look: str
    track: str | None
    handle: str
    outcome: str
    ready: tuple[tuple[str, Span], ...]
    user: tuple[tuple[str, Span], ...]
    failed: tuple[tuple[str, Span], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class OperationDefinition:
    """An operation of the facade."""

    name: str
    summary: SpecText
    arguments: tuple[FieldDefinition, ...]
    returns: TypeName | None
    tolerates: tuple[str, str, Span] | None
    destroys: bool
    wait: WaitDefinition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Definition:
    """A facade, as `facade.yaml` says it."""

    name: str
    package: str
    resource: str
    summary: SpecText
    enums: tuple[EnumDefinition, ...]
    records: tuple[RecordDefinition, ...]
    errors: tuple[ErrorDefinition, ...]
    operations: tuple[OperationDefinition, ...]
    span: Span


# <provider>.yaml


@dataclass(frozen=True, slots=True)
class Setting:
    """What a user says once, when connecting."""

    name: str
    type: TypeName
    description: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the provider's API.

    Attributes:
        name: What later steps call its answer.
        each: Repeats the call: the name of the loop variable, and what it runs over.
    """

    name: str
    operation: SpecText
    parameters: Mapping[str, Value]
    keys: Mapping[str, Span]
    body: Value | None
    idempotency_key: Path | None
    each: tuple[str, Value] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses an argument that is not what the provider says it is."""

    name: str
    argument: str
    call: Call
    equals: Value
    remember: bool
    span: Span


@dataclass(frozen=True, slots=True)
class GuardUse:
    """A guard in front of an operation; `names` replaces what it reads."""

    name: str
    names: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True)
class Branch:
    """One way to do an operation.

    Attributes:
        when: An argument that is null for this way; None for the last.
        after: An argument, and what in the answer it must equal.
    """

    when: Path | None
    guard: GuardUse | None
    steps: tuple[Call, ...]
    after: tuple[str, Value] | None
    result: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class Loop:
    """Does one operation for everything that another one lists."""

    over: str
    do: str
    skip: Hook | None
    span: Span


@dataclass(frozen=True, slots=True)
class WaitMapping:
    """Seconds between looks, and how long an old state is not believed."""

    first: float
    factor: float
    longest: float
    grace: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class OperationMapping:
    """How a provider does an operation of the facade, or why it cannot."""

    name: str
    level: Level
    reason: SpecText | None
    alternative: str | None
    paging: SpecText | None
    data: SpecText | None
    refuses: Mapping[str, SpecText]
    keys: Mapping[str, Span]
    same_as: str | None
    loop: Loop | None
    branches: tuple[Branch, ...]
    wait: WaitMapping | None
    span: Span


@dataclass(frozen=True, slots=True)
class ResourceMapping:
    """How a native model becomes a resource."""

    name: str
    sources: tuple[tuple[SpecText, Span], ...]
    context: tuple[FieldDefinition, ...]
    fields: Mapping[str, Value]
    keys: Mapping[str, Span]
    span: Span


@dataclass(frozen=True, slots=True)
class Errors:
    """How error answers are told apart."""

    body: SpecText
    code: Path | None
    message: Path | None
    request_id: Path | None
    retry_at: Path | None
    statuses: tuple[tuple[int, str, Span], ...]
    codes: tuple[tuple[str, tuple[tuple[SpecText, Span], ...], Span], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Signed:
    """How a webhook is signed."""

    algorithm: Literal["hmac-sha256", "rsa-sha256"]
    secret: Literal["text", "whsec", "pem"]
    parts: tuple[tuple[Literal["text", "header", "path", "url", "body"], SpecText], ...]
    header: SpecText
    prefix: SpecText
    separator: SpecText | None
    time: tuple[Literal["header", "body"], SpecText]
    span: Span


@dataclass(frozen=True, slots=True)
class EventMapping:
    """Where in a webhook what stands: a path into its JSON, a header, or a hook."""

    native_type: Path | Hook
    id: SpecText | None
    connection_id: Path | Hook | None
    owner_id: Path | Hook | None
    occurred_at: Path | None
    resource: tuple[Path, str, Mapping[str, Path]] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The webhooks of a provider."""

    signed: Signed
    event: EventMapping
    types: Mapping[str, tuple[str, Span]]
    refine: Mapping[str, Mapping[str, tuple[str, Span]]]
    span: Span


@dataclass(frozen=True, slots=True)
class ProviderMapping:
    """How one provider fills a facade."""

    provider: str
    hooks: str | None
    settings: tuple[Setting, ...]
    optional: Mapping[str, SpecText]
    guards: tuple[Guard, ...]
    resources: tuple[ResourceMapping, ...]
    errors: Errors
    operations: tuple[OperationMapping, ...]
    webhooks: Webhooks | None
    span: Span
