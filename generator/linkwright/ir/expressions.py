"""Expressions of a checked facade: how a value is come by, with the type it has.

Types are those of `ir.types`; a declaration of the facade itself is `Named("facade:" + name)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue
from .types import Type

__all__ = [
    "Address",
    "AnyOf",
    "Attr",
    "Build",
    "Cast",
    "Check",
    "Choose",
    "Constantly",
    "Entry",
    "Expr",
    "FirstOf",
    "HookCall",
    "Items",
    "Latest",
    "Lookup",
    "MapOver",
    "Mapped",
    "Member",
    "Members",
    "Needed",
    "Obj",
    "Text",
    "Var",
]


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
