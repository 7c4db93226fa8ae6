"""What names in a mapping may mean: declarations of the facade and of one provider's API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from ...diagnostics import Collector
from ...ir.api import Api, Operation
from ...ir.facade import FacadeEnum, FacadeRecord, Fact, facade_key
from ...ir.types import (
    Declaration,
    Enumeration,
    Field,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    Type,
    UnionOf,
    nullable,
)
from ...mapping.model import TypeName
from ...source.span import Span
from ...source.text import SpecText, shown

__all__ = ["Names", "World", "described", "near", "texts"]

_SCALARS = {
    "string": ScalarKind.STRING,
    "integer": ScalarKind.INTEGER,
    "number": ScalarKind.FLOAT,
    "boolean": ScalarKind.BOOLEAN,
    "decimal": ScalarKind.DECIMAL_NUMBER,
    "date": ScalarKind.DATE,
    "datetime": ScalarKind.TIMESTAMP,
}
_COMPONENT = "/components/schemas/"


def near(wanted: str, known: Sequence[str]) -> str:
    """A hint what was probably meant, or what there is."""
    found = get_close_matches(wanted, known, 1)
    if found:
        return f"did you mean {shown(found[0])}?"
    return f"there are {shown(', '.join(sorted(known)), 400)}" if known else "there is none"


@dataclass(frozen=True, slots=True)
class Names:
    """Declarations of the facade."""

    enums: Mapping[str, FacadeEnum]
    records: Mapping[str, FacadeRecord] = field(default_factory=dict[str, FacadeRecord])

    def type_of(self, name: TypeName, out: Collector) -> Type:
        """The type that a name such as `list[Thing]?` means; E501 if it means none."""
        found = self._type(name.text.raw.strip())
        if found is None:
            known = [*_SCALARS, *self.enums, *self.records]
            out.add(
                "E501",
                f"there is no type {name.text.shown!r}",
                name.span,
                help=near(name.text.raw.strip("?"), known),
            )
            return Scalar(ScalarKind.STRING)
        return found

    def _type(self, text: str) -> Type | None:
        if text.endswith("?"):
            inner = self._type(text[:-1])
            return nullable(inner) if inner else None
        generic = re.fullmatch(r"(list|iterator|map)\[(.*)\]", text)
        if generic:
            inner = self._type(generic[2])
            wrap = MapOf if generic[1] == "map" else ListOf
            return wrap(inner) if inner else None
        if text in _SCALARS:
            return Scalar(_SCALARS[text])
        known = text in self.enums or text in self.records
        return Named(facade_key(text)) if known else None


@dataclass(slots=True)
class World:
    """One provider's API, looked at through a mapping.

    Attributes:
        mapping: Place of the mapping file, for what it lacks as a whole.
        facts: Everything of the document that was found and is relied on.
    """

    api: Api
    names: Names
    out: Collector
    facts: list[Fact] = field(default_factory=list[Fact])
    _operations: Mapping[str, Operation] = field(init=False)

    def __post_init__(self) -> None:
        """Index the operations by their id."""
        self._operations = {o.id.raw: o for r in self.api.resources for o in r.operations}

    def bad(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None = None,
        there: tuple[Span, str] | None = None,
    ) -> None:
        """Complain, with the place in the provider's document beside the one in the mapping."""
        related = [there or (self.api.span, f"the document of {self.api.provider}")]
        self.out.add(code, message, span, help=help, related=related)

    def fact(
        self,
        kind: Literal["operation", "parameter", "property", "value"],
        name: SpecText,
        span: Span,
        used: Span,
    ) -> None:
        """Note that something of the document is relied on."""
        self.facts.append(Fact(kind, name, span, used))

    def operation(self, name: SpecText, span: Span) -> Operation | None:
        """An operation by its id; E502 if there is none."""
        found = self._operations.get(name.raw)
        if found is None:
            self.bad(
                "E502",
                f"{self.api.provider} has no operation {name.shown!r}",
                span,
                help=near(name.raw, list(self._operations)),
            )
            return None
        self.fact("operation", name, found.span, span)
        return found

    def operation_by_key(self, key: str) -> Operation:
        """An operation that was found before."""
        return next(o for o in self._operations.values() if o.key == key)

    def declaration(self, name: SpecText, span: Span) -> Declaration | None:
        """A schema by its name; E502 if there is none."""
        found = self.api.declarations.get(_COMPONENT + name.raw)
        if found is None:
            known = [k.removeprefix(_COMPONENT) for k in self.api.declarations]
            self.bad(
                "E502",
                f"{self.api.provider} has no schema {name.shown!r}",
                span,
                help=near(name.raw, [k for k in known if "/" not in k]),
            )
        return found

    def uses(self, name: SpecText, span: Span) -> None:
        """Check `Schema.property` or `Enum.value`, which a hook relies on."""
        schema, _, member = name.raw.partition(".")
        if _COMPONENT + schema not in self.api.declarations:
            self.bad("E502", f"{self.api.provider} has no {name.shown!r}", span)
            return
        found = self.declaration(SpecText(schema), span)
        match found:
            case Enumeration():
                self.value(found, SpecText(member), span)
            case Struct():
                self.property(found, SpecText(member), span)
            case _:
                pass

    def value(self, enum: Enumeration, value: SpecText, span: Span) -> bool:
        """Check a value of an enumeration of the provider."""
        if value in texts(enum):
            self.fact("value", value, enum.span, span)
            return True
        self.bad(
            "E502",
            f"{self.title(enum.key)} of {self.api.provider} has no value {value.shown!r}",
            span,
            help=near(value.raw, [v.raw for v in texts(enum)]),
            there=(enum.span, "the values stand here"),
        )
        return False

    def property(self, struct: Struct, wire: SpecText, span: Span) -> Field | None:
        """A property of a struct; E502 if there is none."""
        for one in struct.fields:
            if one.wire == wire:
                self.fact("property", wire, one.span, span)
                return one
        self.bad(
            "E502",
            f"{self.title(struct.key)} of {self.api.provider} has no property {wire.shown!r}",
            span,
            help=near(wire.raw, [f.wire.raw for f in struct.fields]),
            there=(struct.span, f"{self.title(struct.key)} stands here"),
        )
        return None

    def title(self, key: str) -> str:
        """What to call a declaration in a message."""
        return shown(key.removeprefix("facade:").removeprefix(_COMPONENT))

    def told(self, type_: Type) -> str:
        """A type in the words of the mapping language."""
        return described(type_, self.title)


def texts(enum: Enumeration) -> tuple[SpecText, ...]:
    """The values of an enumeration as text."""
    return tuple(SpecText(str(v.raw)) for v in enum.values)


def described(type_: Type, title: object = None) -> str:
    """A type in the words of the mapping language."""
    name = title if callable(title) else str
    match type_:
        case Nullable(inner):
            return f"{described(inner, title)}?"
        case Scalar(kind):
            words = {kind: word for word, kind in _SCALARS.items()}
            return words.get(kind, kind.value)
        case Named(key):
            return str(name(key))
        case ListOf(item):
            return f"list[{described(item, title)}]"
        case MapOf(inner):
            return f"map[{described(inner, title)}]"
        case UnionOf(variants):
            return " or ".join(described(v, title) for v in variants)
        case _:
            return "anything"
