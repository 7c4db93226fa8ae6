"""What every hook does: bring the output of a project up to date, or insist that it is."""

from __future__ import annotations

from pathlib import Path

from ..config import Project, find_config
from ..diagnostics import Collector, InputError, render
from ..emit.errors import EmitError
from ..emit.lock import read_lock
from ..inputs import named_files
from ..settings import from_file

__all__ = ["MODES", "bring_up_to_date", "inputs_of", "output_of"]

MODES = ("generate", "check")


def bring_up_to_date(config: Path, mode: str = "generate") -> Path:
    """Run `linkwright generate` or `check` for a project.

    Args:
        config: The TOML file with its `[tool.linkwright]` table.
        mode: `generate`, or `check` for builds that must not write.

    Returns:
        The output folder.

    Raises:
        ValueError: No such mode, or the configuration is wrong.
        RuntimeError: The command failed; it said why on standard error.
    """
    if mode not in MODES:
        raise ValueError(f"linkwright: mode is {mode!r}, it can be {' or '.join(MODES)}")
    output = output_of(config)
    from ..cli import main

    try:
        main.main([mode, "--config", str(config)], prog_name="linkwright", standalone_mode=False)
    except SystemExit as error:
        if error.code:
            raise RuntimeError(f"linkwright {mode} ended with status {error.code}") from None
    return output


def inputs_of(config: Path) -> list[Path]:
    """The files below a configuration's folder that its output is made of, but for itself.

    Raises:
        ValueError: The configuration is wrong.
    """
    project = _project(config)
    known: list[str] = []
    try:
        lock = read_lock(project.output) if project.output is not None else None
        known += lock.inputs if lock else ()
    except EmitError:
        pass  # generating says what is wrong with it
    root = config.resolve().parent
    found: set[Path] = set()
    for path in named_files(project, known).values():
        files = path.rglob("*") if path.is_dir() else [path]
        found.update(file.resolve() for file in files if file.is_file())
    return sorted(file for file in found if file.is_relative_to(root))


def output_of(config: Path) -> Path:
    """The output folder that a project configures.

    Raises:
        ValueError: It configures none, or the configuration is wrong.
    """
    output = _project(config).output
    if output is None:
        raise ValueError(f"linkwright: [tool.linkwright] of {config} has no output")
    return output


def _project(config: Path) -> Project:
    if find_config(config.parent) is None and config.name == "pyproject.toml":
        raise ValueError(f"linkwright: {config} has no [tool.linkwright] table")
    try:
        return from_file(config, None, Collector())
    except InputError as error:
        raise ValueError(render(error.diagnostics, error.lines)) from None
