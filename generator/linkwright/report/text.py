"""A report as Markdown, for people, and as JSON, for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..source.text import shown
from .catalogue import KINDS, Change, Verdict, worst

__all__ = ["as_json", "as_markdown"]

_LIMIT = 160
_TITLES = {
    Verdict.BREAKING: "Breaking",
    Verdict.ADDITIVE: "Additive",
    Verdict.COSMETIC: "Cosmetic",
}


def as_json(changes: Sequence[Change]) -> str:
    """One object: the verdict, how many of each, and every change."""
    verdict = worst(tuple(changes))
    document = {
        "format": 1,
        "verdict": verdict.name.lower(),
        "release": verdict.release,
        "counts": {
            one.name.lower(): sum(1 for c in changes if c.verdict is one) for one in _TITLES
        },
        "changes": [_object(change) for change in changes],
    }
    return json.dumps(document, indent=1) + "\n"


def _object(change: Change) -> dict[str, object]:
    place = change.place
    until = change.until
    alias: dict[str, object] = {}
    if change.kind.endswith("-alias-kept"):
        alias["alias"] = until and {"releases": list(until.seen), "left": until.left}
    return {
        "kind": change.kind,
        "verdict": change.verdict.name.lower(),
        "provider": change.provider or None,
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "causes": list(change.causes),
        **alias,
        "place": place
        and {
            "side": place.side,
            "file": place.file,
            "line": place.line or None,
            "column": place.column or None,
        },
    }


def as_markdown(changes: Sequence[Change]) -> str:
    """A heading with the verdict, and a table for each kind of it."""
    verdict = worst(tuple(changes))
    if verdict is Verdict.NONE:
        return "# No change\n\nThe generated Python API is the same.\n"
    counts = [(one, [c for c in changes if c.verdict is one]) for one in _TITLES]
    told = ", ".join(f"{len(found)} {one.name.lower()}" for one, found in counts if found)
    lines = [
        f"# {_TITLES[verdict]} changes",
        "",
        f"{told}: {verdict.release} release of what ships the clients.",
    ]
    for one, found in counts:
        if found:
            lines += ["", f"## {_TITLES[one]}", "", "| what | change | cause | place |"]
            lines += ["| --- | --- | --- | --- |", *map(_row, found)]
    return "\n".join(lines) + "\n"


def _row(change: Change) -> str:
    text = f"{change.kind}: {KINDS[change.kind].meaning}"
    if change.before is not None and change.after is not None:
        text += f"; {_code(change.before)} → {_code(change.after)}"
    elif change.before is not None or change.after is not None:
        text += f"; {_code(change.before or change.after or '')}"
    if change.until is not None:
        text += f"; {_cell(str(change.until))}"
    place = _cell(str(change.place)) if change.place else ""
    if change.place and change.place.side == "old":
        place += " (before)"
    # One of several, where nothing tells which.
    cause = f"{'one of: ' if len(change.causes) > 1 else ''}{', '.join(change.causes)}"
    return f"| {_code(change.path)} | {text} | {cause} | {place} |"


def _code(text: str) -> str:
    """Text of a document in a cell: one line, no end of the cell, no end of the code."""
    plain = shown(text, limit=_LIMIT).replace("`", "'").replace("|", "\\|")
    return f"`{plain}`"


def _cell(text: str) -> str:
    return shown(text, limit=_LIMIT).replace("|", "\\|").replace("<", "&lt;")
