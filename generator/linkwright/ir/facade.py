"""A facade that has been checked against the providers it covers.

Types are those of `ir.types`. A declaration of the facade itself is `Named("facade:" + name)`;
every other key is one of the provider's `Api`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue
from .expressions import Expr, HookCall, Var
from .types import Type

__all__ = [
    "Adapter",
    "Argument",
    "Done",
    "Event",
    "Facade",
    "FacadeEnum",
    "FacadeError",
    "FacadeOperation",
    "FacadeRecord",
    "Fact",
    "GuardCall",
    "GuardRule",
    "Level",
    "Mapper",
    "Repeated",
    "Rules",
    "Sent",
    "Signing",
    "Wait",
    "Way",
    "WebhookRules",
    "facade_key",
]

Level: TypeAlias = Literal["native", "emulated", "partial", "unsupported"]


def facade_key(name: str) -> str:
    """The key of a declaration of the facade."""
    return f"facade:{name}"


@dataclass(frozen=True, slots=True)
class FacadeEnum:
    """A closed enumeration."""

    name: str
    values: tuple[tuple[SpecText, SpecText], ...]
    description: SpecText | None


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, a field or a setting."""

    name: str
    type: Type
    description: SpecText
    secret: bool = False
    positional: bool = False
    default: SpecValue | None = None


@dataclass(frozen=True, slots=True)
class FacadeRecord:
    """A record; `native` if it keeps the provider's model."""

    name: str
    native: bool
    fields: tuple[Argument, ...]
    description: SpecText


@dataclass(frozen=True, slots=True)
class FacadeError:
    """A kind of error."""

    name: str
    description: SpecText
    statuses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """How an operation waits; states are values of the enumeration of the status."""

    look: str
    track: str | None
    handle: str
    outcome: str
    status: str
    ready: tuple[SpecText, ...]
    user: tuple[SpecText, ...]
    failed: tuple[SpecText, ...]


@dataclass(frozen=True, slots=True)
class FacadeOperation:
    """An operation; `returns` is None for nothing."""

    name: str
    summary: SpecText
    arguments: tuple[Argument, ...]
    returns: Type | None
    iterates: bool
    tolerates: tuple[str, str] | None
    destroys: bool
    wait: Wait | None
    span: Span


@dataclass(frozen=True, slots=True)
class Fact:
    """Something of a provider's document that a mapping relies on."""

    kind: Literal["operation", "parameter", "property", "value"]
    name: SpecText
    span: Span
    used: Span


@dataclass(frozen=True, slots=True)
class Sent:
    """One call; with `each`, for every member of a list."""

    name: str
    operation: str
    parameters: tuple[tuple[int, Expr], ...]
    body: Expr | None
    idempotency_key: Expr | None
    each: tuple[Var, Expr] | None
    type: Type | None


@dataclass(frozen=True, slots=True)
class GuardRule:
    """Compares an argument with what the provider says; `parameters` are those it reads."""

    name: str
    argument: str
    step: Sent
    equals: Expr
    remember: bool
    reads: tuple[Var, ...]


@dataclass(frozen=True, slots=True)
class GuardCall:
    """The use of a guard: its argument, and a variable for everything it reads."""

    name: str
    argument: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do an operation; `when` is an argument that is null for it."""

    when: str | None
    guard: GuardCall | None
    steps: tuple[Sent, ...]
    after: tuple[str, Expr] | None
    result: Expr | None


@dataclass(frozen=True, slots=True)
class Repeated:
    """One operation for everything that another one lists."""

    over: str
    do: str
    skip: HookCall | None


@dataclass(frozen=True, slots=True)
class Done:
    """How a provider does an operation.

    Attributes:
        optional: Arguments that may be left out here.
        refuses: Arguments that cannot be given, with the reason.
    """

    operation: FacadeOperation
    level: Level
    reason: SpecText | None
    alternative: str | None
    paging: SpecText | None
    data: SpecText | None
    optional: tuple[str, ...]
    refuses: tuple[tuple[str, SpecText], ...]
    ways: tuple[Way, ...]
    loop: Repeated | None
    pace: tuple[float, float, float, float | None] | None


@dataclass(frozen=True, slots=True)
class Mapper:
    """How native models become a resource."""

    resource: str
    sources: tuple[str, ...]
    native: Var
    context: tuple[Var, ...]
    fields: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """How error answers are told apart; paths into the JSON of the body."""

    code: tuple[SpecText, ...]
    message: tuple[SpecText, ...]
    request_id: tuple[SpecText, ...]
    retry_at: tuple[SpecText, ...]
    statuses: tuple[tuple[int, str], ...]
    codes: tuple[tuple[SpecText, str], ...]


@dataclass(frozen=True, slots=True)
class Signing:
    """How a webhook is signed."""

    algorithm: Literal["hmac-sha256", "rsa-sha256"]
    secret: Literal["text", "whsec", "pem"]
    parts: tuple[tuple[Literal["text", "header", "path", "url", "body"], SpecText], ...]
    header: SpecText
    prefix: SpecText
    separator: SpecText | None
    time: tuple[Literal["header", "body"], SpecText]


@dataclass(frozen=True, slots=True)
class Event:
    """Where in a webhook what stands: a path into its JSON, or the name of a hook."""

    native_type: tuple[SpecText, ...] | str
    id: SpecText | None
    connection_id: tuple[SpecText, ...] | str | None
    owner_id: tuple[SpecText, ...] | str | None
    occurred_at: tuple[SpecText, ...] | None
    at: tuple[SpecText, ...] | None
    resource: str | None
    context: tuple[tuple[str, tuple[SpecText, ...]], ...]


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """The webhooks of a provider."""

    signing: Signing
    event: Event
    types: tuple[tuple[SpecText, SpecText], ...]
    refine: tuple[tuple[SpecText, tuple[tuple[SpecText, SpecText], ...]], ...]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A provider behind the facade. `operations` has every operation, in the facade's order."""

    provider: str
    hooks: str | None
    settings: tuple[Argument, ...]
    guards: tuple[GuardRule, ...]
    mappers: tuple[Mapper, ...]
    rules: Rules
    operations: tuple[Done, ...]
    webhooks: WebhookRules | None
    facts: tuple[Fact, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Facade:
    """One typed interface over several providers."""

    name: str
    package: str
    resource: str
    summary: SpecText
    enums: tuple[FacadeEnum, ...]
    records: tuple[FacadeRecord, ...]
    errors: tuple[FacadeError, ...]
    operations: tuple[FacadeOperation, ...]
    adapters: tuple[Adapter, ...]

    @property
    def enum_values(self) -> Mapping[str, tuple[SpecText, ...]]:
        """Values of the enumerations, by key."""
        return {facade_key(e.name): tuple(v for v, _ in e.values) for e in self.enums}
