"""What the mapping of Salt Edge cannot say with paths and tables."""

from __future__ import annotations

from datetime import UTC, datetime

from ...._runtime.failures import dig
from ....saltedge import models
from ...models import Connection

__all__ = ["native_type", "not_yet"]


def not_yet(item: Connection[models.Connection]) -> bool:
    """Whether a connection cannot be refreshed now: too early, or a run is going on."""
    earliest = item.next_refresh_at
    return earliest is None or earliest > datetime.now(UTC)


def native_type(payload: object) -> str:
    """The type of a callback. Salt Edge puts it into the URL; the body tells it as well."""
    if dig(payload, ("data", "error_class")) is not None:
        return "fail"
    stage = dig(payload, ("data", "stage"))
    if stage == "interactive" or dig(payload, ("data", "html")) is not None:
        return "interactive"
    if stage is None:
        return "destroy"
    return "success" if stage == "finish" else "notify"
