"""What the arguments of a method choose beyond what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from .operation import PagedOperation, RequestOptions

__all__ = ["at", "pages_as"]

R = TypeVar("R")
"""What a method gives, which its overloads say."""


def at(server: str, options: RequestOptions | None = None) -> RequestOptions:
    """Give the options of a call that goes to one of several servers."""
    chosen: RequestOptions = {} if options is None else {**options}
    chosen.setdefault("server", server)
    return chosen


def pages_as(
    client: Any,
    operation: PagedOperation[Any, Any],
    arguments: Mapping[str, object],
    *,
    accept: str,
    options: RequestOptions | None = None,
) -> R:  # type: ignore[type-var]  # pyright: ignore[reportInvalidTypeVarUse]
    """Give pages; or a whole answer, or what is awaited for it, in a form that holds none.

    Args:
        client: A client of either kind.
        operation: What to call.
        arguments: By Python name.
        accept: Media type of the answer. The first one documented is that of pages.
        options: As for any other call.
    """
    if accept == operation.media[0][1]:
        return cast("R", client.paged(operation, arguments, options=options))
    return cast("R", client.send(operation, arguments, accept=accept, options=options))
