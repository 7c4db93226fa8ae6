"""What the mapping of Powens cannot say with paths and tables."""

from __future__ import annotations

from collections.abc import Mapping

from ...._runtime.failures import InvalidArgument, dig
from ...._runtime.mapping import digits, spread
from ....powens import models

__all__ = [
    "answers",
    "connection_id",
    "institution_kind",
    "native_type",
    "new_connection",
]


def institution_kind(native: models.Connection) -> str | None:
    """The capabilities of the connector, such as `bank,transfer`."""
    connector = native.connector
    return ",".join(sorted(connector.capabilities)) if connector is not None else None


def new_connection(institution: str, credentials: Mapping[str, str]) -> Mapping[str, object]:
    """The body that makes a connection: the connector by number or UUID, and the credentials."""
    values = spread(credentials, ["id_connector", "connector_uuid"])
    if institution.isdecimal():
        return {**values, "id_connector": digits(institution, "institution")}
    if institution.count("-") != 4:
        raise InvalidArgument("`institution` must be the number or the UUID of a connector")
    return {**values, "connector_uuid": institution}


def answers(values: Mapping[str, str] | None) -> Mapping[str, object]:
    """The body that answers the bank: what was asked for, or that the user has approved."""
    if not values:
        return {"resume": True}
    return spread(values, ["resume", "active", "expire", "decoupled"])


def native_type(payload: object) -> str:
    """The name of the event, which is not in the body: a connection has it all, else it is gone."""
    if dig(payload, ("connection", "id")) is not None:
        return "CONNECTION_SYNCED"
    return "CONNECTION_DELETED" if dig(payload, ("id",)) is not None else "unknown"


def connection_id(payload: object) -> str | None:
    """The id of the connection: inside it, or all there is of one that was deleted."""
    found = dig(payload, ("connection", "id")) or dig(payload, ("id",))
    return str(found) if isinstance(found, (int, str)) else None
