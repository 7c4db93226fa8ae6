from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from package._runtime.models import Model
from package._runtime.types import (
    DecimalNumber,
    DecimalString,
    LocalDatetime,
    Timestamp,
    UtcDatetime,
)
from package._runtime.values import OpenEnum

__all__ = ["Account", "Connection", "ServiceError", "Status"]


class Status(OpenEnum):
    ACTIVE = "active"
    SCA_REQUIRED = "SCARequired"


class Account(Model, frozen=True):
    id: int
    balance: DecimalNumber | None = None
    limit: DecimalString | None = None
    ratio: float | None = None
    booked: LocalDatetime | None = None
    seen: UtcDatetime | None = None
    stamp: Timestamp | None = None
    opened: date | None = None
    key: UUID | None = None
    anything: Any = None


class Connection(Model, frozen=True):
    id: int
    status: Status | None = None
    last_sync: Annotated[UtcDatetime | None, Field(alias="lastSync")] = None
    one_time_link: Annotated[str | None, Field(alias="oneTimeLink", repr=False)] = None
    accounts: list[Account] | None = None
    parent: Connection | None = None


class ServiceError(Model, frozen=True):
    code: str
    message: str | None = None
