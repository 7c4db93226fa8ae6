"""The small print of openapi-generator and swagger-codegen: the Notes column, and code comments."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

__all__ = ["Hint", "Notes", "hints", "read_notes"]

_DEFAULT = re.compile(
    r"[\[(]defaults? to (.*?)[\])]\s*(?=[\[(]|$)"
    r"|\bdefaults to (\S.*?)(?=,\s+must be one of|$)"
    r"|\bthe default value of (\S.*?)(?=,\s+must be one of|$)",
    re.S | re.I,
)
_ENUM = re.compile(r"\[enum: (.*?)\]\s*(?=\[|$)|\bmust be one of \[(.*?),?\s*\]", re.S | re.I)
_MARKS = 400
_NOTHING = ("undefined", "null", "None", "nil", "Undefined")


@dataclass(frozen=True, slots=True)
class Notes:
    """What a Notes cell says.

    Attributes:
        optional: True or False where it says so, else None.
        default: As written; None without one.
        enum: Listed values.
        read_only: Marked as set by the server.
    """

    optional: bool | None = None
    default: str | None = None
    enum: tuple[str, ...] = ()
    read_only: bool = False


def read_notes(cell: str) -> Notes:
    """Read a Notes cell: `[optional] [default to 50] [enum: a, b]`, `(optional) defaults to 50`."""
    text = html.unescape(cell).strip()
    if not text:
        return Notes()
    lower = text.lower()
    optional: bool | None = None
    if "[optional]" in lower or "(optional)" in lower:
        optional = True
    elif "[required]" in lower:
        optional = False
    default = _DEFAULT.search(text)
    value = next((v for v in default.groups() if v is not None), None) if default else None
    value = None if value is None else value.strip().strip("`")
    enum = _ENUM.search(text)
    values = ((enum[1] or enum[2]) if enum else "").split(",")
    return Notes(
        optional,
        None if value in _NOTHING else value,
        tuple(v.strip().strip("'\"`") for v in values if v.strip()),
        "[readonly]" in lower,
    )


@dataclass(frozen=True, slots=True)
class Hint:
    """What the example call says about one argument.

    Attributes:
        value: The literal it is given.
        kind: The type in the comment.
        optional: Whether the comment marks it as optional.
        default: As written; None without one.
    """

    value: str
    kind: str
    optional: bool
    default: str | None


def hints(code: str) -> dict[str, Hint]:
    """Arguments of an example by name: `x := int64(789) // int64 | Text (optional) (default to 5)`.

    All target languages comment an argument with its type and its text, with a bar between.
    """
    found: dict[str, Hint] = {}
    above = ""
    for line in code.split("\n"):
        # TypeScript has the comment above the argument.
        if line.lstrip().startswith("// "):
            above = line.strip()
            continue
        if above and re.match(r"\s*\w+: ", line) and " // " not in line:
            head, _, text = above[3:].partition("|")
            line = f"{line.rstrip().rstrip(',')} // {head}|{text}"
        above = ""
        cut = max(line.find(" // "), line.find(" # "))
        comment = line[cut + 1 :].lstrip("/# ") if cut > 0 else ""
        kind, bar, text = comment.partition("|")
        if not bar:
            continue
        left = line[:cut].rstrip().rstrip(",;")
        name, value = _assigned(left)
        if name and name not in found:
            notes = read_notes(_tail(text))
            found[name] = Hint(value, kind.strip(), bool(notes.optional), notes.default)
    return found


def _assigned(left: str) -> tuple[str, str]:
    """`val x : kotlin.Long = 789`, `$x = 789`, `'x': 789`, `x: 789` and `Long x = 789`."""
    match = re.match(r"\s*['\"]?(\w+)['\"]?\s*(?::|=>)\s*(?![:=])(.*)$", left)
    if match is None or " = " in left:
        before, sign, value = left.partition(":=" if ":=" in left else "=")
        if not sign:
            return "", ""
        names = re.findall(r"[A-Za-z_]\w*", before.split(":")[0])
        return (names[-1], value.strip()) if names else ("", "")
    return match[1], match[2].strip()


def _tail(text: str) -> str:
    """The marks behind the text of a comment."""
    # At the end only: the text before may be of any length.
    end = " ".join(text[-_MARKS:].split())
    marks = re.search(r"((?: ?[(\[](?:optional|default to [^()\[\]]*)[)\]])+)$", end)
    return marks[1] if marks else ""
