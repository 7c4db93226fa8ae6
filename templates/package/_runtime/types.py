"""Field types of models, where plain Python types would not say enough.

Decimals are exact. A JSON number becomes the `Decimal` with the same value: `0.1` is
`Decimal("0.1")` and `12345678901234567890.12` keeps every digit (`settle` sees to numbers that a
float could not hold). Trailing zeros of JSON *numbers* are not kept: `1523.40` is
`Decimal("1523.4")`, which is equal. Those of JSON strings are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias, cast, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    GetCoreSchemaHandler,
    JsonValue,
    PlainSerializer,
    SerializationInfo,
    SerializerFunctionWrapHandler,
)
from pydantic_core import CoreSchema, core_schema

from .wire import SENT, Unsendable, json_number, local_moment, plain_decimal

__all__ = [
    "Date",
    "DecimalNumber",
    "DecimalString",
    "LocalDatetime",
    "Tagged",
    "Timestamp",
    "TypeAliasType",
    "UtcDatetime",
]


def _assume_utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


# What could not be typed when it was decoded stays as it came, and is sent back so.


def _local(value: object, info: SerializationInfo[Any]) -> object:
    return _written(local_moment, value, info) if isinstance(value, datetime) else value


def _number(value: object, info: SerializationInfo[Any]) -> object:
    return _written(json_number, value, info) if isinstance(value, Decimal) else value


def _digits(value: object, info: SerializationInfo[Any]) -> object:
    return _written(plain_decimal, value, info) if isinstance(value, Decimal) else value


def _written(write: Callable[[Any], object], value: object, info: SerializationInfo[Any]) -> object:
    try:
        return write(value)
    except Unsendable:
        if info.context is SENT:
            raise
        # Somebody keeps an answer, which may hold what may not be sent.
        return str(value)


def _variant(value: object, write: SerializerFunctionWrapHandler) -> object:
    return write(value) if isinstance(value, BaseModel) else value


TypeAliasType: Final[Any] = type(JsonValue)
"""What makes a name for a type that contains itself. `typing` has it from Python 3.12 on."""


@dataclass(frozen=True, slots=True, eq=False)
class Tagged:
    """Tells the variants of a union apart by one of their properties.

    Attributes:
        property: Its name on the wire.
        variants: Class names by the values of the property.
        other: Class name for every other value, and for none.
    """

    property: str
    variants: Mapping[str, str]
    other: str | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Describe the union to pydantic, whose own discriminators need literal types."""
        kinds = {kind.__name__: kind for kind in get_args(source)}
        # Models that are given as such have it under their Python name.
        names = {
            name: None
            for kind in kinds.values()
            for name, field in kind.model_fields.items()
            if field.alias == self.property
        }
        choices = {tag: handler.generate_schema(kinds[name]) for tag, name in self.variants.items()}
        discriminator: Any = [[self.property], *([name] for name in names)]
        if self.other is not None:
            choices[_OTHER] = handler.generate_schema(kinds[self.other])
            discriminator = _with_other((self.property, *names), frozenset(self.variants))
        return core_schema.tagged_union_schema(
            choices,
            discriminator=discriminator,
            # Pydantic would look at the tag of what is no variant, too, and trip over odd ones.
            serialization=core_schema.wrap_serializer_function_ser_schema(_variant),
        )


_OTHER: Final = "\0other"


def _with_other(names: tuple[str, ...], known: frozenset[str]) -> Callable[[Any], str]:
    """A function that gives the tag of a value, be it a model or parsed JSON."""

    def read(value: object, name: str) -> object:
        if isinstance(value, dict):
            return cast("dict[str, object]", value).get(name)
        return getattr(value, name, None)

    def tag_of(value: object) -> str:
        found: object = None
        for name in names:
            found = read(value, name)
            if found is not None:
                break
        return found if isinstance(found, str) and found in known else _OTHER

    return tag_of


Date: TypeAlias = date
"""A calendar day. A model may have a field called `date`, which would hide the plain name."""

Timestamp: TypeAlias = datetime
"""A moment as RFC 3339 writes it. If the provider leaves out the zone, so does the value."""

UtcDatetime: TypeAlias = Annotated[datetime, AfterValidator(_assume_utc)]
"""A moment whose zone may be missing and then is UTC. A plain date is its midnight."""

LocalDatetime: TypeAlias = Annotated[
    datetime, PlainSerializer(_local, return_type=Any, when_used="json-unless-none")
]
"""A time of day without zone, since the provider documents none: `YYYY-MM-DD HH:MM:SS`."""

DecimalNumber: TypeAlias = Annotated[
    Decimal, PlainSerializer(_number, when_used="json-unless-none")
]
"""An exact number, written as JSON number. One that a float cannot hold is refused, not rounded."""

DecimalString: TypeAlias = Annotated[
    Decimal, PlainSerializer(_digits, return_type=Any, when_used="json-unless-none")
]
"""An exact number, written as JSON string."""
