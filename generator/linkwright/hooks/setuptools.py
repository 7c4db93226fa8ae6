"""The command of setuptools: `python setup.py linkwright`, and a step of every `build`.

It is a step wherever linkwright is among the build requirements and the project has a
`[tool.linkwright]` table.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from setuptools import Command, Distribution
from setuptools.command.build import build

from ..config import find_config
from .run import bring_up_to_date, inputs_of

__all__ = ["GenerateClients", "add_build_step"]

_NAME = "linkwright"
_OPTIONS: list[tuple[str, str | None, str]] = [
    ("mode=", None, "generate (default), or check to fail where the output is not up to date")
]
_DATA = ["linkwright.lock", "linkwright.names.json", "py.typed", "*/README.md"]


class GenerateClients(Command):
    """Generate the clients, and add their packages to what is built."""

    description = "generate typed API clients from OpenAPI documents (linkwright)"
    user_options: ClassVar[list[tuple[str, str, str]] | list[tuple[str, str | None, str]]] = (
        _OPTIONS
    )
    # What a step of `build` has to have; set by setuptools.
    editable_mode = False
    build_lib: str | None = None

    def initialize_options(self) -> None:
        """Defaults."""
        self.mode = "generate"

    def finalize_options(self) -> None:
        """Nothing depends on other commands."""

    def run(self) -> None:
        """Bring the output up to date.

        Raises:
            ValueError: The configuration is wrong.
            RuntimeError: Generating failed, or the output is not as it should be.
        """
        output = bring_up_to_date(Path("pyproject.toml").resolve(), self.mode)
        self._add(output.resolve())

    def get_source_files(self) -> list[str]:
        """The documents, without which a source distribution could not be built."""
        root = Path.cwd()
        found = inputs_of(root.resolve() / "pyproject.toml")
        return [path.relative_to(root.resolve()).as_posix() for path in found]

    def get_outputs(self) -> list[str]:
        """Nothing is written to the build folder."""
        return []

    def get_output_mapping(self) -> dict[str, str]:
        """Likewise."""
        return {}

    def _add(self, output: Path) -> None:
        """Packages are listed before the first run has made them."""
        folders = self.distribution.package_dir or {}
        root = Path(folders.get("", ".")).resolve()
        if not output.is_relative_to(root):
            return
        packages = list(self.distribution.packages or [])
        for marker in sorted(output.rglob("__init__.py")):
            name = ".".join(marker.parent.relative_to(root).parts)
            if name not in packages:
                packages.append(name)
        self.distribution.packages = packages
        data = dict(self.distribution.package_data or {})
        data.setdefault(".".join(output.relative_to(root).parts), []).extend(_DATA)
        self.distribution.package_data = data


def add_build_step(distribution: Distribution) -> None:
    """Make the command the first step of `build`, where the project wants it."""
    del distribution
    here = Path.cwd() / "pyproject.toml"
    step = (_NAME, None)
    if find_config(Path.cwd()) == here and step not in build.sub_commands:
        build.sub_commands.insert(0, step)
