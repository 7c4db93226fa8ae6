"""Field types of models, where plain Python types would not say enough.

Decimals are exact. A JSON number becomes the `Decimal` with the same value: `0.1` is
`Decimal("0.1")` and `12345678901234567890.12` keeps every digit (`settle` sees to numbers that a
float could not hold). Trailing zeros of JSON *numbers* are not kept: `1523.40` is
`Decimal("1523.4")`, which is equal. Those of JSON strings are.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, PlainSerializer

from .wire import json_number, local_moment, plain_decimal

__all__ = ["Date", "DecimalNumber", "DecimalString", "LocalDatetime", "Timestamp", "UtcDatetime"]


def _assume_utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


Date: TypeAlias = date
"""A calendar day. A model may have a field called `date`, which would hide the plain name."""

Timestamp: TypeAlias = datetime
"""A moment as RFC 3339 writes it. If the provider leaves out the zone, so does the value."""

UtcDatetime: TypeAlias = Annotated[datetime, AfterValidator(_assume_utc)]
"""A moment whose zone may be missing and then is UTC. A plain date is its midnight."""

LocalDatetime: TypeAlias = Annotated[
    datetime, PlainSerializer(local_moment, return_type=str, when_used="json-unless-none")
]
"""A time of day without zone, since the provider documents none: `YYYY-MM-DD HH:MM:SS`."""

DecimalNumber: TypeAlias = Annotated[
    Decimal, PlainSerializer(json_number, when_used="json-unless-none")
]
"""An exact number, written as JSON number. One that a float cannot hold is refused, not rounded."""

DecimalString: TypeAlias = Annotated[
    Decimal, PlainSerializer(plain_decimal, return_type=str, when_used="json-unless-none")
]
"""An exact number, written as JSON string."""
