"""What the generator tells its user: one sentence, a place, and what to do.

An *error* means the output would be wrong; nothing is written. A *warning* means the output says
less than the spec. A *note* explains a decision. A user's mistake never becomes a traceback.
"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TypeAlias

from .source.limits import MAX_BYTES, NO_WAIT
from .source.span import Span
from .source.text import shown

__all__ = [
    "CODES",
    "Collector",
    "Diagnostic",
    "Fix",
    "InputError",
    "Lines",
    "Severity",
    "lines_of",
    "lines_on_disk",
    "render",
]


class Severity(enum.IntEnum):
    """How bad it is; higher is worse."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


_SEVERITIES = {"E": Severity.ERROR, "W": Severity.WARNING, "N": Severity.NOTE}

#: Every code with its meaning, in the order of the pipeline. Codes are stable.
CODES: dict[str, str] = {
    "E101": "input cannot be read",
    "E102": "input is not valid YAML",
    "E103": "duplicate key",
    "E104": "input is too large or too deep",
    "E105": "overlay cannot be applied",
    "E110": "configuration is wrong",
    "E201": "not an OpenAPI document",
    "E202": "value of the wrong kind",
    "E203": "required keyword is missing",
    "E204": "reference cannot be resolved",
    "E205": "construct is not supported",
    "E206": "path template and parameters disagree",
    "E207": "security scheme is not declared",
    "E208": "declaration does not fit the operation",
    "E301": "two things want one name",
    "E302": "name cannot be used",
    "E501": "facade is not written as it should be",
    "E502": "mapping names what is not there",
    "E503": "types of a mapping do not fit",
    "E504": "mapping is incomplete",
    "W201": "keyword has no effect on the output",
    "W202": "value was repaired",
    "W203": "schema is expressed loosely",
    "W204": "part of the document is not in the output",
    "N401": "decided by what a part looks like",
}


@dataclass(frozen=True, slots=True)
class Fix:
    """What would put an error right, as an overlay could do it.

    Attributes:
        update: What to merge into the mapping at fault; None to take out what stands there.
        key: Of that mapping, the one key that has to go; with `update`, for what is merged.
        target: A JSONPath, where it is another place that has to change.
        value: What to write instead, where a text under some key is at fault.
    """

    update: Mapping[str, object] | None = None
    key: str | None = None
    target: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message.

    Attributes:
        code: Key of `CODES`.
        message: One sentence. Untrusted text in it has passed `shown`.
        span: Where.
        help: What to write instead, possibly several lines.
        related: Further places, each with what stands there.
        fix: What would put it right, where more is known than the place.
    """

    code: str
    message: str
    span: Span
    help: str | None = None
    related: tuple[tuple[Span, str], ...] = ()
    fix: Fix | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """By the first letter of the code."""
        return _SEVERITIES[self.code[0]]


#: Source lines for excerpts: by file, then by line number.
Lines: TypeAlias = Mapping[str, Mapping[int, str]]


class InputError(Exception):
    """The run cannot go on; the command exits with 2.

    Attributes:
        diagnostics: Every diagnostic found so far.
        lines: What the inputs say at those places.
        overlay: An overlay that would change these places, as YAML; empty where none can.
    """

    def __init__(
        self, diagnostics: Sequence[Diagnostic], lines: Lines | None = None, overlay: str = ""
    ) -> None:
        super().__init__(f"{len(diagnostics)} diagnostics")
        self.diagnostics = tuple(diagnostics)
        self.lines: Lines = lines or {}
        self.overlay = overlay


#: Errors after which a run stops looking for more.
_MOST_ERRORS = 1_000


@dataclass(slots=True)
class Collector:
    """Gathers diagnostics of a stage so that one run shows all of them, within reason."""

    found: list[Diagnostic] = field(default_factory=list[Diagnostic])
    _errors: int = 0

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None = None,
        related: Iterable[tuple[Span, str]] = (),
        fix: Fix | None = None,
    ) -> None:
        """Add a diagnostic and go on; stop after very many errors."""
        assert code in CODES, code
        self.found.append(Diagnostic(code, message, span, help, tuple(related), fix))

    def fail(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        help: str | None = None,
        fix: Fix | None = None,
    ) -> NoReturn:
        """Add an error after which nothing sensible can follow, and stop."""
        self.add(code, message, span, help=help, fix=fix)
        raise InputError(self.found)

    @property
    def has_errors(self) -> bool:
        """Whether any error was found."""
        return any(d.severity is Severity.ERROR for d in self.found)

    def stop_on_errors(self) -> None:
        """End the run if any error was found."""
        if self.has_errors:
            raise InputError(self.found)


_PER_CODE = 10
#: Not that of `splitlines`, which also breaks where neither JSON nor an editor does.
_BREAK = re.compile("\r\n|\r|\n")
_LONGEST_PLACE = 1_000


def lines_of(file: str, text: str, diagnostics: Iterable[Diagnostic]) -> Lines:
    """The lines of one file that diagnostics point at."""
    wanted = {d.span.line for d in diagnostics if d.span.file == file}
    last = max(wanted, default=0)
    found: dict[int, str] = {}
    number, start, end = 1, 0, len(text.removesuffix("\n"))
    # One after the other, and no further than needed: a file may be nothing but ends of lines.
    for break_ in _BREAK.finditer(text):
        if number > last:
            break
        if number in wanted:
            found[number] = text[start : break_.start()]
        number, start = number + 1, break_.end()
    if number in wanted and start < end:
        found[number] = text[start:end]
    return {file: found}


def lines_on_disk(path: Path, diagnostics: Iterable[Diagnostic]) -> Lines:
    """Likewise for a file that could not be read as what it should be; nothing if it is no text."""
    wanted = [d for d in diagnostics if d.span.file == str(path) and d.span.line]
    if not wanted:
        return {}
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | NO_WAIT), "rb") as file:
            text = (file.read(MAX_BYTES) or b"").decode("utf-8")
        return lines_of(str(path), text, wanted)
    except (OSError, ValueError):
        return {}


def _excerpt(lines: Lines, span: Span) -> list[str]:
    """The offending line with an arrow under the column; empty when there is none to show."""
    source = lines.get(span.file, {}).get(span.line)
    if source is None:
        return []
    start = max(0, span.column - 60) if span.column > 100 else 0
    number = str(span.line)
    margin = " " * len(number)
    before = shown(source[start : span.column - 1])
    text = shown(source[start:])
    return [f"{margin} |", f"{number} | {text}", f"{margin} | {' ' * len(before)}^"]


def _place(span: Span) -> str:
    """A place as text. The name of a file may hold anything but a slash and NUL."""
    return shown(str(span), limit=_LONGEST_PLACE)


def render(
    diagnostics: Iterable[Diagnostic], lines: Lines | None = None, *, every: bool = False
) -> str:
    """Diagnostics as text, sorted by place.

    Args:
        diagnostics: What to show.
        lines: For excerpts; a place that is missing gets none.
        every: Show more than 10 of one code.
    """
    ordered = sorted(set(diagnostics), key=lambda d: (d.span, d.code, d.message))
    shown_per_code: dict[str, int] = {}
    blocks: list[str] = []
    for diagnostic in ordered:
        shown_per_code[diagnostic.code] = shown_per_code.get(diagnostic.code, 0) + 1
        if shown_per_code[diagnostic.code] > _PER_CODE and not every:
            continue
        block = [f"{diagnostic.severity.name.lower()}[{diagnostic.code}]: {diagnostic.message}"]
        block.append(f"  --> {_place(diagnostic.span)}")
        block += ["  " + line for line in _excerpt(lines or {}, diagnostic.span)]
        for span, what in diagnostic.related:
            block.append(f"  --> {_place(span)}: {what}")
        if diagnostic.help:
            first, *rest = diagnostic.help.split("\n")
            block.append(f"  help: {first}")
            block += ["        " + line for line in rest]
        blocks.append("\n".join(block))
    for code, count in sorted(shown_per_code.items()):
        if count > _PER_CODE and not every:
            blocks.append(f"... and {count - _PER_CODE} more of {code} ({CODES[code]})")
    return "\n\n".join(blocks)
