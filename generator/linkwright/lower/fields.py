"""The fields of an object: what all that is said of each property comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..ir.types import Field, Named, Nullable, Type, Wish, union
from ..openapi.model import Schema
from ..source.text import SpecText
from .compose import Composite, Definition, merged
from .leaves import format_of
from .streams import unwrapped
from .wishes import property_wish, variant_wish

__all__ = ["FieldLowering"]


class FieldLowering:
    """Lowers the properties of one object.

    Args:
        schemas: What references reach.
        within: Gives the type of a schema inside another.
        sending: Whether the client sends the object.
        opened: Whether it is an event, whose `data` has the type of what is in it.
    """

    def __init__(
        self,
        schemas: Mapping[str, Schema],
        within: Callable[[Schema, Wish], Type],
        *,
        sending: bool,
        opened: bool,
    ) -> None:
        self._schemas = schemas
        self._within = within
        self._sending = sending
        self._opened = opened

    def fields(self, composite: Composite, pointer: str, wish: Wish) -> Iterator[Field]:
        """Those that are always there, then those of alternatives and conditions.

        Args:
            composite: What the object is made of.
            pointer: Of its schema.
            wish: What the object is called.
        """
        for wire, definitions in composite.always.items():
            schema = merged(f"{pointer}&{wire.raw}", definitions, self._schemas)
            schema = self._unwrapped(wire, schema)
            target = self._schemas[schema.ref] if schema.ref else schema
            hidden = any(d.schema.read_only for d in definitions) or target.read_only
            if not (self._sending and hidden):
                type_ = self._within(schema, property_wish(wish, wire))
                sent_only = any(d.schema.write_only for d in definitions) or target.write_only
                needed = wire in composite.required and (self._sending or not sent_only)
                yield self._field(wire, definitions, type_, needed)
        for wire, definitions in composite.sometimes.items():
            if not (self._sending and any(d.schema.read_only for d in definitions)):
                yield self._field(wire, definitions, self._either(wire, definitions, wish), False)

    def _either(self, wire: SpecText, definitions: tuple[Definition, ...], wish: Wish) -> Type:
        """The type of a property that several alternatives have, each its own way."""
        if len(definitions) == 1:
            schema = self._unwrapped(wire, definitions[0].schema)
            return self._within(schema, property_wish(wish, wire))
        types: list[Type] = []
        for definition in definitions:
            holder = variant_wish(wish, definition.holder)
            schema = self._unwrapped(wire, definition.schema)
            types.append(self._within(schema, property_wish(holder, wire)))
        return union(types)

    def _unwrapped(self, wire: SpecText, schema: Schema) -> Schema:
        return unwrapped(wire, schema, self._schemas) if self._opened else schema

    def _field(
        self, wire: SpecText, definitions: tuple[Definition, ...], type_: Type, required: bool
    ) -> Field:
        schema = definitions[-1].schema
        target = self._schemas[schema.ref] if schema.ref else schema
        # What has a declaration of its own is described there.
        described = target if not isinstance(type_, Named) else schema
        descriptions = [d.schema.description for d in reversed(definitions) if d.schema.description]
        password = "password" in (format_of(schema), format_of(target))
        listed = target.enum or () if not _names(type_) else ()
        return Field(
            wire=wire,
            type=type_,
            required=required,
            description=descriptions[0] if descriptions else described.description,
            deprecated=schema.deprecated or target.deprecated,
            secret=any(d.schema.secret for d in definitions) or target.secret or password,
            given=schema.name if not _names_itself(schema) else None,
            span=schema.span,
            default=schema.default if schema.default is not None else target.default,
            known=listed if target is schema or not schema.enum else schema.enum,
        )


def _names(type_: Type) -> bool:
    """Whether a type has a declaration that lists its values."""
    inner = type_.inner if isinstance(type_, Nullable) else type_
    return isinstance(inner, Named)


def _names_itself(schema: Schema) -> bool:
    """Whether `x-linkwright-name` on a property names the object or enum inside, not the property."""
    return schema.ref is None and bool(schema.properties or schema.enum)
