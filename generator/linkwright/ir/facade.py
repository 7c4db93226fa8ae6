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
from .types import Type

__all__ = [
    "Adapter",
    "Address",
    "AnyOf",
    "Argument",
    "Attr",
    "Build",
    "Cast",
    "Check",
    "Choose",
    "Constantly",
    "Done",
    "Entry",
    "Event",
    "Expr",
    "Facade",
    "FacadeEnum",
    "FacadeError",
    "FacadeOperation",
    "FacadeRecord",
    "Fact",
    "FirstOf",
    "GuardCall",
    "GuardRule",
    "HookCall",
    "Items",
    "Latest",
    "Level",
    "Lookup",
    "MapOver",
    "Mapped",
    "Mapper",
    "Member",
    "Members",
    "Needed",
    "Obj",
    "Repeated",
    "Rules",
    "Sent",
    "Signing",
    "Text",
    "Var",
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
class Var:
    """An argument, the answer of a step, a setting, or what a mapping maps."""

    name: str
    type: Type
    setting: bool = False


@dataclass(frozen=True, slots=True)
class Attr:
    """A property; null where the object is."""

    of: Expr
    struct: str
    wire: SpecText
    type: Type


@dataclass(frozen=True, slots=True)
class Entry:
    """The value of a map under a key, or null."""

    of: Expr
    key: SpecText
    type: Type


@dataclass(frozen=True, slots=True)
class Constantly:
    """A constant: a scalar, null, or an empty list."""

    value: SpecValue
    type: Type


@dataclass(frozen=True, slots=True)
class Member:
    """A value of an enumeration, of the facade or the provider."""

    enum: str
    value: SpecText
    type: Type


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first part that is neither null nor an empty string."""

    parts: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table over an enumeration of the provider."""

    of: Expr
    enum: str
    entries: tuple[tuple[SpecText, Expr], ...]
    null: Expr | None
    other: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a value is null, set, or one of some others."""

    of: Expr
    kind: Literal["null", "set", "in"]
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Whether something holds for any member of a list, which may be null."""

    of: Expr
    variable: Var
    check: Check


@dataclass(frozen=True, slots=True)
class Choose:
    """The first case that holds: alternatives of checks that hold together."""

    cases: tuple[tuple[tuple[tuple[Check | AnyOf, ...], ...], Expr], ...]
    otherwise: Expr
    type: Type


@dataclass(frozen=True, slots=True)
class Text:
    """Texts with values between them; null where all values are."""

    texts: tuple[SpecText, ...]
    parts: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Address:
    """A URL; null parts of the query are left out."""

    base: SpecText
    query: tuple[tuple[SpecText, Expr], ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Build:
    """A record of the facade; null where `of` is.

    Attributes:
        of: What `variable` stands for in the fields.
    """

    record: str
    fields: tuple[tuple[str, Expr], ...]
    of: Expr | None
    variable: Var | None
    type: Type


@dataclass(frozen=True, slots=True)
class Mapped:
    """A resource, by its mapping."""

    resource: str
    of: Expr
    context: tuple[tuple[str, Expr], ...]
    type: Type


@dataclass(frozen=True, slots=True)
class MapOver:
    """One value for every member of a list; a null list is an empty one."""

    of: Expr
    variable: Var
    to: Expr
    paged: bool
    type: Type


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values."""

    parts: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Latest:
    """The member of a list with the latest time, of those for which no check holds."""

    of: Expr
    variable: Var
    by: Expr
    unless: tuple[Check | AnyOf, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class HookCall:
    """A function written by hand."""

    name: str
    arguments: tuple[Expr, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Cast:
    """A value in another form: as text, as a moment, or as an integer."""

    kind: Literal["text", "moment", "digits"]
    of: Expr
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Needed:
    """An argument, setting or map entry that may be missing, and must not be."""

    of: Expr
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Obj:
    """An object of a request body; null members that are not required are left out."""

    struct: str
    fields: tuple[tuple[SpecText, Expr, bool], ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Members:
    """A body made of the members of a map, without reserved names."""

    of: Expr
    reserved: tuple[SpecText, ...]
    type: Type


Expr: TypeAlias = (
    Var
    | Attr
    | Entry
    | Constantly
    | Member
    | FirstOf
    | Lookup
    | Choose
    | Text
    | Address
    | Build
    | Mapped
    | MapOver
    | Items
    | Latest
    | HookCall
    | Cast
    | Needed
    | Obj
    | Members
)


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
