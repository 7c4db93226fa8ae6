"""Types as data, and the declarations they may name."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue

__all__ = [
    "Alias",
    "Anything",
    "Constant",
    "Declaration",
    "Enumeration",
    "Field",
    "ListOf",
    "MapOf",
    "Named",
    "Nullable",
    "Rank",
    "Scalar",
    "ScalarKind",
    "Struct",
    "Tag",
    "TupleOf",
    "Type",
    "UnionOf",
    "Wish",
    "is_file",
    "is_larger",
    "json_type",
    "nullable",
    "union",
]


class ScalarKind(enum.Enum):
    """The leaves. Timestamps differ in what a missing zone means."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DECIMAL_NUMBER = "decimal number"  # a JSON number that must stay exact
    DECIMAL_STRING = "decimal string"
    DATE = "date"
    TIMESTAMP = "timestamp"  # RFC 3339, with a zone
    UTC_TIMESTAMP = "utc timestamp"  # the zone may be missing and then is UTC
    LOCAL_TIMESTAMP = "local timestamp"  # no zone on the wire, none documented
    BYTES = "bytes"  # a whole body, as it is
    FILE = "file"  # a string of any bytes: a part of a multipart body


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf."""

    kind: ScalarKind


@dataclass(frozen=True, slots=True)
class Constant:
    """Exactly one value, as far as the document knows."""

    value: SpecValue


@dataclass(frozen=True, slots=True)
class Named:
    """A declaration, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """String keys."""

    value: Type


@dataclass(frozen=True, slots=True)
class TupleOf:
    """A list of fixed length, each place with a type of its own."""

    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """The property whose value says which variant of a union it is.

    Attributes:
        wire: Its name.
        keys: The declaration for each of its values.
        other: The declaration for every other value, where there is one.
    """

    wire: SpecText
    keys: tuple[tuple[SpecText, str], ...]
    other: str | None = None


@dataclass(frozen=True, slots=True)
class UnionOf:
    """Two or more variants, none of them nullable, nor a union without a tag of its own.

    With a tag, all are structs.
    """

    variants: tuple[Type, ...]
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Nullable:
    """Null besides `inner`, which is not itself nullable."""

    inner: Type


Type: TypeAlias = (
    Anything | Scalar | Constant | Named | ListOf | TupleOf | MapOf | UnionOf | Nullable
)


def nullable(inner: Type) -> Type:
    """`inner` or null."""
    return inner if isinstance(inner, Nullable) else Nullable(inner)


def union(variants: Iterable[Type]) -> Type:
    """One of several types: flattened, without repetitions, null on the outside.

    A union with a tag stays one: only there does the tag tell its variants apart.
    """
    given = tuple(variants)
    if len(given) == 1:
        return given[0]
    flat: dict[Type, None] = {}
    null = False
    for variant in given:
        if isinstance(variant, Nullable):
            null, variant = True, variant.inner
        parts: tuple[Type, ...] = (variant,)
        if isinstance(variant, UnionOf) and variant.tag is None:
            parts = variant.variants
        flat.update(dict.fromkeys(parts))
    types = tuple(flat)
    inner: Type
    if not types or Anything() in types:
        inner = Anything()
    else:
        inner = types[0] if len(types) == 1 else UnionOf(types)
    return nullable(inner) if null else inner


def is_file(type_: Type) -> bool:
    """Whether a value is the content of a file, or a list of such."""
    match type_:
        case Nullable(inner) | ListOf(inner):
            return is_file(inner)
        case _:
            return type_ == Scalar(ScalarKind.FILE)


def is_larger(type_: Type, parts: int, levels: int) -> bool:
    """Whether a type, written out, has more parts or levels; looks at no more than these."""
    waiting = [(type_, 1)]
    seen = 0
    while waiting:
        one, level = waiting.pop()
        seen += 1
        if seen > parts or level > levels:
            return True
        waiting += [(inner, level + 1) for inner in _inside(one)]
    return False


def _inside(type_: Type) -> tuple[Type, ...]:
    match type_:
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            return (inner,)
        case UnionOf(variants) | TupleOf(variants):
            return variants
        case _:
            return ()


def json_type(value: object) -> str | None:
    """Which kind of JSON scalar a value is; None for null, lists and objects."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case _:
            return None


class Rank(enum.IntEnum):
    """Who keeps a name that two want: the lower rank."""

    GIVEN = 0
    COMPONENT = 1
    INSIDE = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What a thing should be called, before any language has a say.

    Attributes:
        parts: From the outside in: `(Connection, lastAttempt)`.
        given: A name the document's author insists on.
        longer: What else it may be called, each time by more of what it is.
        rank: Who yields where two wish for the same.
    """

    parts: tuple[SpecText, ...]
    given: SpecText | None = None
    longer: tuple[tuple[SpecText, ...], ...] = ()
    rank: Rank = Rank.INSIDE

    def inside(self, *parts: str, longer: tuple[str, ...] = ()) -> Wish:
        """The wish of something that stands inside and has no name of its own.

        Args:
            parts: Where it stands.
            longer: What may be said instead of `parts` if that is not enough.
        """
        head = (self.given,) if self.given else self.parts
        return Wish(
            head + tuple(SpecText(part) for part in parts),
            longer=tuple((*head, SpecText(other)) for other in longer),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One property of a struct.

    Attributes:
        default: What the provider takes where it is not sent; for readers only.
        known: Documented values, where the type does not list them.
    """

    wire: SpecText
    type: Type
    required: bool
    description: SpecText | None
    deprecated: bool
    secret: bool
    given: SpecText | None
    span: Span
    default: SpecValue | None = None
    known: tuple[SpecValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Struct:
    """An object with known properties.

    Attributes:
        key: Identity; the JSON pointer of its schema, with `?input` for the form that is sent,
            where that differs.
        extra: Type of further properties where the document describes them.
    """

    key: str
    wish: Wish
    fields: tuple[Field, ...]
    extra: Type | None
    description: SpecText | None
    deprecated: bool
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumeration:
    """A set of known strings, or of known integers; others may come.

    Attributes:
        names: For each value, what its author calls it.
        descriptions: For each value, what it means.
    """

    key: str
    wish: Wish
    values: tuple[SpecValue, ...]
    names: tuple[SpecText | None, ...]
    descriptions: tuple[SpecText | None, ...]
    description: SpecText | None
    deprecated: bool
    span: Span

    @property
    def integers(self) -> bool:
        """Whether the values are integers."""
        return isinstance(self.values[0].raw, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name for a type that contains itself without being an object."""

    key: str
    wish: Wish
    type: Type
    description: SpecText | None
    deprecated: bool
    span: Span


Declaration: TypeAlias = Struct | Enumeration | Alias
