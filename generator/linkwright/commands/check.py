"""`linkwright check`: which of five ways an output is not what it should be."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..console import build_or_exit, end, printable, report, shown
from ..emit.errors import EmitError, LockError, NewerLock
from ..emit.lock import LOCK_NAME, read_lock
from ..emit.state import diff, inspect
from ..idle import matches_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import Project
    from ..emit.lock import Lock
    from ..emit.state import FolderState
    from ..pipeline import Built

__all__ = ["Verdict", "run"]


class Verdict(IntEnum):
    """Exit statuses; `templates/package/_verify.py` has the same. The first that holds counts."""

    FINE = 0
    STALE = 1
    EDITED = 3
    MISSING = 4
    EXTRA = 5
    NEWER = 6


def run(project: Project, folder: Path, *, full: bool, strict: bool, jobs: int | None) -> None:
    """Print what is wrong with the output; see `Verdict` for how the command ends."""
    try:
        lock = read_lock(folder)
        if lock is None:
            end(
                Verdict.MISSING,
                f"missing: {shown(folder)} holds no {LOCK_NAME}",
                "run linkwright generate",
            )
        if lock.made_by_newer(__version__):
            end_newer(lock.generator)
        state = inspect(folder, lock)
        same_inputs = matches_lock(project, lock)
        if same_inputs and state.clean and not full and not strict:
            click.echo(f"{shown(folder)} is up to date")
            return
        _print(state)
        from ..progress import Progress

        with Progress() as progress:
            # In full means from the inputs alone.
            built = build_or_exit(project, folder, progress.say, jobs=jobs, cached=not full)
            report(built.diagnostics, built.lines, strict=strict)
        told = {*state.missing, *state.extra}
        difference = diff(folder, built.tree, leave_out=told)
    except NewerLock as error:
        end(Verdict.NEWER, f"newer: {error}", "upgrade linkwright")
    except LockError as error:
        end(
            2,
            str(error),
            "restore the lock from version control, or run linkwright generate --force",
        )
    except EmitError as error:
        end(2, str(error))
    if difference:
        click.echo(difference, nl=False)
    verdict = _verdict(state, lock, built, same_inputs=same_inputs, differs=bool(difference))
    if verdict is Verdict.FINE:
        click.echo(f"{shown(folder)} is up to date")
    raise SystemExit(verdict)


def end_newer(version: str) -> None:
    """Refuse to judge or overwrite what a newer generator wrote."""
    end(
        Verdict.NEWER,
        f"newer: the output was made by linkwright {printable(version)}, this is {__version__}",
        "upgrade linkwright, or give `generate` --force to go back",
    )


def _print(state: FolderState) -> None:
    for kind, paths in (
        ("edited", state.edited),
        ("missing", state.missing),
        ("extra", state.extra),
    ):
        for path in paths:
            click.echo(f"{kind}: {printable(path)}")


#: What an input is, where its name in the lock does not say it.
_INPUTS = {
    "config": "the configuration",
    "generator": "linkwright's own code",
    "release": "the release",
    "templates": "linkwright's templates",
}


def _moved(old: Lock, new: Lock) -> Iterator[str]:
    for name in sorted(old.inputs.keys() | new.inputs.keys()):
        counts = name != "release" or name in old.inputs  # it counts from now on
        if counts and old.inputs.get(name) != new.inputs.get(name):
            yield _INPUTS.get(name, name)
    versions = {"linkwright": (old.generator, new.generator)}
    versions |= {tool: (was, new.tools.get(tool, "none")) for tool, was in old.tools.items()}
    for tool, (was, now) in versions.items():
        if was != now:
            yield f"{tool} ({was}, now {now})"


def _verdict(
    state: FolderState, lock: Lock, built: Built, *, same_inputs: bool, differs: bool
) -> Verdict:
    if not same_inputs and lock != built.lock:
        told = printable(", ".join(_moved(lock, built.lock)))
        click.echo(f"stale: changed since this was generated: {told}", err=True)
        click.echo("  help: run linkwright generate", err=True)
    if state.edited:
        return Verdict.EDITED
    if state.missing:
        return Verdict.MISSING
    if state.extra:
        return Verdict.EXTRA
    if lock != built.lock or differs:
        if same_inputs:
            click.echo("stale: the lock does not describe the present inputs", err=True)
        return Verdict.STALE
    return Verdict.FINE
