"""Where something stands in an input file."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Span"]


class Span(NamedTuple):
    """A place in an input file. A tuple, since a large document has a million of them.

    Attributes:
        file: Path as the user gave it, for messages only.
        line: 1-based; 0 when the whole file is meant.
        column: 1-based, in characters; 0 when the whole file is meant.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"
