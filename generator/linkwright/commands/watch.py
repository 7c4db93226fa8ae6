"""`linkwright generate --watch`: once more whenever an input changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..config import find_config
from ..console import counted, shown
from ..emit.errors import EmitError
from ..emit.lock import read_lock
from ..idle import is_current
from ..inputs import named_files
from . import generate

if TYPE_CHECKING:
    from ..config import Project

__all__ = ["source_of", "watch"]

_POLL_SECONDS = 0.5


def source_of(config: Path | None) -> Path | None:
    """The configuration that counts: the one that is given, or the nearest."""
    return config or find_config(Path.cwd())


def watch(
    find: Callable[[], tuple[Project, Path]], config: Path | None, options: generate.Options
) -> None:
    """Generate, and again after each change of an input, until interrupted.

    Errors are shown and waited out: the next change of an input may mend them.

    Args:
        find: Reads the configuration, which may change as well.
        config: Where that is, if anywhere.
        options: How to generate; `force` holds for the first time only.
    """
    always = {} if config is None else {"configuration": config}
    files: dict[str, Path] = dict(always)
    try:
        while True:
            # From before they are read: what is saved meanwhile is a change.
            seen = _stamps(files)
            try:
                project, folder = find()
                files = always | _watched(project, folder)
                seen = _stamps(files) | seen
                if options.force or not is_current(project, folder):
                    generate.run(project, folder, options)
                    files = always | _watched(project, folder)
                    seen = _stamps(files) | seen
            except click.UsageError as error:
                error.show()
                click.echo("waiting for a change", err=True)
            except SystemExit as error:
                if error.code not in (None, 0):
                    click.echo("waiting for a change", err=True)
            options = replace(options, force=False)
            if not files:
                raise SystemExit(2)  # not even a configuration to wait for
            click.echo(f"watching {counted(len(files), 'file')}; Ctrl-C ends it", err=True)
            seen = {name: seen.get(name) for name in files}
            while _stamps(files) == seen:
                time.sleep(_POLL_SECONDS)
            click.echo("changed: " + ", ".join(_changed(files, seen)), err=True)
    except KeyboardInterrupt:
        click.echo("", err=True)


def _watched(project: Project, folder: Path) -> dict[str, Path]:
    try:
        lock = read_lock(folder)
    except EmitError:  # `generate` says what is wrong with it
        lock = None
    return named_files(project, lock.inputs if lock else ())


def _stamps(files: dict[str, Path]) -> dict[str, tuple[int, int] | None]:
    found: dict[str, tuple[int, int] | None] = {}
    for name, path in files.items():
        try:
            inner = sorted(path.rglob("*")) if path.is_dir() else [path]
            status = [p.stat() for p in inner]
            found[name] = (max(s.st_mtime_ns for s in status), sum(s.st_size for s in status))
        except (OSError, ValueError):
            found[name] = None
    return found


def _changed(files: dict[str, Path], seen: dict[str, tuple[int, int] | None]) -> list[str]:
    now = _stamps(files)
    moved = [path for name, path in sorted(files.items()) if now[name] != seen.get(name)]
    here = Path.cwd()
    return [shown(p.relative_to(here) if p.is_relative_to(here) else p) for p in moved]
