"""What to generate, and where, as values; and the default that needs no configuration.

On the path of every run, so cheap to import; what reads configuration is in `settings`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .resources import BUNDLED, bundled_facade, bundled_spec
from .source.limits import MAX_BYTES, NO_WAIT

if TYPE_CHECKING:
    from .openapi.selection import Selector
    from .source.span import Span

__all__ = ["Accept", "Project", "Provider", "bundled", "find_config"]


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: the name of its package, and what it is made of.

    Attributes:
        spec: Its document.
        overlays: Overlays to be applied to it, in order.
        include: Operations that are wanted; all, where there are none.
        exclude: Of these, operations that are not.
    """

    name: str
    spec: Path
    overlays: tuple[Path, ...] = ()
    include: tuple[Selector, ...] = ()
    exclude: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class Accept:
    """An acknowledged warning: one of this code whose message contains this text."""

    code: str
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Project:
    """One run's worth of configuration.

    Attributes:
        providers: What clients are made for.
        output: None where nothing says it.
        accept: Acknowledged warnings.
        facades: Folders with a `facade.yaml` and a file for each provider.
        license: SPDX expression for the headers of generated files.
        keep_names: For how many releases a name that was given up stays as a deprecated alias.
        release: What counts as one release; a new value is a new one.
        root: The folder of the configuration, where there is one; reports name files from there.
    """

    providers: tuple[Provider, ...]
    output: Path | None
    accept: tuple[Accept, ...] = ()
    license: str | None = None
    keep_names: int = 2
    release: str | None = None
    facades: tuple[Path, ...] = ()
    root: Path | None = None


def bundled(output: Path | None) -> Project:
    """The embedded default: all bundled providers, and the facade over them."""
    return Project(
        tuple(Provider(name, bundled_spec(name)) for name in BUNDLED),
        output,
        facades=(bundled_facade("connections"),),
    )


def find_config(start: Path) -> Path | None:
    """The nearest `pyproject.toml` with a `[tool.linkwright]` table, from a folder upwards."""
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        # A cheap look first: most files on the way up are other projects'.
        content = _content(path)
        if b"linkwright" in content and _has_table(content):
            return path
    return None


def _content(path: Path) -> bytes:
    """What a file holds; nothing if it cannot be read, or cannot be a configuration."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return b""
        with os.fdopen(os.open(path, os.O_RDONLY | NO_WAIT), "rb") as file:
            return file.read() or b""
    except OSError:
        return b""


def _has_table(content: bytes) -> bool:
    import tomllib

    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        # Perhaps meant for us; `from_file` says what is wrong with it.
        return b"[tool.linkwright" in content
    tool: object = document.get("tool")
    return isinstance(tool, dict) and "linkwright" in tool
