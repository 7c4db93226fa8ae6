"""One Markdown page as a flat list of blocks with lines, and a ledger of what became of each line.

Only the block structure is read here, by markdown-it; what stands inside a heading or a table cell
is taken as it is written, because a dialect's meaning is often in the markup (bold, brackets).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["Block", "Page", "Parsed", "Row", "links", "parse_page", "plain", "split_row"]

#: How often a code block that is never closed is taken for text instead.
_REPAIRS = 20
_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "blockquote_open": "quote",
    "html_block": "html",
    "hr": "rule",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One input page.

    Attributes:
        name: Where it stands, with `/`, relative to what was given; links are resolved by it.
        text: Its Markdown.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells as written, and its line (1-based)."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block on the outermost level of a page.

    Attributes:
        kind: heading, paragraph, table, code, list, quote, html or rule.
        line: First line, 1-based.
        end: The line after the last one.
        text: The source, without fences, `#` and `>`.
        level: Of a heading.
        info: What stands behind the fence of a code block.
        rows: Of a table, the header first; of a list, one row of one cell per item.
    """

    kind: str
    line: int
    end: int
    text: str
    level: int = 0
    info: str = ""
    rows: tuple[Row, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """Names of a table's columns, lower-cased."""
        return tuple(plain(cell).lower() for cell in self.rows[0].cells) if self.rows else ()


@dataclass(slots=True)
class Parsed:
    """A page's blocks, and what its lines were used for.

    Attributes:
        page: What was parsed.
        blocks: In order.
        used: By line: the rule that used it.
        ignored: By line: the rule that passed over it.
    """

    page: Page
    lines: Sequence[str]
    blocks: tuple[Block, ...]
    used: dict[int, str] = field(default_factory=dict[int, str])
    ignored: dict[int, str] = field(default_factory=dict[int, str])

    def use(self, rule: str, first: int, end: int | None = None) -> None:
        """Note that lines (`first` up to before `end`) gave facts."""
        for line in range(first, first + 1 if end is None else end):
            self.used[line] = rule

    def ignore(self, rule: str, first: int, end: int | None = None) -> None:
        """Note why lines give none; a line that was used stays used."""
        for line in range(first, first + 1 if end is None else end):
            self.ignored.setdefault(line, rule)

    def close(self) -> None:
        """Account for the rest: what no rule looked at is listed as such."""
        for number, text in enumerate(self.lines, 1):
            if text.strip() and number not in self.used:
                # `[//]: # (text)` is how Markdown is commented.
                comment = text.startswith("[//]:")
                self.ignored.setdefault(number, "comment" if comment else "not-understood")
        for number in [n for n in self.ignored if n in self.used or not self.lines[n - 1].strip()]:
            del self.ignored[number]

    def between(self, first: int, end: int) -> str:
        """The source of some lines, without blank lines around."""
        return "\n".join(self.lines[first - 1 : end - 1]).strip("\n").strip()


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark").enable("table")
    # Blocks only: inline markup is read by the dialects, and takes most of the time.
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return markdown


def parse_page(page: Page) -> Parsed:
    """Parse the blocks of a page.

    A code fence that is never closed would swallow everything behind it. It comes from a
    description that was cut; it is taken for text and the page is read again.
    """
    text = page.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # Columns are padded with up to thousands of blanks, which the table rule walks one by one.
    lines = [
        (
            re.sub(r" {3,}|-{4,}", lambda m: "---" if m[0][0] == "-" else " ", line)
            if line.startswith("|")
            else line
        )
        for line in text.split("\n")
    ]
    tokens = _markdown().parse("\n".join(lines))
    for _ in range(_REPAIRS):
        open_fence = _unclosed(tokens, lines)
        if open_fence is None:
            break
        lines[open_fence] = lines[open_fence].replace("`", "'").replace("~", "'")
        tokens = _markdown().parse("\n".join(lines))
    return Parsed(page, lines, tuple(_rejoined(_blocks(tokens, lines))))


def _rejoined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Put rows back into the table they were cut off from by a blank line."""
    last: Block | None = None
    for block in blocks:
        if (
            last is not None
            and last.kind == "table"
            and block.kind == "paragraph"
            and re.match(r"\s*\|?\s*(?:\*\*|`)\S.*\|", block.text)
        ):
            rows = tuple(
                Row(block.line + at, tuple(split_row(line, line.lstrip().startswith("|"))))
                for at, line in enumerate(block.text.split("\n"))
            )
            last = replace(last, end=block.end, rows=last.rows + rows)
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def _unclosed(tokens: Sequence[Token], lines: Sequence[str]) -> int | None:
    for token in tokens[-1:]:
        if token.type == "fence" and token.map:
            first, end = token.map
            last = lines[min(end, len(lines)) - 1].strip()
            if end - first < 2 or set(last) != {token.markup[0]} or len(last) < len(token.markup):
                return first
    return None


def _blocks(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Block]:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        close = index
        if token.nesting == 1:
            depth = 1
            while depth:
                close += 1
                depth += tokens[close].nesting
        inner = tokens[index : close + 1]
        if token.type in _KINDS and token.map:
            yield _block(_KINDS[token.type], token, inner, lines)
        index = close + 1


def _block(kind: str, token: Token, inner: Sequence[Token], lines: Sequence[str]) -> Block:
    assert token.map
    first, end = token.map
    while end > first + 1 and not lines[min(end, len(lines)) - 1].strip():
        end -= 1
    source = "\n".join(lines[first:end])
    level, info = 0, ""
    rows: tuple[Row, ...] = ()
    if kind == "heading":
        level = int(token.tag[1])
        source = inner[1].content
    elif kind == "code":
        source, info = token.content, token.info.strip()
    elif kind == "quote":
        source = "\n".join(re.sub(r"^\s*>\s?", "", line) for line in source.split("\n"))
    elif kind == "table":
        # Only where the header has outer bars is the last bar of a row one; else it opens a cell.
        outer = lines[first].lstrip().startswith("|")
        rows = tuple(
            Row(t.map[0] + 1, tuple(split_row(lines[t.map[0]], outer)))
            for t in inner
            if t.type == "tr_open" and t.map
        )
    elif kind == "list":
        rows = tuple(
            Row(
                t.map[0] + 1,
                (
                    re.sub(
                        r"^\s*(?:[-*+]|\d+[.)])\s+", "", "\n".join(lines[t.map[0] : t.map[1]])
                    ).strip(),
                ),
            )
            for t in inner
            if t.type == "list_item_open" and t.map and t.level == token.level + 1
        )
    return Block(kind, first + 1, end + 1, source, level, info, rows)


def split_row(line: str, outer: bool) -> list[str]:
    """The cells of a table row; a bar behind a backslash stands inside of one.

    Args:
        line: The row.
        outer: Whether the table has bars around its rows.
    """
    cells = [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip())]
    if cells and not cells[0]:
        del cells[0]
    if outer and len(cells) > 1 and not cells[-1]:
        del cells[-1]
    return cells


_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def links(text: str) -> list[tuple[str, str]]:
    """Label and target of every link, in order."""
    return [(m[1], m[2]) for m in _LINK.finditer(text)]


def plain(text: str) -> str:
    """Inline Markdown without its markup: links as their labels, entities and escapes resolved."""
    if "](" in text:
        text = _LINK.sub(lambda m: m[1], text)
    text = text.replace("**", "").replace("`", "").replace("~~", "")
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text)
    return text.strip()
