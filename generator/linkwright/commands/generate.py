"""`linkwright generate`, where there is something to do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..console import build_or_exit, counted, end, report, shown
from ..emit.disk import EditedOutput, ForeignFolder, WriteResult, recover, write
from ..emit.errors import EmitError, LockError, NewerLock
from ..emit.lock import read_lock
from ..emit.state import diff
from ..progress import Progress
from .check import Verdict, end_newer
from .diff import write_report

if TYPE_CHECKING:
    from ..config import Project
    from ..pipeline import Built
    from ..report.catalogue import Change

__all__ = ["Options", "run"]

_DIFF_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to generate.

    Attributes:
        force: Discard changes made by hand, and the work of a newer generator.
        strict: Treat warnings as errors.
        verbose: Show every warning, and what is written.
        jobs: Processes at once; None for one per core.
        cached: Use results of earlier runs.
        report: Where to write what changed.
    """

    force: bool = False
    strict: bool = False
    verbose: bool = False
    jobs: int | None = None
    cached: bool = True
    report: Path | None = None


def run(project: Project, folder: Path, options: Options) -> None:
    """Build everything and put it in its place; ends the command where that cannot be."""
    if options.report is not None:
        _check_report(options.report, folder)
    try:
        with Progress() as progress:
            # Also says, before all the work, whether this is a place to write to.
            recover(folder)
            lock = None if options.force else read_lock(folder)
            if lock is not None and lock.made_by_newer(__version__):
                end_newer(lock.generator)
            built = build_or_exit(
                project, folder, progress.say, jobs=options.jobs, cached=options.cached
            )
            report(
                built.diagnostics,
                built.lines,
                verbose=options.verbose,
                strict=options.strict,
                writes=True,
            )
            changes = _changes(project, folder, built) if options.report else ()
            progress.say("writing")
            result = _write(folder, built, force=options.force)
    except ForeignFolder as error:
        end(3, str(error), "choose an empty or new folder, or give --force to add to this one")
    except NewerLock as error:
        end(Verdict.NEWER, f"newer: {error}", "upgrade linkwright, or give --force to go back")
    except LockError as error:
        end(2, str(error), "restore the lock from version control, or give --force")
    except EmitError as error:
        end(2, str(error))
    if options.report is not None:
        write_report(options.report, changes)
    if options.verbose:
        for path in result.written:
            click.echo(f"wrote {path}")
        for path in result.removed:
            click.echo(f"removed {path}")
    lines = sum(content.count(b"\n") for content in built.tree.files.values())
    click.echo(
        f"{shown(folder)}: {counted(len(result.written), 'file')} written, "
        f"{len(result.unchanged)} unchanged, {len(result.removed)} removed; "
        f"{counted(len(project.providers), 'provider')}, {counted(lines, 'line')}, "
        f"{progress.seconds:.1f} s"
    )


def _check_report(path: Path, folder: Path) -> None:
    """End the command where no file can be for a report: nothing is to be written then."""
    if path.is_dir() or not path.absolute().parent.is_dir():
        end(2, f"cannot write {shown(path)}: there is no such folder, or it is one")
    if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        # `check` would call it extra, or it would take the place of a file of ours.
        end(2, f"cannot write {shown(path)}: a report cannot be inside the output folder")


def _changes(project: Project, folder: Path, built: Built) -> tuple[Change, ...]:
    from .sides import Side, changes_between, of_built, of_output

    lock = read_lock(folder)
    old = of_output(folder, lock) if lock else Side({}, "", {}, {})
    return changes_between(old, of_built(project, built), project)


def _write(folder: Path, built: Built, *, force: bool) -> WriteResult:
    try:
        return write(folder, built.tree, built.lock, force=force)
    except EditedOutput as error:
        _show_edits(folder, built, error)
        end(
            Verdict.EDITED,
            f"{shown(folder)}: {error}",
            "move your code to a _custom folder, or give --force to discard these changes",
        )


def _show_edits(folder: Path, built: Built, error: EditedOutput) -> None:
    """What would be lost, as a diff from the edited files to what would be written."""
    lines = diff(folder, built.tree, only=error.paths).splitlines()
    for line in lines[:_DIFF_LINES]:
        click.echo(line, err=True)
    if len(lines) > _DIFF_LINES:
        click.echo(f"... and {counted(len(lines) - _DIFF_LINES, 'more line')}", err=True)
