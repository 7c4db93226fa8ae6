"""The command line: options, messages and exit statuses; nothing else.

Exit statuses: 0 done; 1 `check` found a difference; 2 bad input or usage; 3 the output was edited
by hand and would be overwritten. Heavy modules are imported by the commands that need them, and
not before it is known that there is work: a run with nothing to do is over in a blink.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from . import __version__

if TYPE_CHECKING:
    from .config import Project
    from .diagnostics import Diagnostic, Lines
    from .emit.lock import Lock
    from .pipeline import Built

__all__ = ["main"]

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="linkwright")
def main() -> None:
    """Generate typed, vendorable API clients from OpenAPI 3.1 documents.

    \b
    Try it with the five bundled providers:
      linkwright generate --out src/myapp/clients

    \b
    Or with a document of your own:
      linkwright generate --spec payments.yaml --out src/myapp/clients

    Without --spec, the [tool.linkwright] table of the nearest pyproject.toml says what to generate;
    without such a table it is the bundled providers. Commit the output, and let `linkwright check`
    in CI say whether it is still what the documents give.
    """


def _inputs(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what to generate, shared by `generate` and `check`."""
    # What is wrong with a path is ours to say, with a code and a place.
    file = click.Path(path_type=Path, readable=False)
    for option in (
        click.option("--out", type=file, help="The output folder; it becomes the root package."),
        click.option("--config", type=file, help="A TOML file with a [tool.linkwright] table."),
        click.option("--name", help="Name of the provider's package; with a single --spec."),
        click.option("--spec", "specs", type=file, multiple=True, help="An OpenAPI document."),
    ):
        command = option(command)
    return command


@main.command()
@_inputs
@click.option("--force", is_flag=True, help="Discard changes made to the output by hand.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors (exit status 2).")
@click.option("-v", "--verbose", is_flag=True, help="Show every warning, and what is written.")
def generate(
    specs: tuple[Path, ...],
    name: str | None,
    config: Path | None,
    out: Path | None,
    force: bool,
    strict: bool,
    verbose: bool,
) -> None:
    """Write the client package.

    The output folder is replaced in one step: whatever happens, it holds the old output or the new
    one. Files that linkwright did not write stay. Output that was edited by hand is not
    overwritten (exit status 3) unless --force is given.

    \b
    Examples:
      linkwright generate --out clients
      linkwright generate --spec bank.yaml --spec ledger.yaml --out clients
      linkwright generate --spec api.yaml --name ledger --out clients
    """
    project, folder = _project(specs, name, config, out)
    if not force and not strict and _is_current(project, folder):
        click.echo(f"{_shown(folder)} is up to date")
        return
    from .emit.disk import EditedOutput, ForeignFolder, recover, write
    from .emit.errors import EmitError
    from .progress import Progress

    with Progress() as progress:
        try:
            # Also says, before all the work, whether this is a place to write to.
            recover(folder)
        except EmitError as error:
            _end(2, str(error))
        built = _build(project, progress.say)
        _report(built.diagnostics, built.lines, verbose=verbose, strict=strict)
        progress.say("writing")
        try:
            result = write(folder, built.tree, built.lock, force=force)
        except EditedOutput as error:
            _end(3, f"{_shown(folder)}: {error}", "--force discards these changes")
        except ForeignFolder as error:
            _end(3, str(error), "choose an empty or new folder, or give --force to add to this one")
        except EmitError as error:
            _end(2, str(error))
    if verbose:
        for path in result.written:
            click.echo(f"wrote {path}")
        for path in result.removed:
            click.echo(f"removed {path}")
    lines = sum(content.count(b"\n") for content in built.tree.files.values())
    click.echo(
        f"{_shown(folder)}: {len(result.written)} files written, {len(result.unchanged)} unchanged, "
        f"{len(result.removed)} removed; {len(project.providers)} providers, {lines} lines, "
        f"{progress.seconds:.1f} s"
    )


@main.command()
@_inputs
@click.option("--full", is_flag=True, help="Generate and compare even if no input has changed.")
def check(
    specs: tuple[Path, ...], name: str | None, config: Path | None, out: Path | None, full: bool
) -> None:
    """Say whether the output is exactly what `generate` would write.

    Prints what was edited, missing or extra, whether the inputs have moved on (stale), and a
    unified diff. Exit status 0 if all is well, 1 if not. Nothing is written.

    \b
    Examples:
      linkwright check
      linkwright check --spec api.yaml --out clients
      linkwright check --full
    """
    project, folder = _project(specs, name, config, out)
    from .emit.errors import EmitError
    from .emit.lock import read_lock
    from .emit.state import diff, inspect

    try:
        lock = read_lock(folder)
        if lock is None:
            _end(1, f"{_shown(folder)} holds no output of linkwright", "run linkwright generate")
        state = inspect(folder, lock)
        for path in state.edited:
            click.echo(f"edited: {_printable(path)}")
        same_inputs = _matches(project, lock)
        if same_inputs and state.clean and not full:
            click.echo(f"{_shown(folder)} is up to date")
            return
        from .progress import Progress

        with Progress() as progress:
            built = _build(project, progress.say)
            _report(built.diagnostics, built.lines)
        difference = diff(folder, built.tree)
    except EmitError as error:
        _end(2, str(error))
    if difference:
        click.echo(difference, nl=False)
        if not same_inputs:
            click.echo("stale: the inputs have changed since this was generated", err=True)
        raise SystemExit(1)
    if lock != built.lock:
        click.echo("stale: the lock does not describe the present inputs", err=True)
        raise SystemExit(1)
    click.echo(f"{_shown(folder)} is up to date")


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--strict", is_flag=True, help="Exit with status 2 on warnings too.")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as JSON.")
def validate(files: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Say what is wrong with documents, and what of them would not be in the output.

    Nothing is written. Exit status 0 if clients can be generated, 2 if not.

    \b
    Examples:
      linkwright validate specs/*.yaml
      linkwright validate --strict --json api.yaml
    """
    from .diagnostics import Collector, InputError, Severity
    from .pipeline import understand_all
    from .settings import from_specs
    from .workers import Workers

    diagnostics: list[Diagnostic] = []
    lines: dict[str, dict[int, str]] = {}
    for file in files:
        try:
            project = from_specs((file,), "document", None, Collector())
            with Workers(1) as workers:
                (understood,) = understand_all(project, workers)
            found, places = understood.diagnostics, understood.lines
        except InputError as error:
            found, places = error.diagnostics, error.lines
        diagnostics += found
        lines.update({name: dict(text) for name, text in places.items()})
    worst = max((d.severity for d in diagnostics), default=Severity.NOTE)
    if as_json:
        click.echo(_json(diagnostics))
    else:
        _report(tuple(diagnostics), lines, verbose=True)
        if worst < Severity.ERROR:
            warnings = sum(1 for d in diagnostics if d.severity is Severity.WARNING)
            click.echo(f"{len(files)} documents, {warnings} warnings, no errors")
    if worst is Severity.ERROR or (strict and worst is Severity.WARNING):
        raise SystemExit(2)


def _project(
    specs: tuple[Path, ...], name: str | None, config: Path | None, out: Path | None
) -> tuple[Project, Path]:
    from .config import bundled, find_config

    if name is not None and len(specs) != 1:
        raise click.UsageError("--name goes with exactly one --spec")
    if specs and config is not None:
        raise click.UsageError("--spec and --config exclude each other")
    found = None if specs else config or find_config(Path.cwd())
    project = _configured(specs, name, found, out) if specs or found else bundled(out)
    if project.output is None:
        raise click.UsageError("nothing says where to write: give --out DIR")
    return project, project.output


def _configured(
    specs: tuple[Path, ...], name: str | None, config: Path | None, out: Path | None
) -> Project:
    from .diagnostics import Collector, InputError
    from .settings import from_file, from_specs

    collector = Collector()
    try:
        if config is None:
            project = from_specs(specs, name, out, collector)
        else:
            project = from_file(config, out, collector)
        collector.stop_on_errors()
    except InputError as error:
        _fail(error)
    return project


def _is_current(project: Project, folder: Path) -> bool:
    """Whether the output was made from exactly these inputs and is as it was written."""
    from .emit.errors import EmitError
    from .emit.lock import read_lock
    from .emit.state import inspect

    try:
        lock = read_lock(folder)
        if lock is None or folder.is_symlink() or not _matches(project, lock):
            return False
        state = inspect(folder, lock)
        return not state.edited and not state.missing
    except EmitError:
        return False


def _matches(project: Project, lock: Lock) -> bool:
    from .inputs import input_digests, spec_digests, tool_versions

    digests = spec_digests(project)
    return (
        digests is not None
        and lock.generator == __version__
        and lock.inputs == input_digests(project, digests)
        and lock.tools == tool_versions()
    )


def _build(project: Project, say: Callable[[str], None]) -> Built:
    from .diagnostics import InputError
    from .pipeline import build
    from .workers import Workers

    try:
        with Workers() as workers:
            return build(project, workers, say)
    except InputError as error:
        _fail(error)


def _report(
    diagnostics: tuple[Diagnostic, ...],
    lines: Lines,
    *,
    verbose: bool = False,
    strict: bool = False,
) -> None:
    """Warnings to standard error: each of them, or how many of which kind."""
    from .diagnostics import CODES, render

    if not diagnostics:
        return
    if verbose or strict:
        click.echo(render(diagnostics, lines) + "\n", err=True)
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
        _end(2, f"{warnings} warnings, and --strict is given; nothing was written")


def _fail(error: Exception) -> NoReturn:
    from .diagnostics import InputError, render

    assert isinstance(error, InputError)
    click.echo(render(error.diagnostics, error.lines), err=True)
    raise SystemExit(2)


def _end(status: int, message: str, help: str | None = None) -> NoReturn:
    click.echo(f"error: {_printable(message)}", err=True)
    if help:
        click.echo(f"  help: {help}", err=True)
    raise SystemExit(status)


def _json(diagnostics: list[Diagnostic]) -> str:
    import json

    return json.dumps(
        [
            {
                "code": d.code,
                "severity": d.severity.name.lower(),
                "message": d.message,
                "file": d.span.file,
                "line": d.span.line,
                "column": d.span.column,
                "help": d.help,
            }
            for d in sorted(diagnostics, key=lambda d: (d.span, d.code))
        ],
        indent=1,
    )


def _shown(path: Path) -> str:
    return _printable(str(path))


def _printable(text: str) -> str:
    from .source.text import shown

    return "\n".join(shown(line, limit=2_000) for line in text.split("\n"))


if __name__ == "__main__":
    sys.exit(main())
