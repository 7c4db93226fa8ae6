"""One side of a comparison: what a path on the command line leads to."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from .. import __version__
from ..config import Project, Provider
from ..diagnostics import Collector
from ..emit.errors import OutputError
from ..emit.lock import Lock
from ..emit.paths import MAX_FILE
from ..emit.scan import intact
from ..extract.disk import load_pages
from ..extract.document import to_yaml
from ..extract.endpoints import read_endpoints
from ..extract.extraction import extract
from ..inputs import named_files, tool_versions
from ..names import Names
from ..pipeline import Built, draft, understand
from ..report.catalogue import Change
from ..report.causes import Moved, attribute
from ..report.compare import compare
from ..report.locate import Places, locate
from ..resources import specs
from ..source.document import Document, plain
from ..source.load import load
from ..source.span import Span
from ..workers import Workers

__all__ = ["Side", "changes_between", "of_built", "of_documentation", "of_output", "of_project"]


@dataclass(frozen=True, slots=True)
class Side:
    """An output with what it was made of.

    Attributes:
        files: Source by path below the output root.
        generator: Version of linkwright.
        tools: Versions of the libraries that shape the output.
        inputs: Digest by input name.
        places: For each provider, where things stand in its documents.
        overlays: Files that are overlays.
        edited: Top-level folders with files that are not as they were written.
        pages: Text by name of the pages of documentation it was made from.
        formatted: Whether the files are as they lie on a disk, formatted and with their licence.
    """

    files: Mapping[str, str]
    generator: str
    tools: Mapping[str, str]
    inputs: Mapping[str, str]
    places: Mapping[str, Places] = field(default_factory=dict[str, Places])
    overlays: frozenset[str] = frozenset()
    edited: frozenset[str] = frozenset()
    pages: Mapping[str, str] | None = None
    formatted: bool = False


def of_project(
    project: Project,
    workers: Workers,
    say: Callable[[str], None],
    names: Mapping[str, Names] | None = None,
) -> Side:
    """What would be generated.

    Args:
        project: From what.
        workers: Where the work is done.
        say: Is told about progress.
        names: What things were called before, by provider.

    Raises:
        InputError: With all errors of all providers.
    """
    made = draft(project, workers, say, names)
    return Side(
        made.files, __version__, tool_versions(), made.inputs, made.places, _overlays(project)
    )


def of_documentation(
    path: Path, name: str, described: Path | None, workers: Workers, say: Callable[[str], None]
) -> Side:
    """What would be generated from what a page, or a folder of pages, documents.

    Args:
        path: The page or folder.
        name: Of the provider.
        described: A document of the same API, which tells methods and paths that pages leave out.
        workers: Where the work is done.
        say: Is told about progress.

    Raises:
        InputError: The pages cannot be read, or they document no operation.
    """
    out = Collector()
    loaded = load_pages([path], out)
    document = load(described, out) if described is not None else None
    endpoints = read_endpoints(document, out) if document is not None else ()
    out.stop_on_errors()
    found = extract(loaded.pages, endpoints=endpoints, title=name, say=say)
    if not found.document["paths"]:
        out.fail("E201", "no operation is documented here", Span(str(path)))
    with tempfile.TemporaryDirectory(prefix="linkwright-") as folder:
        extracted = Path(folder, f"{name}.yaml")
        # The title of pages is that of an SDK, or made up: no news about the API.
        extracted.write_text(to_yaml(_titled(found.document, _title(document))), "utf-8")
        side = of_project(Project((Provider(name, extracted),), None), workers, say)
    # Lines of a document that nobody has help nobody.
    at = {
        provider: dict.fromkeys(places, Span(str(path))) for provider, places in side.places.items()
    }
    return replace(side, places=at, pages={page.name: page.text for page in loaded.pages})


def _title(document: Document | None) -> str | None:
    """`info.title`, where there is one."""
    found: object = plain(document.root) if document is not None else None
    for key in ("info", "title"):
        found = cast("dict[str, object]", found).get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None


def _titled(document: Mapping[str, object], title: str | None) -> dict[str, object]:
    info = cast("Mapping[str, object]", document["info"])
    return {**document, "info": {**info, "title": title}} if title else dict(document)


def of_output(folder: Path, lock: Lock) -> Side:
    """What was generated, as it lies there now; it knows no places.

    Raises:
        OSError: A file cannot be read.
        OutputError: A file is too large.
    """
    files: dict[str, str] = {}
    edited: set[str] = set()
    for path, locked in lock.files.items():
        content = None
        if (file := folder / path).is_file() and not file.is_symlink():
            if file.stat().st_size > MAX_FILE:
                raise OutputError(f"{file} is larger than anything linkwright writes")
            content = file.read_bytes()
            files[path] = content.replace(b"\r\n", b"\n").decode("utf-8", "replace")
        if not intact(content, locked):
            edited.add(path.rpartition("/")[0].partition("/")[0])
    return Side(
        files, lock.generator, lock.tools, lock.inputs, edited=frozenset(edited), formatted=True
    )


def of_built(project: Project, built: Built) -> Side:
    """What was just generated; places are found when they are needed."""
    files = {path: content.decode() for path, content in built.tree.files.items()}
    lock = built.lock
    return Side(
        files, lock.generator, lock.tools, lock.inputs, {}, _overlays(project), formatted=True
    )


def changes_between(old: Side, new: Side, project: Project | None = None) -> tuple[Change, ...]:
    """Every change, with its place and its causes.

    Args:
        old: The earlier output.
        new: The later one.
        project: What `new` was made from, if its places are not known yet.

    Raises:
        OutputError: The source of an output cannot be read as such.
    """
    try:
        found = (*_pages(old, new), *compare(old.files, new.files))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        # An output that lies there may have been edited into anything. What is nested too deep is too
        # much memory to Python's parser.
        raise OutputError(
            "an output holds what linkwright did not write, so it is not compared"
        ) from error
    if old.formatted != new.formatted:  # which is all that their layout tells
        found = tuple(change for change in found if change.kind != "format-changed")
    places = dict(new.places)
    if project is not None:
        touched = {change.provider for change in found}
        for provider in project.providers:
            if provider.name in touched:
                places[provider.name] = understand(provider).places
    moved = Moved.between(
        (old.generator, old.tools, old.inputs),
        (new.generator, new.tools, new.inputs),
        old.overlays | new.overlays,
        old.edited | new.edited,
    )
    located = (locate(c, old.places.get(c.provider, {}), places.get(c.provider, {})) for c in found)
    changes = attribute(located, moved)
    return changes if project is None else tuple(_portable(c, project) for c in changes)


def _portable(change: Change, project: Project) -> Change:
    """A change whose place is the same in every checkout: named from where the configuration is."""
    if change.place is None:
        return change
    file = Path(change.place.file).resolve()
    if file.is_relative_to(bundled := (specs() / "providers").resolve()):
        name = f"bundled:{file.relative_to(bundled).with_suffix('').as_posix()}"
    elif file.is_relative_to(root := (project.root or Path.cwd()).resolve()):
        name = file.relative_to(root).as_posix()
    else:
        name = Path(os.path.relpath(file, root)).as_posix()
    return replace(change, place=replace(change.place, file=name))


def _pages(old: Side, new: Side) -> tuple[Change, ...]:
    """Pages that moved, whatever that does to what is extracted from them."""
    if old.pages is None or new.pages is None:
        return ()
    found: list[Change] = []
    for name in sorted(old.pages.keys() | new.pages.keys()):
        if old.pages.get(name) != new.pages.get(name):
            kind = (
                "added"
                if name not in old.pages
                else "removed" if name not in new.pages else "changed"
            )
            found.append(
                Change(
                    kind=f"page-{kind}",
                    provider="",
                    path=name,
                    subject=("page", name),
                    before=None,
                    after=None,
                )
            )
    return tuple(found)


def _overlays(project: Project) -> frozenset[str]:
    """Whatever file of a provider is an overlay."""
    return frozenset(str(p) for n, p in named_files(project).items() if n.startswith("overlays:"))
