"""Digests of everything the output depends on. On the path of every run, so cheap to import."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from . import resources

if TYPE_CHECKING:
    from .config import Project

__all__ = ["input_digests", "spec_digests", "tool_versions"]

_TOOLS = ("black", "datamodel-code-generator", "jinja2", "pyyaml")


def tool_versions() -> dict[str, str]:
    """Versions of the libraries that shape the output.

    Read off the names of their metadata folders: `importlib.metadata` takes longer to import than
    everything else that a run with nothing to do imports.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208  # no Path on the way of every run
        except OSError:
            continue
        for name in names:
            tool, dash, version = name.removesuffix(".dist-info").partition("-")
            tool = tool.lower().replace("_", "-")
            if dash and name.endswith(".dist-info") and tool in _TOOLS:
                found.setdefault(tool, version)
    return {tool: found.get(tool, "unknown") for tool in _TOOLS}


def spec_digests(project: Project) -> dict[str, str] | None:
    """SHA-256 of every provider's document, by provider; None if one is no readable file."""
    found: dict[str, str] = {}
    for provider in project.providers:
        try:
            # A FIFO would block for ever; the load stage says what is wrong with it.
            if not provider.spec.is_file():
                return None
            found[provider.name] = hashlib.sha256(provider.spec.read_bytes()).hexdigest()
        except OSError:
            return None
    return found


def input_digests(project: Project, specs: Mapping[str, str]) -> dict[str, str]:
    """Everything that decides the output, and what is said about it, by name, for the lock.

    Args:
        project: What is generated.
        specs: SHA-256 of every provider's document, by provider.
    """
    accepted = "\n".join(f"{a.code} {a.message}" for a in project.accept)
    return {
        "accept": hashlib.sha256(accepted.encode()).hexdigest(),
        **{f"spec:{name}": value for name, value in specs.items()},
        "generator": _tree_digest(Path(__file__).parent, ".py"),
        "templates": _tree_digest(resources.templates(), ""),
    }


def _tree_digest(root: Path, suffix: str) -> str:
    """One digest over a folder's files and their names; line ends do not count."""
    total = hashlib.sha256()
    skipped = {"__pycache__", "templates", "specs"} if suffix else {"__pycache__"}
    for path in sorted(root.rglob(f"*{suffix}")):
        relative = path.relative_to(root)
        if path.is_file() and not skipped & set(relative.parts):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            total.update(relative.as_posix().encode() + b"\0")
            total.update(hashlib.sha256(content).digest())
    return total.hexdigest()
