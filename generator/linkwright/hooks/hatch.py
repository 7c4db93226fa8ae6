"""The build hook of hatchling: `[tool.hatch.build.hooks.linkwright]`.

Options: `config` (the TOML file with `[tool.linkwright]`; the project's own by default) and `mode`
(`generate`, or `check` to fail where the committed output is not up to date).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin import hookimpl

from .run import bring_up_to_date

__all__ = ["LinkwrightBuildHook", "hatch_register_build_hook"]

#: What hatchling itself reads in the table of any hook.
_HATCH = frozenset(
    {
        "dependencies",
        "enable-by-default",
        "require-runtime-dependencies",
        "require-runtime-features",
    }
)
_OPTIONS = _HATCH | {"config", "mode"}


class LinkwrightBuildHook(BuildHookInterface[BuilderConfig]):
    """Generates before files are collected, and packs the output even where Git ignores it."""

    PLUGIN_NAME = "linkwright"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the output up to date.

        Raises:
            ValueError: The configuration is wrong.
            RuntimeError: Generating failed, or the output is not as it should be.
        """
        del version  # of the build: standard or editable
        if unknown := sorted(self.config.keys() - _OPTIONS):
            told = ", ".join(sorted(_OPTIONS - _HATCH))
            raise ValueError(
                f"linkwright: the build hook has no option {unknown[0]!r}; it has {told}"
            )
        root = Path(self.root)
        config = root / str(self.config.get("config", "pyproject.toml"))
        output = bring_up_to_date(config, str(self.config.get("mode", "generate"))).resolve()
        if output.is_relative_to(root.resolve()):
            relative = output.relative_to(root.resolve()).as_posix()
            build_data["artifacts"].append(f"/{relative}/**")


@hookimpl
def hatch_register_build_hook() -> type[LinkwrightBuildHook]:
    """What hatchling asks for."""
    return LinkwrightBuildHook
