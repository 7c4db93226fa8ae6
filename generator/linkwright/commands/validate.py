"""`linkwright validate`: what there is to say about documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from ..console import counted, propose, report
from ..diagnostics import Collector, Diagnostic, InputError, Severity
from ..pipeline import understand_all
from ..settings import from_specs
from ..workers import Workers

__all__ = ["run"]


def run(
    files: tuple[Path, ...], overlays: tuple[Path, ...], *, strict: bool, as_json: bool
) -> None:
    """Print diagnostics; ends with status 2 on errors, and with `strict` on warnings."""
    diagnostics: list[Diagnostic] = []
    lines: dict[str, dict[int, str]] = {}
    proposed: dict[str, str] = {}
    for file in files:
        try:
            project = from_specs((file,), "document", None, Collector(), overlays)
            with Workers(1) as workers:
                (understood,) = understand_all(project, workers)
            found, places = understood.diagnostics, understood.lines
        except InputError as error:
            found, places = error.diagnostics, error.lines
            if error.overlay:
                proposed[str(file)] = error.overlay
        diagnostics += found
        lines.update({name: dict(text) for name, text in places.items()})
    worst = max((d.severity for d in diagnostics), default=Severity.NOTE)
    if as_json:
        click.echo(_json(diagnostics, proposed))
    else:
        report(tuple(diagnostics), lines, verbose=True)
        propose("---\n".join(proposed.values()))
        if worst < Severity.ERROR:
            warnings = sum(1 for d in set(diagnostics) if d.severity is Severity.WARNING)
            click.echo(
                f"{counted(len(files), 'document')}, {counted(warnings, 'warning')}, no errors"
            )
    if worst is Severity.ERROR or (strict and worst is Severity.WARNING):
        raise SystemExit(2)


def _json(diagnostics: Iterable[Diagnostic], overlays: Mapping[str, str]) -> str:
    found = [
        {
            "code": d.code,
            "severity": d.severity.name.lower(),
            "message": d.message,
            "file": d.span.file,
            "line": d.span.line,
            "column": d.span.column,
            "help": d.help,
        }
        for d in sorted(set(diagnostics), key=lambda d: (d.span, d.code, d.message))
    ]
    proposed = [{"document": name, "overlay": text} for name, text in overlays.items()]
    return json.dumps({"diagnostics": found, "overlays": proposed}, indent=1)
