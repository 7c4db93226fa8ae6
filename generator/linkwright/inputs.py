"""Digests of everything the output depends on. On the path of every run, so cheap to import.

An input has a name in the lock: `generator`, `templates`, `config` (whatever is configured and is
no file), `config:powens` (the same of a provider), and one for every file: `spec:powens` is the document of a provider, `spec:powens:a/b.yaml`
a file it refers to, `overlays:powens:0` the first overlay, and so on: the field of the
configuration, the provider, and a position or path. A new field that holds paths counts by itself.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from . import __version__, resources
from .source.limits import MAX_BYTES, NO_WAIT

if TYPE_CHECKING:
    from .config import Project, Provider
    from .names import Names

__all__ = [
    "Sources",
    "current_sources",
    "digest_of",
    "input_digests",
    "matches",
    "named_files",
    "provider_digest",
    "release_digest",
    "tool_versions",
]

_TOOLS = ("black", "datamodel-code-generator", "jinja2", "pyyaml")


@dataclass(frozen=True, slots=True)
class Sources:
    """SHA-256 of the files of a project, by input name."""

    digests: Mapping[str, str]

    def of(self, provider: str) -> dict[str, str]:
        """Those of one provider."""
        return {n: d for n, d in self.digests.items() if n.split(":")[1:2] == [provider]}


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


def digest_of(content: bytes) -> str:
    """SHA-256 in hex, CRLF read as LF: Git may check out so, and means the same."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def named_files(project: Project, known: Iterable[str] = ()) -> dict[str, Path]:
    """Every file and folder that is an input, by its name.

    Args:
        project: What is configured.
        known: Names of an earlier lock: which further files the documents referred to.
    """
    found = dict(_paths(project, ""))
    for provider in project.providers:
        found.update(_paths(provider, f":{provider.name}"))
    for name in known:
        base, _, inner = name.removeprefix("spec:").partition(":")
        if name.startswith("spec:") and inner and (root := found.get(f"spec:{base}")):
            path = _below(root.parent, inner)
            if path is not None:
                found[name] = path
    return found


def _below(folder: Path, inner: str) -> Path | None:
    """A file that a lock names, if it is where *load* would have read it: below the folder.

    Whoever can write a lock must not choose what is read.
    """
    if "\0" in inner:
        return None
    path = folder / inner
    real, root = os.path.realpath(path), os.path.realpath(folder)
    return path if real.startswith(root.rstrip(os.sep) + os.sep) else None


def current_sources(project: Project, known: Iterable[str] = ()) -> Sources | None:
    """The digests of all files as they are now; None if one cannot be read."""
    found: dict[str, str] = {}
    for name, path in named_files(project, known).items():
        try:
            if path.is_dir() and not name.startswith(("spec:", "overlays:")):
                found[name] = _tree_digest(path, "", MAX_BYTES)
            # A FIFO would block for ever; *load* says what is wrong with it, and with what is too large.
            elif path.is_file() and path.stat().st_size <= MAX_BYTES:
                found[name] = digest_of(_content(path))
            else:
                return None
        except OSError:
            return None
    return Sources(found)


def _content(path: str | Path, most: int = -1) -> bytes:
    # Some files of the kernel look regular, and block whoever reads them.
    with os.fdopen(os.open(path, os.O_RDONLY | NO_WAIT), "rb") as file:
        return file.read(most) or b""  # nothing at all, where there is something to wait for


def input_digests(project: Project, sources: Sources) -> dict[str, str]:
    """Everything that decides the output, and what is said about it, by name, for the lock."""
    own = {f"config:{p.name}": digest_of(repr(_settings(p)).encode()) for p in project.providers}
    return {
        "config": digest_of(repr(_settings(replace(project, providers=()))).encode()),
        **own,
        **sources.digests,
        "generator": _tree_digest(Path(__file__).parent, ".py"),
        "templates": _tree_digest(resources.templates(), ""),
    }


def matches(
    project: Project, generator: str, tools: Mapping[str, str], inputs: Mapping[str, str]
) -> bool:
    """Whether an output of such a lock was made by this generator from these very inputs."""
    if generator != __version__:
        return False
    sources = current_sources(project, inputs)
    if sources is None or tools != tool_versions():
        return False
    now = input_digests(project, sources)
    if "release" in inputs:
        now["release"] = digest_of(repr(project.release).encode())
    return inputs == now


def release_digest(project: Project, names: Mapping[str, Names]) -> dict[str, str]:
    """The release as an input, which it is only while some name is kept for some releases."""
    if not any(own.kept for own in names.values()):
        return {}
    return {"release": digest_of(repr(project.release).encode())}


def provider_digest(provider: Provider, inputs: Mapping[str, str], sources: Sources) -> str:
    """What one provider's part of the output depends on, in one digest.

    Args:
        provider: Its configuration.
        inputs: From `input_digests`.
        sources: Digests of its files, at least.
    """
    parts = [
        repr(_settings(provider)),
        # Diagnostics name the file as the user did.
        str(provider.spec),
        inputs["generator"],
        inputs["templates"],
        repr(sorted(tool_versions().items())),
        repr(sorted(sources.of(provider.name).items())),
    ]
    # Names of files may be no text.
    return digest_of("\0".join(parts).encode("utf-8", "surrogateescape"))


def _paths(holder: object, suffix: str) -> Iterator[tuple[str, Path]]:
    """The paths among the fields of a configuration value; the output and the root are no inputs."""
    assert is_dataclass(holder)
    for field in fields(holder):
        value: object = getattr(holder, field.name)
        if isinstance(value, Path) and field.name not in ("output", "root"):
            yield f"{field.name}{suffix}", value
        elif isinstance(value, tuple):
            for index, item in enumerate(cast("tuple[object, ...]", value)):
                if isinstance(item, Path):
                    yield f"{field.name}{suffix}:{index}", item


def _settings(value: object) -> object:
    """A configuration value without paths and places, in a form whose `repr` is stable."""
    if is_dataclass(value):
        return [
            (field.name, _settings(getattr(value, field.name)))
            for field in fields(value)
            if field.name not in ("output", "release", "root", "span")
        ]
    if isinstance(value, Path):
        return "file"
    if isinstance(value, tuple):
        return [_settings(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, dict):
        table = cast("dict[object, object]", value)
        return sorted((repr(key), _settings(item)) for key, item in table.items())
    return value


def _tree_digest(root: Path, suffix: str, most: int = -1) -> str:
    """One digest over a folder's files and their names; line ends do not count.

    Args:
        root: The folder.
        suffix: How the names of its files end.
        most: Bytes of one file that are read; of a folder that is not ours, there has to be an end.
    """
    total = hashlib.sha256()
    skipped = {"__pycache__", "templates", "specs"} if suffix else {"__pycache__"}
    for name, path in sorted(_files_below(str(root), "", suffix, skipped)):
        if most < 0:
            # Hundreds of files on the way of every run.
            with open(path, "rb") as file:  # noqa: PTH123
                content = file.read()
        else:
            content = _content(path, most)
        total.update(os.fsencode(name) + b"\0")
        total.update(digest_of(content).encode())
    return total.hexdigest()


def _files_below(
    root: str, prefix: str, suffix: str, skipped: set[str]
) -> Iterator[tuple[str, str]]:
    """Relative and full path of every file with an ending; strings, which take a third of the time."""
    with os.scandir(root) as entries:
        for entry in entries:
            if entry.name in skipped:
                continue
            # Links to folders may lead in circles.
            if entry.is_dir(follow_symlinks=False):
                yield from _files_below(entry.path, f"{prefix}{entry.name}/", suffix, skipped)
            elif entry.name.endswith(suffix) and entry.is_file():
                yield prefix + entry.name, entry.path
