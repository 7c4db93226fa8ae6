"""What a dialect is, and what dialects share: tables with named columns, and notes in cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from ..facts import Api
from ..pages import Block, Parsed, Row, plain
from ..shapes import balanced

__all__ = [
    "Dialect",
    "column",
    "fields",
    "is_anchor",
    "last_name",
    "meaningful",
    "prose",
    "title_of",
]


class Dialect(Protocol):
    """One way of laying out SDK reference pages.

    A dialect looks at the structure of a page, never at the subject of its text, and accounts for
    the lines it reads (`Parsed.use`, `Parsed.ignore`).
    """

    name: str

    def claims(self, page: Parsed) -> str:
        """Which role a page has in this dialect; empty if it is not one of its pages."""
        ...

    def read(self, page: Parsed, role: str, api: Api) -> None:
        """Add what a claimed page says."""
        ...


def column(header: Sequence[str], *names: str) -> int | None:
    """The column with one of some names."""
    return next((i for i, title in enumerate(header) if title in names), None)


def fields(header: Sequence[str], row: Row, kind: str, text: str) -> dict[str, str]:
    """The cells of a row by the name of their column.

    A bar that is not escaped cuts a cell in two. Type cells are put together until their brackets
    are closed; what is left over belongs to the prose: columns before it are counted from the
    left, columns behind it from the right.

    Args:
        header: Names of the columns.
        row: The row.
        kind: Name of the column with types.
        text: Name of the column with prose.
    """
    cells = list(row.cells)
    at = column(header, kind)
    if at is not None:
        while len(cells) > len(header) and at + 1 < len(cells) and not balanced(cells[at]):
            cells[at : at + 2] = [f"{cells[at]} | {cells[at + 1]}"]
    prose_at = column(header, text)
    if prose_at is not None and len(cells) > len(header):
        extra = len(cells) - len(header)
        cells[prose_at : prose_at + extra + 1] = [
            " | ".join(cells[prose_at : prose_at + extra + 1])
        ]
    cells += [""] * (len(header) - len(cells))
    return dict(zip(header, cells, strict=False))


def meaningful(text: str) -> str:
    """A description without what stands for none."""
    return "" if text in ("N/A", "-", "") else text


def prose(text: str) -> str:
    """Text of a page as text of a specification: entities and the escapes of strings resolved."""
    import html

    if "&" in text:
        text = html.unescape(text)
    text = text.replace("\ufeff", "").replace('\\"', '"')
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def title_of(page: Parsed) -> Block | None:
    """The first heading on the first level."""
    return next((b for b in page.blocks if b.kind == "heading" and b.level == 1), None)


def is_anchor(block: Block) -> bool:
    """Whether a block is only a target for links: `<a id="x"></a>`."""
    return bool(re.fullmatch(r"\s*<a (?:id|name)=\"[^\"]*\"\s*>\s*</a>\s*", block.text))


def last_name(qualified: str) -> str:
    """The last name of a qualified one; in every language the namespace stands before."""
    return re.split(r"[.\\:/\s#]+", plain(qualified).strip())[-1]
