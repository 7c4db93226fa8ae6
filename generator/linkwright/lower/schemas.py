"""Schemas become types and declarations."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..diagnostics import Collector
from ..ir.types import (
    Alias,
    Anything,
    Declaration,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    TupleOf,
    Type,
    UnionOf,
    Wish,
    is_larger,
    nullable,
    union,
)
from ..openapi.model import Schema
from ..source.limits import MAX_FIELDS, MAX_VARIANTS
from .compose import choices, compose, inherits, lists, own_part, speaking, with_base
from .enums import enumeration, fixed_values, of_constants
from .fields import FieldLowering
from .graph import SchemaGraph, content, is_object, parts_of
from .leaves import implied, scalar
from .unions import Members, structs, tag_of, without_text
from .wishes import input_wish, placed, variant_wish, wish_at

__all__ = ["TypeTable"]

_INPUT = "?input"
_COMPONENTS = "/components/schemas/"
#: Lists, maps and unions inside each other; Python's parser gives up at a hundred.
_DEEPEST = 40
#: Parts of a type that has no name: it is written out wherever it is used.
_LARGEST = 5_000
_NOTHING = UnionOf(())


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A declaration that has a name and no content yet."""

    key: str
    schema: Schema
    wish: Wish
    sending: bool
    opened: bool


class TypeTable:
    """Lowers schemas, and keeps the declarations they give rise to.

    Identity is the JSON pointer of a schema: whatever refers to it gets the same declaration.
    Component schemas that are neither objects nor enumerations have no declaration; their type
    stands wherever they are referred to, unless it contains itself.

    Where requests and answers differ (`readOnly`, `writeOnly`), the form that is sent is a
    declaration of its own.
    """

    def __init__(self, schemas: Mapping[str, Schema], out: Collector) -> None:
        self.schemas = schemas
        self._out = out
        self._graph = SchemaGraph(schemas)
        self._waiting: deque[_Waiting] = deque()
        self._sending = False
        self._opened = False
        self._depth = 0
        self._fields_made = 0
        # The types of schemas without a declaration, by what refers to them.
        self._known: dict[tuple[str, bool, bool], Type] = {}
        # Aliases that the type under construction is, rather than contains in a list or map.
        self._same: list[str] | None = None
        self.declarations: dict[str, Declaration] = {}

    def type_of(
        self, schema: Schema, wish: Wish, *, sending: bool = False, opened: bool = False
    ) -> Type:
        """The type of a schema.

        Args:
            schema: A schema that no other refers to.
            wish: What it should be called if it needs a name.
            sending: Whether the client sends it.
            opened: Whether it is an event, whose `data` has the type of what is in it.
        """
        self._sending, self._opened = sending, opened
        found = self._type(schema, wish)
        # Contents come later, so that no chain of references is too long for the stack.
        while self._waiting:
            waiting = self._waiting.popleft()
            self._sending, self._opened = waiting.sending, waiting.opened
            self._complete(waiting)
        return found

    def _complete(self, waiting: _Waiting) -> None:
        declared = self.declarations[waiting.key]
        if isinstance(declared, Struct):
            self.declarations[waiting.key] = self._struct_content(declared, waiting)
        elif isinstance(declared, Alias):
            assert waiting.schema.pointer
            self._same = [waiting.schema.pointer]
            type_ = self._type(waiting.schema, waiting.wish)
            self._same = None
            if type_ in (_NOTHING, Nullable(_NOTHING)):
                self._out.add("E205", "a schema that is nothing but itself", waiting.schema.span)
                type_ = Anything()
            self.declarations[waiting.key] = replace(declared, type=type_)

    def _type(self, schema: Schema, wish: Wish) -> Type:
        wish = placed(schema, wish)
        if self._depth >= _DEEPEST:
            self._out.add(
                "W203",
                f"lists and maps more than {_DEEPEST} levels deep; read as any value",
                schema.span,
            )
            return Anything()
        self._depth += 1
        inner = self._inner(schema, wish)
        self._depth -= 1
        return nullable(inner) if schema.nullable else inner

    def is_binary(self, schema: Schema) -> bool:
        """Whether a schema describes bytes rather than a document."""
        seen: set[str] = set()
        while schema.ref is not None and schema.ref not in seen:
            seen.add(schema.ref)
            schema = self.schemas[schema.ref]
        form = schema.format.raw if schema.format else None
        return schema.types == ("string",) and form == "binary"

    def _inner(self, schema: Schema, wish: Wish) -> Type:
        if schema.boolean is not None:
            if not schema.boolean:
                self._out.add(
                    "W203",
                    "a schema that allows nothing; what comes all the same is kept",
                    schema.span,
                )
            return Anything()
        if schema.enum is not None:
            return enumeration(schema, schema.enum, wish, self.declarations)
        if (count := max(len(schema.one_of), len(schema.any_of))) > MAX_VARIANTS:
            self._out.fail(
                "E104",
                f"a choice of {count:,} alternatives, at most {MAX_VARIANTS}",
                schema.span,
                help="an overlay can put fewer, or an open object, in its place",
            )
        if schema.ref is not None or schema.all_of:
            return self._composed(schema, wish)
        return self._plain(schema, wish)

    def _composed(self, schema: Schema, wish: Wish) -> Type:
        if schema.ref is not None and not schema.all_of and not content(own_part(schema)):
            return self._single(schema, schema, wish)
        speaking_parts = speaking(schema, self.schemas)
        if not speaking_parts and schema.ref is None:
            return Anything()
        if len(speaking_parts) < 2:
            return self._single(speaking_parts[0] if speaking_parts else schema, schema, wish)
        whole = parts_of(schema, self.schemas)
        objects = [part for part in whole if is_object(part) or part.properties or part.one_of]
        if any(p.properties for p in whole) or len(objects) == len(speaking_parts):
            return self._struct(schema, wish)
        types = [self._type(part, wish) for part in speaking_parts]
        return self._intersection(types, schema)

    def _single(self, part: Schema, schema: Schema, wish: Wish) -> Type:
        """A schema of which one part alone says what it is."""
        if lists(self.schemas[part.ref] if part.ref else part, schema.pointer):
            # One of the alternatives of its own base.
            return self._struct(schema, wish)
        return self._target(part.ref) if part.ref else self._type(part, wish)

    def _intersection(self, types: list[Type], schema: Schema) -> Type:
        """What is of all types: the one that says most."""
        found = types[0]
        for type_ in types[1:]:
            if found in (Anything(), Scalar(ScalarKind.STRING)):
                found = type_
            elif type_ not in (found, Anything(), Scalar(ScalarKind.STRING)):
                self._out.add(
                    "W203",
                    "the parts of this `allOf` do not go together; the last one is taken",
                    schema.span,
                )
                found = type_
        return found

    def _target(self, ref: str) -> Type:
        """The type of what is referred to."""
        target = self.schemas[ref]
        if self._graph.is_endless(ref):
            self._out.add("E205", "a schema cannot be composed of itself", target.span)
            return Anything()
        if self._graph.is_cyclic(ref):
            return self._alias(target)
        key = (ref, self._sending, self._same is None)
        if key not in self._known:
            self._known[key] = self._bounded(self._type(target, wish_at(ref)), target)
        return self._known[key]

    def _bounded(self, type_: Type, schema: Schema) -> Type:
        """A type that is written out wherever it is referred to, unless that is too much."""
        if not is_larger(type_, _LARGEST, _DEEPEST):
            return type_
        self._out.add(
            "W203",
            f"a type of more than {_LARGEST:,} parts or {_DEEPEST} levels; read as any value",
            schema.span,
        )
        return Anything()

    def _alias(self, target: Schema) -> Type:
        if self._same is not None:
            # Part of the alias that is being defined: a union takes its variants, and not itself.
            if target.pointer in self._same:
                return _NOTHING
            self._same.append(target.pointer)
            found = self._type(target, wish_at(target.pointer))
            self._same.pop()
            return found
        wish = placed(target, wish_at(target.pointer))
        key = self._key(target)
        if key not in self.declarations:
            self.declarations[key] = Alias(
                key=key,
                wish=input_wish(wish) if key.endswith(_INPUT) else wish,
                type=Anything(),
                description=target.description or target.title,
                deprecated=target.deprecated,
                span=target.span,
            )
            self._waiting.append(_Waiting(key, target, wish, self._sending, self._opened))
        return Named(key)

    def _within(self, schema: Schema, wish: Wish) -> Type:
        """The type of something inside a list or map."""
        same, self._same = self._same, None
        found = self._type(schema, wish)
        self._same = same
        return found

    def _key(self, schema: Schema) -> str:
        shared = schema.pointer.startswith(_COMPONENTS)
        if self._sending and shared and self._graph.two_forms(schema):
            return schema.pointer + _INPUT
        return schema.pointer

    def _struct(self, schema: Schema, wish: Wish) -> Type:
        key = self._key(schema)
        if key not in self.declarations:
            self.declarations[key] = Struct(
                key=key,
                wish=input_wish(wish) if key.endswith(_INPUT) else wish,
                fields=(),
                extra=None,
                description=schema.description or schema.title,
                deprecated=schema.deprecated,
                span=schema.span,
            )
            self._waiting.append(_Waiting(key, schema, wish, self._sending, self._opened))
        return Named(key)

    def _struct_content(self, struct: Struct, waiting: _Waiting) -> Struct:
        composite = compose(waiting.schema, self.schemas)
        self._fields_made += len(composite.always) + len(composite.sometimes)
        if self._fields_made > MAX_FIELDS:
            self._out.fail(
                "E104",
                f"all objects together have more than {MAX_FIELDS:,} properties",
                waiting.schema.span,
                help="`include` and `exclude` choose operations; see docs/documents.md",
            )
        lowering = FieldLowering(
            self.schemas, self._within, sending=waiting.sending, opened=waiting.opened
        )
        fields = tuple(lowering.fields(composite, waiting.schema.pointer, waiting.wish))
        extra = [self._within(s, waiting.wish.inside("Value")) for s in composite.extra]
        return replace(struct, fields=fields, extra=union(extra) if extra else None)

    def _plain(self, schema: Schema, wish: Wish) -> Type:
        """A schema that neither refers to another nor is composed of several."""
        options = choices(schema)
        if schema.properties or any(part.properties for part in schema.conditional):
            return self._object(schema, options, wish)
        if options:
            return self._union(schema, options, wish)
        if schema.one_of or schema.any_of:
            # Nothing but null, or constraints.
            null = any(v.nullable for v in (*schema.one_of, *schema.any_of))
            bare = self._by_kind(schema, wish)
            return nullable(bare) if null else bare
        return self._by_kind(schema, wish)

    def _by_kind(self, schema: Schema, wish: Wish) -> Type:
        types = schema.types or implied(schema)
        return union(self._typed(schema, name, wish) for name in types) if types else Anything()

    def _object(self, schema: Schema, options: tuple[Schema, ...], wish: Wish) -> Type:
        """An object with properties, and what else its schema allows."""
        others = [name for name in schema.types if name != "object"]
        if others and "object" not in schema.types:
            self._out.add(
                "W203",
                f"properties beside `type: {others[0]}`; read as an object",
                schema.span,
            )
            others = []
        if options and all(inherits(v, schema.pointer, self.schemas) for v in options):
            found = self._union(schema, options, wish)
        elif options and schema.discriminator and all(self._is_struct(v) for v in options):
            found = self._union(
                schema, tuple(with_base(schema, v, self.schemas) for v in options), wish
            )
        elif schema.discriminator and not options:
            found = self._family(schema, wish)
        else:
            found = self._struct(schema, wish)
        return (
            union([found, *(self._typed(schema, name, wish) for name in others)])
            if others
            else found
        )

    def _is_struct(self, schema: Schema) -> bool:
        return any(part.properties for part in parts_of(schema, self.schemas))

    def _family(self, schema: Schema, wish: Wish) -> Type:
        """A base with a discriminator: one of those who inherit from it; other values stay the base."""
        assert schema.discriminator is not None
        mapped = [ref for _, ref in schema.discriminator.mapping]
        heirs = {
            ref: Schema(span=schema.span, pointer=ref, ref=ref)
            for ref in (*mapped, *schema.discriminator.heirs)
            if ref != schema.pointer and inherits(self.schemas[ref], schema.pointer, self.schemas)
        }
        base = self._struct(schema, wish)
        assert isinstance(base, Named)
        if not heirs:
            return base
        return self._union(schema, tuple(heirs.values()), wish, base)

    def _union(
        self, schema: Schema, options: tuple[Schema, ...], wish: Wish, base: Named | None = None
    ) -> Type:
        options = without_text(options, self.schemas)
        fixed = fixed_values(options)
        if len(fixed) > 1 and not schema.discriminator:
            return of_constants(schema, options, fixed, wish, self.declarations)
        of = schema.discriminator.property_name if schema.discriminator else None
        types: list[Type] = []
        for option in options:
            if schema.types and not (option.types or option.ref or option.all_of or option.enum):
                option = replace(option, types=schema.types)
            own = wish if len(options) == 1 else variant_wish(wish, option, of)
            types.append(self._type(option, own))
        found = union([*types, *([base] if base else [])])
        inner = found.inner if isinstance(found, Nullable) else found
        if isinstance(inner, UnionOf) and inner.variants and len(options) + bool(base) > 1:
            members = Members(options, tuple(types), base.key if base else None)
            tag = tag_of(schema, members, self.schemas, self.declarations, self._out)
            inner = UnionOf(structs(inner.variants) if tag else inner.variants, tag)
        null = isinstance(found, Nullable) or any(
            v.nullable for v in (*schema.one_of, *schema.any_of)
        )
        return nullable(inner) if null else inner

    def _typed(self, schema: Schema, name: str, wish: Wish) -> Type:
        match name:
            case "object":
                inside = list(schema.patterns)
                if isinstance(schema.additional, Schema):
                    inside.append(schema.additional)
                values = [self._within(one, wish.inside("Value")) for one in inside]
                return MapOf(union(values) if values else Anything())
            case "array":
                return self._array(schema, wish)
            case _:
                return scalar(schema, name)

    def _array(self, schema: Schema, wish: Wish) -> Type:
        places = [
            self._within(one, variant_wish(wish.inside("Item"), one)) for one in schema.prefix
        ]
        if places and (schema.closed or schema.items is None):
            return TupleOf(tuple(places))
        if schema.items is None:
            return ListOf(Anything())
        return ListOf(union([*places, self._within(schema.items, wish.inside("Item"))]))
