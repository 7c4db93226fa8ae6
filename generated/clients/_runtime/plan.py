"""What can be known of the requests of an operation before any of them is made. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from .operation import Operation, Param

__all__ = ["BodyKind", "Plan", "body_kind", "plan_of"]

BodyKind: TypeAlias = Literal["json", "form", "multipart", "text", "binary"]

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_KINDS: Final[dict[str, BodyKind]] = {
    "": "json",
    "application/json": "json",
    "application/stream+json": "binary",
    "application/x-www-form-urlencoded": "form",
    "application/xml": "text",
    "multipart/form-data": "multipart",
    "text/json": "json",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The parameters of an operation, by where they go.

    Attributes:
        path: Text as it stands, and segments with parameters: what each of these is made of.
        query: Parameters of the query.
        headers: Header parameters.
        cookies: Cookie parameters.
        accept: The header that says what may come.
        sent: Media type of the body unless the caller chooses, and its kind.
    """

    path: tuple[str | tuple[str | Param, ...], ...]
    query: tuple[Param, ...]
    headers: tuple[Param, ...]
    cookies: tuple[Param, ...]
    accept: tuple[str, str]
    sent: tuple[str, BodyKind]


@lru_cache(maxsize=4096)
def plan_of(operation: Operation[Any]) -> Plan:
    """Sort out an operation, once."""
    media_type = operation.body or ""
    return Plan(
        tuple(_pieces(operation)),
        tuple(p for p in operation.params if p.place == "query"),
        tuple(p for p in operation.params if p.place == "header"),
        tuple(p for p in operation.params if p.place == "cookie"),
        ("Accept", operation.accept),
        (media_type, body_kind(media_type)),
    )


def body_kind(media_type: str) -> BodyKind:
    """What a body of a media type is made of."""
    essence = media_type.partition(";")[0].strip().lower()
    if essence in _KINDS:
        return _KINDS[essence]
    if essence.endswith("+json"):
        return "json"
    return "text" if essence.startswith("text/") or essence.endswith("+xml") else "binary"


def _pieces(operation: Operation[Any]) -> list[str | tuple[str | Param, ...]]:
    params = {param.wire: param for param in operation.params if param.place == "path"}
    pieces: list[str | tuple[str | Param, ...]] = []
    text = ""
    # What follows `#` only tells operations apart.
    for index, segment in enumerate(operation.path.partition("#")[0].split("/")):
        text += "/" if index else ""
        parts = _VARIABLE.split(segment)
        if len(parts) == 1:
            text += segment
            continue
        # Every other part is the name of a parameter.
        made = [params[part] if at % 2 else part for at, part in enumerate(parts) if part]
        pieces += [text, tuple(made)]
        text = ""
    return [*pieces, text] if text else pieces
