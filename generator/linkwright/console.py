"""How commands speak: diagnostics, errors with an exit status, and text made safe for terminals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from .config import Project
    from .diagnostics import Diagnostic, Lines
    from .names import Names
    from .pipeline import Built

__all__ = [
    "build_or_exit",
    "configured",
    "counted",
    "end",
    "fail",
    "printable",
    "propose",
    "recorded_names",
    "report",
    "shown",
]


_CORRECTED = """\
An overlay can correct a document without touching it. Fill in this one, and give it by `--overlay`
or in `overlays` of the configuration:"""


def configured(
    specs: tuple[Path, ...],
    name: str | None,
    config: Path | None,
    out: Path | None,
    overlays: tuple[Path, ...] = (),
) -> tuple[Project, Path]:
    """What the options, or the nearest configuration, say is to be generated, and where."""
    from .config import bundled, find_config

    if name is not None and len(specs) != 1:
        raise click.UsageError("--name goes with exactly one --spec")
    if specs and config is not None:
        raise click.UsageError("--spec and --config exclude each other")
    if overlays and len(specs) != 1:
        raise click.UsageError("--overlay goes with exactly one --spec")
    found = None if specs else config or find_config(Path.cwd())
    project = _read(specs, name, found, out, overlays) if specs or found else bundled(out)
    if project.output is None:
        raise click.UsageError("nothing says where to write: give --out DIR")
    return project, project.output


def _read(
    specs: tuple[Path, ...],
    name: str | None,
    config: Path | None,
    out: Path | None,
    overlays: tuple[Path, ...],
) -> Project:
    from .diagnostics import Collector, InputError
    from .settings import from_file, from_specs

    collector = Collector()
    try:
        if config is None:
            project = from_specs(specs, name, out, collector, overlays)
        else:
            project = from_file(config, out, collector)
        collector.stop_on_errors()
    except InputError as error:
        fail(error)
    return project


def build_or_exit(
    project: Project,
    folder: Path,
    say: Callable[[str], None],
    *,
    jobs: int | None = None,
    cached: bool = True,
) -> Built:
    """The output in memory; bad input ends the command with status 2.

    Args:
        project: What is generated.
        folder: Where the present output is, which knows what things are called.
        say: Is told about progress.
        jobs: Processes at once; as many as there are cores if not given.
        cached: Whether results of earlier runs may be used.
    """
    from .cache import NO_CACHE, default_cache
    from .diagnostics import InputError
    from .pipeline import build
    from .workers import Workers

    names = recorded_names(folder, newer=6)
    try:
        with Workers(jobs) as workers:
            return build(project, workers, say, default_cache() if cached else NO_CACHE, names)
    except InputError as error:
        fail(error)


def recorded_names(folder: Path, *, newer: int = 2) -> dict[str, Names]:
    """What things are called in an output; a record that cannot be used ends the command.

    Args:
        folder: The output.
        newer: The exit status where a newer linkwright wrote the record.
    """
    from .names import NewerNamesError, read_names

    try:
        return read_names(folder)
    except NewerNamesError as error:
        end(newer, f"newer: {error}", "upgrade linkwright")
    except (ValueError, OSError) as error:
        end(2, str(error), "restore it from version control, or delete it to forget old names")


def report(
    diagnostics: tuple[Diagnostic, ...],
    lines: Lines,
    *,
    verbose: bool = False,
    strict: bool = False,
    writes: bool = False,
) -> None:
    """Warnings to standard error: each of them, or how many of which kind.

    Args:
        diagnostics: What was found.
        lines: The documents' lines, to be shown with it.
        verbose: Show each.
        strict: End the command, with status 2, if one is a warning.
        writes: Whether the command would have written something.
    """
    from .diagnostics import CODES, render

    if not diagnostics:
        return
    if verbose or strict:
        click.echo(render(diagnostics, lines, every=True) + "\n", err=True)
    else:
        counts: dict[str, int] = {}
        for diagnostic in diagnostics:
            counts[diagnostic.code] = counts.get(diagnostic.code, 0) + 1
        for code, count in sorted(counts.items()):
            times = "once" if count == 1 else f"{count} times"
            label = "note" if code.startswith("N") else "warning"
            click.echo(f"{label}[{code}]: {CODES[code]} ({times})", err=True)
        click.echo("`linkwright validate FILE` shows each of them", err=True)
    warnings = sum(1 for d in diagnostics if d.code.startswith("W"))
    if strict and warnings:
        effect = "; nothing was written" if writes else ""
        end(2, f"{counted(warnings, 'warning')}, and --strict is given{effect}")


def fail(error: Exception) -> NoReturn:
    """Bad input: all that there is to say about it, and exit status 2."""
    from .diagnostics import InputError, render

    assert isinstance(error, InputError)
    click.echo(render(error.diagnostics, error.lines), err=True)
    propose(error.overlay)
    raise SystemExit(2)


def propose(overlay: str) -> None:
    """An overlay to be filled in, if there is one."""
    if overlay:
        click.echo(f"\n{_CORRECTED}\n\n{overlay}", err=True, nl=False)


def end(status: int, message: str, help: str | None = None) -> NoReturn:
    """One error, and the exit status."""
    click.echo(f"error: {printable(message)}", err=True)
    if help:
        click.echo(f"  help: {help}", err=True)
    raise SystemExit(status)


def counted(number: int, noun: str) -> str:
    """A number and what it counts: `1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shown(path: Path) -> str:
    """A path for a message."""
    return printable(str(path))


def printable(text: str) -> str:
    """Text in one line that can command neither a terminal nor a CI system."""
    from .source.text import shown as shown_text

    return shown_text(text, limit=2_000)
