"""What black leaves alone need not be shown to it.

Formatting is most of a run, and nearly all of the output comes out of the templates the way black
has it. A statement whose lines fit is laid out by what kinds of tokens it has, not by which names
they are: black is asked once about each *shape*, with short names and with long ones. Statements of
a shape that stays are replaced by short ones of the same kind before black sees a file, and put
back afterwards, so blank lines and all the rest are still up to black.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

__all__ = ["settle"]

_WIDTH = 100
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'")
_PLAIN = re.compile(r'"[^"\\\n]*"')
_KEYWORDS = "|".join((*keyword.kwlist, *keyword.softkwlist))
_NAME = re.compile(rf"\b(?!(?:{_KEYWORDS})\b)[A-Za-z_]\w*")
_NUMBER = re.compile(r"\b\d+\b")
_REPEATED = re.compile(r"(^ +\S.*,\n)\1{2,}", re.MULTILINE)
#: Lines of an exploded bracket that nothing can divide, however long they are.
_ATOMS = re.compile(r' +(\w+=)?("[^"\\\n]*"|\w+|\w+ as \w+)(: ("[^"\\\n]*"|\w+))?,')
#: What stands in for statements of each kind.
_STAND_INS = {
    "class": "class {}:",
    "def": "def {}():",
    "@": "@{}",
    "import": "import {}",
    "return": "return {}",
    "text": '"""{}"""',
    "other": "{} = 1",
}
_KINDS = {"async def": "def", "from": "import", "raise": "return"}
_HEADERS = ("class", "def")
#: Heads of other blocks are few, and comments go their own ways: black sees all of them.
_SEEN = re.compile(
    r"#|(async|if|elif|else|for|while|try|except|finally|with|match|case|break|continue|pass)\b"
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One statement, or the head of a compound one: `lines[start:end]`, after `gap` blank lines."""

    start: int
    end: int
    gap: int
    indent: int
    kind: str


class _Unclear(Exception):
    """The text has something that cannot be told apart by looking at lines."""


def settle(text: str, black: Callable[[str], str]) -> str:
    """What `black` makes of a text that compiles.

    Args:
        text: Source of a module.
        black: Formats source; cannot depend on anything but it.
    """
    lines = text.split("\n")
    try:
        units = list(_units(lines))
    except _Unclear:
        units = []
    word = "_settled"
    while word in text:
        word += "_"
    short = _Short(word)
    stay = [_stays(lines[unit.start : unit.end], unit, black) for unit in units]
    number = position = 0
    while number < len(units):
        unit = units[number]
        short.lines += lines[position : unit.start]
        if end := _class_end(units, stay, number):
            own = [line if line.strip() else "" for line in lines[unit.start : units[end - 1].end]]
            short.leave_out(own, replace(unit, kind="whole class"))
        else:
            end = number + 1
            own = lines[unit.start : unit.end]
            heads = number == 0 or units[number - 1].kind in _HEADERS
            if stay[number]:
                short.leave_out(own, unit, closed=heads and unit.kind == "text")
            else:
                short.show(own)
        number, position = end, units[end - 1].end
    short.lines += lines[position:]
    shown = "\n".join(short.lines)
    if not short.kept or not _parses(shown):
        return black(text)
    return _restored(black(shown), re.compile(rf"{word}(\d+)x"), short.kept)


class _Short:
    """A module with stand-ins in it.

    Attributes:
        lines: Of the module.
        kept: What each stand-in stands for.
    """

    def __init__(self, word: str) -> None:
        self.lines: list[str] = []
        self.kept: list[list[str]] = []
        self._word = word
        self._last: _Unit | None = None  # what the last stand-in can take in

    def show(self, own: list[str]) -> None:
        """Add what black has to see."""
        self.lines += own
        self._last = None

    def leave_out(self, own: list[str], unit: _Unit, *, closed: bool = False) -> None:
        """Add what black need not see.

        Args:
            own: Its lines.
            unit: What it is.
            closed: Whether its stand-in can take in nothing more.
        """
        whole = unit.kind == "whole class"
        if self._last is not None and _follows(self._last, unit):
            del self.lines[len(self.lines) - unit.gap :]
            self.kept[-2 if whole else -1] += [*[""] * unit.gap, *own]
            return
        stand_in = _STAND_INS["class" if whole else unit.kind]
        self.lines.append(" " * unit.indent + stand_in.format(self._mark(own)))
        if whole:
            self.lines.append(f"    {self._mark([])}")
        self._last = None if closed else unit

    def _mark(self, own: list[str]) -> str:
        self.kept.append(own)
        return f"{self._word}{len(self.kept) - 1}x"


def _class_end(units: list[_Unit], stay: list[bool], number: int) -> int:
    """Where a class ends of which black would leave everything as it is; 0 if it is not one.

    It holds simple statements only, whose blank lines black leaves alone too.
    """
    head = units[number]
    if head.kind != "class" or head.indent or not stay[number]:
        return 0
    end = number + 1
    while end < len(units) and (unit := units[end]).indent:
        first = end == number + 1
        # After the docstring of a class stands a blank line.
        least = int(end == number + 2 and units[end - 1].kind == "text")
        fits = least <= unit.gap <= (0 if first else 1)
        if not (stay[end] and fits and unit.indent == 4 and unit.kind in ("other", "text")):
            return 0
        end += 1
    alone = end == number + 2 and units[end - 1].kind == "text"
    return end if end > number + 1 and not alone else 0


def _follows(last: _Unit, unit: _Unit) -> bool:
    """Whether black keeps the blank lines between two statements, whatever they are."""
    if last.indent != unit.indent:
        return False
    if last.kind == unit.kind == "import":
        return unit.gap < 2
    if last.kind == unit.kind == "whole class":
        return unit.gap == 2
    return unit.gap < 2 and {last.kind, unit.kind} <= {"other", "text"}


def _restored(text: str, mark: re.Pattern[str], kept: list[list[str]]) -> str:
    lines: list[str] = []
    found = 0
    for line in text.split("\n"):
        if (stand_in := mark.search(line)) is None:
            lines.append(line)
        else:
            assert int(stand_in[1]) == found
            lines += kept[found]
            found += 1
    assert found == len(kept)
    return "\n".join(lines)


def _units(lines: list[str]) -> Iterator[_Unit]:
    number = gap = 0
    while number < len(lines):
        line = lines[number]
        code = line.lstrip(" ")
        if not code:
            gap += 1
            number += 1
            continue
        end = _text_end(lines, number) if code.startswith('"""') else _code_end(lines, number)
        kind = _kind(code)
        if kind in _HEADERS and not lines[end - 1].endswith(":"):
            kind = ""
        yield _Unit(number, end, gap, len(line) - len(code), kind)
        number, gap = end, 0


def _kind(code: str) -> str:
    """Which stand-in a statement may have; nothing where black has to see it as it is."""
    if code.startswith('"""'):
        return "text"
    word = re.match(r"@|async def\b|\w+|", code)
    kind = word[0] if word else ""
    kind = _KINDS.get(kind, kind)
    if kind in _STAND_INS and kind not in ("text", "other"):
        return kind
    return "" if _SEEN.match(code) else "other"


def _text_end(lines: list[str], start: int) -> int:
    """The line after a text in triple quotes that is a statement."""
    if lines[start].count('"""') == 2 and lines[start].endswith('"""'):
        return start + 1
    for number in range(start + 1, len(lines)):
        if '"""' in lines[number]:
            if lines[start].count('"""') == 1 and lines[number].endswith('"""'):
                return number + 1
            break
    raise _Unclear


def _code_end(lines: list[str], start: int) -> int:
    """The line after a statement that has no text over several lines in it."""
    depth = 0
    for number in range(start, len(lines)):
        line = lines[number]
        code = _STRING.sub("", line).partition("#")[0]
        if '"""' in line or "'''" in line or "'" in code or '"' in code or "\\" in code:
            break
        depth += sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
        if depth == 0:
            return number + 1
    raise _Unclear


def _stays(lines: list[str], unit: _Unit, black: Callable[[str], str]) -> bool:
    # No character is wider than two columns.
    if unit.kind == "text":
        return _text_stays(lines, unit.indent)
    if any(len(line) > _WIDTH / (1 if line.isascii() else 2) for line in lines) and not all(
        line.isascii() and (len(line) <= _WIDTH or _ATOMS.fullmatch(line)) for line in lines
    ):
        return False
    if unit.kind == "" or any(line[: unit.indent].strip() for line in lines):
        return False
    code, _, comment = "\n".join(line[unit.indent :] for line in lines).partition("  # ")
    code = _PLAIN.sub('""', code)
    if any(mark in code for mark in ("'", "\\", '"""', "#", "\t", "\f")):
        return False
    shape = _NUMBER.sub("1", _NAME.sub("a", code))
    if 'a"' in shape:  # a prefix
        return False
    if len(lines) > 1:
        if comment or not _exploded(lines):
            return False
        shape = _REPEATED.sub(r"\1\1", shape)
    return _shape_stays(shape, comment, unit.kind, black)


def _exploded(lines: list[str]) -> bool:
    """Whether all brackets over several lines end in a comma, which holds them open."""
    above = lines[0]
    for line in lines[1:]:
        first = line.lstrip(" ")[:1]
        if not first or above[-1] not in "([{," or (first in ")]}" and above[-1] != ","):
            return False
        above = line
    return True


@lru_cache(maxsize=10_000)
def _shape_stays(shape: str, comment: str, kind: str, black: Callable[[str], str]) -> bool:
    tail = {"class": "    pass\n", "def": "    pass\n", "@": "def a():\n    pass\n"}.get(kind, "")
    tail = (f"  # {comment}" if comment else "") + "\n" + tail
    forms = [shape]
    if "\n" in shape:
        forms += [_widest(shape)]
    return all(_parses(form + tail) and black(form + tail) == form + tail for form in forms)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _widest(shape: str) -> str:
    """The shape with the longest names that still fit."""
    wide = shape
    for width in range(2, _WIDTH):
        wider = re.sub(r"\ba\b", "a" * width, shape)
        if max(map(len, wider.split("\n"))) > _WIDTH:
            break
        wide = wider
    return wide


def _text_stays(lines: list[str], indent: int) -> bool:
    """Whether a statement that is a text has its form already, as a docstring or otherwise."""
    text = "\n".join(lines)
    if text.splitlines() != lines or "\t" in text or "\\" in text:
        return False
    first, last = lines[0][indent + 3 :], lines[-1].removesuffix('"""')
    if first[:1] in ("", " ", '"') or any(line != line.rstrip() for line in lines):
        return False
    room = _WIDTH if lines[-1].isascii() else _WIDTH / 2
    if len(lines) == 1:
        return len(lines[0]) <= room and last[-1:] not in (" ", '"')
    if not last.strip(" "):
        lines, closed = lines[:-1], len(last) == indent
    else:
        closed = len(lines[-1]) <= room and last[-1] not in ' "'
    margins = [len(line) - len(line.lstrip(" ")) for line in lines[1:] if line]
    return closed and (not margins or min(margins) == indent)
