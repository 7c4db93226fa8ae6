"""The values of a mapping: the verbs of the language, as its files say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue

__all__ = [
    "Case",
    "Cases",
    "Const",
    "Each",
    "First",
    "Hook",
    "ItemsOf",
    "MapTo",
    "Name",
    "Newest",
    "Nothing",
    "Object",
    "Path",
    "Record",
    "Require",
    "Spread",
    "Table",
    "Template",
    "Test",
    "Url",
    "Value",
]


@dataclass(frozen=True, slots=True)
class Path:
    """`institution.id`: what stands there, or null where anything on the way is null."""

    parts: tuple[SpecText, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Const:
    """`{const: user}`, or a bare null: always the same."""

    value: SpecValue
    span: Span


@dataclass(frozen=True, slots=True)
class Nothing:
    """`{none: reason}`: the provider has nothing of the kind."""

    reason: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """`{name: operation}`: what the running operation is called."""

    span: Span


@dataclass(frozen=True, slots=True)
class Require:
    """`{require: path}`: an argument that may be missing, and must not be."""

    of: Path
    span: Span


@dataclass(frozen=True, slots=True)
class First:
    """`{first: [a, b]}`: the first that is neither null nor an empty string."""

    parts: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """`{table: path, values: {...}}`: one value for each value of an enumeration."""

    of: Value
    values: Mapping[str, Value]
    keys: Mapping[str, Span]
    null: Value | None
    other: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: a path is one of some values, null, or set."""

    path: Path
    values: tuple[SpecValue, ...]
    set: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """Alternatives of conditions that hold together, and what then."""

    when: tuple[tuple[Test, ...], ...]
    then: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Cases:
    """`{cases: [...], otherwise: ...}`: the first case that holds.

    Attributes:
        total: Paths whose enumerations must be named value by value.
    """

    cases: tuple[Case, ...]
    otherwise: Value
    total: tuple[Path, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """`{template: "{status}/{stage}"}`: text with paths in it; null where all of them are."""

    texts: tuple[SpecText, ...]
    paths: tuple[Path, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Url:
    """`{url: https://..., query: {...}}`: an address; null parts of the query are left out."""

    base: SpecText
    query: Mapping[str, Value]
    span: Span


@dataclass(frozen=True, slots=True)
class Record:
    """`{record: Name, fields: {...}}`: a record of the facade.

    Attributes:
        of: What the paths of the fields start from; null makes the whole null.
    """

    name: SpecText
    fields: Mapping[str, Value]
    keys: Mapping[str, Span]
    of: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class MapTo:
    """`{to: Resource, of: path}`: a resource, by its own mapping."""

    resource: SpecText
    of: Path
    span: Span


@dataclass(frozen=True, slots=True)
class Each:
    """`{each: path, ...}`: one value for every member of a list."""

    of: Value
    to: Value
    span: Span


@dataclass(frozen=True, slots=True)
class ItemsOf:
    """`{list: [a, b]}`: a list of values."""

    items: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Newest:
    """`{newest: path, by: field, unless: {...}}`: the latest member of a list."""

    of: Path
    by: Path
    unless: tuple[Test, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Hook:
    """`{hook: name, with: [...]}`: a function written by hand.

    Attributes:
        returns: Its result, where the place does not say.
        uses: What of the provider's document it relies on: `Schema.property` or `Enum.value`.
    """

    name: SpecText
    arguments: tuple[Value, ...]
    returns: SpecText | None
    uses: tuple[tuple[SpecText, Span], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Object:
    """`{fields: {...}}`: an object of a request body; null members are left out."""

    fields: Mapping[str, Value]
    keys: Mapping[str, Span]
    span: Span


@dataclass(frozen=True, slots=True)
class Spread:
    """`{spread: path, reserved: [...]}`: a request body made of a map's members."""

    of: Value
    reserved: tuple[tuple[SpecText, Span], ...]
    span: Span


Value: TypeAlias = (
    Path
    | Const
    | Nothing
    | Name
    | Require
    | First
    | Table
    | Cases
    | Template
    | Url
    | Record
    | MapTo
    | Each
    | ItemsOf
    | Newest
    | Hook
    | Object
    | Spread
)
