"""The stages as one function. Only *load* reads inputs; nothing here writes.

load -> read -> lower -> shape -> render -> tidy, for every provider by itself, on all cores; then
the root package over all of them. `generate` and `check` both call `build`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from . import __version__
from .config import Project, Provider
from .diagnostics import (
    Collector,
    Diagnostic,
    InputError,
    Lines,
    Severity,
    lines_of,
    lines_on_disk,
)
from .emit.lock import Lock, digests
from .emit.tree import OutputTree
from .inputs import input_digests, tool_versions
from .lower import lower
from .openapi.read import read
from .render.layout import constant_files, render_provider, render_root
from .render.tidy import tidy
from .resources import templates
from .shape.provider import shape, shape_package
from .shape.views import ProviderView
from .source.document import load
from .source.span import Span
from .workers import Workers

__all__ = ["Built", "Understood", "build", "understand", "understand_all"]

Progress = Callable[[str], None]
#: Characters of source that a formatting task takes: even loads, few round trips.
_CHUNK = 60_000


@dataclass(frozen=True, slots=True)
class Understood:
    """A provider after *shape*; `view` is None where there were errors."""

    provider: str
    view: ProviderView | None
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines
    digest: str


@dataclass(frozen=True, slots=True)
class Built:
    """A whole output in memory, and what there is to say about it."""

    tree: OutputTree
    lock: Lock
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines


def understand(provider: Provider) -> Understood:
    """Load, read, lower and shape one provider. Never raises for bad input; see `diagnostics`."""
    out = Collector()
    view: ProviderView | None = None
    lines: Lines = {}
    digest = ""
    try:
        document = load(provider.spec, out)
        digest = document.digest
        try:
            out.stop_on_errors()
            api = read(document, out)
            out.stop_on_errors()
            meaning = lower(api, provider.name, out)
            out.stop_on_errors()
            view = shape(meaning, out)
            out.stop_on_errors()
        finally:
            lines = lines_of(document.file, document.text, out.found)
    except InputError:
        view = None
        lines = lines or lines_on_disk(provider.spec, out.found)
    return Understood(provider.name, view, tuple(out.found), lines, digest)


def understand_all(project: Project, workers: Workers) -> tuple[Understood, ...]:
    """All providers of a project up to *shape*, with acknowledged warnings left out.

    Raises:
        InputError: With the errors of all providers together.
    """
    understood = tuple(workers.map(understand, project.providers))
    diagnostics, lines = _said(project, understood)
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise InputError(diagnostics, lines)
    return understood


def build(project: Project, workers: Workers, progress: Progress = lambda _: None) -> Built:
    """Everything up to, but not including, the disk.

    Args:
        project: What to generate.
        workers: Where the work is done.
        progress: Is told, in a few words, what is going on.

    Raises:
        InputError: With all errors of all providers; there is no output.
    """
    progress("reading " + ", ".join(p.name for p in project.providers))
    understood = understand_all(project, workers)
    diagnostics, lines = _said(project, understood)
    views = [u.view for u in understood if u.view is not None]
    progress("rendering " + ", ".join(view.package for view in views))
    sheets: dict[str, str] = {}
    for files in workers.map(_render, views):
        sheets.update(files)
    sheets.update(render_root(shape_package(views), templates()))
    progress(f"formatting {len(sheets)} files")
    tidied: dict[str, bytes] = {}
    for chunk in workers.map(_tidy, list(_chunks(sheets))):
        tidied.update(chunk)
    tree = OutputTree.of({**constant_files(templates()), **tidied})
    lock = Lock(
        generator=__version__,
        tools=tool_versions(),
        inputs=input_digests(project, {u.provider: u.digest for u in understood}),
        files=digests(tree),
    )
    return Built(tree, lock, diagnostics, lines)


def _said(
    project: Project, understood: tuple[Understood, ...]
) -> tuple[tuple[Diagnostic, ...], Lines]:
    """All diagnostics but the acknowledged ones; an acknowledgement of nothing is an error."""
    found = [d for u in understood for d in u.diagnostics]
    out = Collector()
    for accept in project.accept:
        matching = [d for d in found if d.code == accept.code and accept.message in d.message]
        if not matching:
            out.add("E110", f"accept: no {accept.code} says this any more", accept.span)
        found = [d for d in found if d not in matching]
    clients: dict[str, str] = {}
    for one in understood:
        if (
            one.view is not None
            and clients.setdefault(one.view.client, one.provider) != one.provider
        ):
            out.add(
                "E301",
                f"{clients[one.view.client]} and {one.provider} want the client name {one.view.client!r}",
                Span(next(str(p.spec) for p in project.providers if p.name == one.provider)),
                help="info:\n  x-linkwright-name: AnotherName",
            )
    lines = {file: text for u in understood for file, text in u.lines.items()}
    return (*out.found, *found), lines


def _render(view: ProviderView) -> dict[str, str]:
    return render_provider(view, templates())


def _chunks(sheets: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Files in parcels of about equal size, largest files first."""
    parcel: dict[str, str] = {}
    size = 0
    for path, text in sorted(sheets.items(), key=lambda item: (-len(item[1]), item[0])):
        parcel[path] = text
        size += len(text)
        if size >= _CHUNK:
            yield parcel
            parcel, size = {}, 0
    if parcel:
        yield parcel


def _tidy(sheets: dict[str, str]) -> dict[str, bytes]:
    return {path: tidy(path, text).encode("utf-8") for path, text in sheets.items()}
