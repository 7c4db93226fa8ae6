"""What the mapping of Old Mail cannot say with paths and tables."""

from __future__ import annotations

from ....old_mail import models

__all__ = ["receiver"]


def receiver(native: models.Item) -> str | None:
    """The first line of the label."""
    return native.label.split("\n")[0] if native.label else None
