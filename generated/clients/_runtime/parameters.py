"""Parameters, described as values."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal, TypeAlias

from .values import UNSET

__all__ = ["Param", "Style"]

Style: TypeAlias = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"
]
"""How lists and mappings are written in parameters."""


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of an operation.

    Attributes:
        name: The Python argument.
        wire: The name the provider knows it by.
        place: Where it goes.
        style: How lists and mappings are written; by default `simple` in a header, `form` in query
            and cookies, and not at all in a path.
        explode: Whether their members are written one by one; by default only in the `form` style.
        reserved: Whether reserved characters are sent as they are.
        content: Set where the value is a document of its own.
        const: The one value that may be sent.
        secret: Whether its values are kept out of logs.
        local: Whether a moment is written without zone, `YYYY-MM-DD HH:MM:SS`.
    """

    name: str
    wire: str
    place: Literal["path", "query", "header", "cookie"]
    _: KW_ONLY
    style: Style | None = None
    explode: bool | None = None
    reserved: bool = False
    content: Literal["json", "text"] | None = None
    const: object = UNSET
    secret: bool = False
    local: bool = False
