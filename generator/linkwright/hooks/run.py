"""What every hook does: bring the output of a project up to date, or insist that it is."""

from __future__ import annotations

from pathlib import Path

from ..config import find_config
from ..diagnostics import Collector, InputError, render
from ..settings import from_file

__all__ = ["MODES", "bring_up_to_date", "output_of"]

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


def output_of(config: Path) -> Path:
    """The output folder that a project configures.

    Raises:
        ValueError: It configures none, or the configuration is wrong.
    """
    if find_config(config.parent) is None and config.name == "pyproject.toml":
        raise ValueError(f"linkwright: {config} has no [tool.linkwright] table")
    try:
        project = from_file(config, None, Collector())
    except InputError as error:
        raise ValueError(render(error.diagnostics, error.lines)) from None
    if project.output is None:
        raise ValueError(f"linkwright: [tool.linkwright] of {config} has no output")
    return project.output
