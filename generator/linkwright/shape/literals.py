"""The injection gate: the only way from text of a spec into source text.

`Code` marks text that may be rendered: Python that is valid where it is put, or a word of ours.
Templates render nothing else (`render.engine` refuses it), and nothing outside this module and
`names` makes `Code` of text that came from a spec. Values are written once, by `repr`, and must
survive byte for byte; prose is neutralised, since nothing depends on its bytes.
"""

from __future__ import annotations

import math
import re
import textwrap
from typing import cast

from ..source.text import SpecText, SpecValue

__all__ = ["Code", "docstring", "entry", "markdown", "prose", "string", "string_of", "value"]

_DOC_LIMIT = 4_000


class Code(str):
    """Source text that has passed the gate, or was written by us."""

    __slots__ = ()


def string_of(text: str) -> Code:
    """A string literal in double quotes, the way black leaves it."""
    quote = "'" if '"' in text and "'" not in text else '"'
    return Code(quote + _ESCAPED[quote].sub(_escape, text) + quote)


def string(text: SpecText) -> Code:
    """A string of a spec as a literal that means exactly the same string."""
    return string_of(text.raw)


def value(given: SpecValue) -> Code:
    """A JSON value as a literal. Floats that JSON does not know are refused by `ValueError`."""
    return Code(_literal(given.raw))


def _literal(raw: object) -> str:
    match raw:
        case None | bool():
            return repr(raw)
        case int():
            return repr(int(raw))
        case float():
            if not math.isfinite(raw):
                raise ValueError("infinite and undefined numbers have no literal")
            return repr(float(raw))
        case str():
            return string_of(raw)
        case list():
            items = cast("list[object]", raw)
            return "[" + ", ".join(_literal(item) for item in items) + "]"
        case dict():
            members = cast("dict[str, object]", raw)
            pairs = (f"{string_of(key)}: {_literal(item)}" for key, item in members.items())
            return "{" + ", ".join(pairs) + "}"
        case _:
            raise TypeError(f"no literal for {type(raw).__name__}")


#: Controls, line and direction marks, invisible format characters, surrogates, private use. Written
#: out, since the database behind `str.isprintable` differs from one Python to the next, and the
#: output must not.
_HIDDEN_CHARACTERS = (
    "\x00-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u2028-\u202f"
    "\u205f-\u206f\ud800-\uf8ff\ufeff\ufff0-\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
_HIDDEN = re.compile(f"[{_HIDDEN_CHARACTERS}]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
#: What a literal in either kind of quotes cannot hold as it is.
_ESCAPED = {quote: re.compile(f"[{_HIDDEN_CHARACTERS}\\\\{quote}]") for quote in "'\""}


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if character in "'\"":
        return "\\" + character
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def clean(text: str) -> str:
    """Prose without control, direction or surrogate characters, of bounded length, LF only."""
    text = text[:_DOC_LIMIT].replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "\n".join(_HIDDEN.sub(" ", line) for line in text.split("\n"))


def prose(text: SpecText | None, width: int = 10_000) -> list[str]:
    """The lines of a description, wrapped to `width`; paragraphs and list items stay apart.

    The lines are *not* safe to render: they go on into `docstring` or `markdown`.
    """
    if text is None:
        return []
    lines: list[str] = []
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            hanging = "  " if paragraph[0][:2] in ("* ", "- ") else ""
            joined = " ".join(paragraph)
            lines.extend(
                textwrap.wrap(
                    joined,
                    width,
                    subsequent_indent=hanging,
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )
            paragraph.clear()

    for line in clean(text.raw).split("\n"):
        stripped = " ".join(line.split())
        if not stripped:
            flush()
            if lines and lines[-1]:
                lines.append("")
        else:
            if re.match(r"([*+-]|\d+[.)])\s|\||#", stripped):
                flush()
            paragraph.append(stripped)
    flush()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def entry(text: str, width: int = 86) -> list[str]:
    """`name: explanation` as the lines of a Google style section, indented below its heading."""
    first, *rest = prose(SpecText(text), width)
    return [f"    {first}", *(f"        {line}" for line in rest)]


def _inert(line: str) -> str:
    """A line that neither ends the docstring it stands in nor escapes anything."""
    return re.sub(r'"{3,}', lambda run: '\\"' * len(run[0]), line.replace("\\", "\\\\"))


def docstring(lines: list[str], indent: int) -> Code:
    """Lines as a docstring, quotes included, the way black leaves it.

    Args:
        lines: Plain text, from `prose` or written by us.
        indent: Columns the docstring stands at; following lines get them too.
    """
    escaped = [_inert(line.rstrip()) for line in lines]
    while escaped and not escaped[-1]:
        escaped.pop()
    if not escaped:
        escaped = ["No description."]
    margin = " " * indent
    if len(escaped) == 1:
        only = escaped[0].strip()
        # A quote at the end would join the closing ones, unless it is escaped already.
        ending = re.search(r'(\\*)"$', only)
        if ending and len(ending[1]) % 2 == 0:
            only = only[:-1] + '\\"'
        return Code(f'"""{only}"""')
    first, *rest = escaped
    body = "\n".join(margin + line if line else "" for line in rest)
    return Code(f'"""{first.strip()}\n{body}\n{margin}"""')


def markdown(text: SpecText | None, *, cell: bool = False) -> Code:
    """Prose as Markdown that can neither hold HTML nor links.

    Args:
        text: A description; OpenAPI lets it be Markdown, and its emphasis and lists are kept.
        cell: On one line, fit for a heading or a table.
    """
    lines = prose(text, 120)
    # Entities: unlike a backslash, they cannot be undone by one that stands before them.
    safe = ("\n" if not cell else " ").join(lines).replace("<", "&lt;").replace("[", "&#91;")
    return Code(safe.replace("|", "&#124;") if cell else safe)
