from __future__ import annotations

from typing import TYPE_CHECKING

from package._runtime.errors import NotFound, RateLimited, ResponseError, ServerError

if TYPE_CHECKING:
    from .models import ServiceError

__all__ = ["ToyError", "ToyNotFound", "ToyRateLimited", "ToyServerError"]


class ToyError(ResponseError):
    """Any error answer from Toy."""

    body: ServiceError | None


class ToyNotFound(ToyError, NotFound):
    """There is no such thing (404)."""


class ToyRateLimited(ToyError, RateLimited):
    """Too many requests (429)."""


class ToyServerError(ToyError, ServerError):
    """Toy failed (5XX)."""
