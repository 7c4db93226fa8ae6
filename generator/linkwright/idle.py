"""Runs with nothing to do, which are most of them: in every build, and before every commit.

Nothing here loads the command line: that takes about as long as everything else such a run does.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .config import Project
    from .emit.lock import Lock

__all__ = ["answered", "is_current", "matches_lock"]


def answered(arguments: Sequence[str]) -> bool:
    """Whether this was a plain `check` or `generate` with nothing to do, and has been answered.

    Whatever is not as it should be is for the command itself to find and to say.
    """
    if list(arguments) not in (["check"], ["generate"]):
        return False
    project = _configured()
    if project is None or project.output is None:
        return False
    name = str(project.output)
    # What a terminal might not show as it is takes the command, which knows how to say it.
    if not (name.isascii() and name.isprintable()):
        return False
    if not is_current(project, project.output, extra=arguments[0] == "generate"):
        return False
    try:
        sys.stdout.write(f"{name} is up to date\n")
        sys.stdout.flush()
    except (AttributeError, OSError):
        return False  # no standard output, or nobody reads it
    return True


def is_current(project: Project, folder: Path, *, extra: bool = True) -> bool:
    """Whether the output was made from exactly these inputs and is as it was written.

    Args:
        project: What is generated.
        folder: Where the output is.
        extra: Whether there may be files that were not written by linkwright. What an interrupted
            run left beside the folder may not: it is for the next run to remove.
    """
    from .emit.errors import EmitError
    from .emit.guard import has_leftovers
    from .emit.lock import read_lock
    from .emit.state import inspect

    try:
        lock = read_lock(folder)
        if lock is None or folder.is_symlink() or not matches_lock(project, lock):
            return False
        if extra and has_leftovers(folder):
            return False
        state = inspect(folder, lock)
        return state.clean or (extra and not state.edited and not state.missing)
    except EmitError:
        return False


def matches_lock(project: Project, lock: Lock) -> bool:
    """Whether a lock is of these inputs and this generator."""
    from .inputs import matches

    return matches(project, lock.generator, lock.tools, lock.inputs)


def _configured() -> Project | None:
    from .config import bundled, find_config

    try:
        config = find_config(Path.cwd())
        if config is None:
            return bundled(None)
        from .diagnostics import Collector, InputError
        from .settings import from_file

        out = Collector()
        try:
            project = from_file(config, None, out)
        except InputError:
            return None
        return None if out.found else project
    except OSError:
        return None
