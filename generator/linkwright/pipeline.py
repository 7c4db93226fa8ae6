"""The stages as one function. Only *load* reads inputs; nothing here writes output.

load -> read -> lower -> shape -> render -> tidy, for every provider by itself, on all cores; then
the root package over all of them. `generate` and `check` both call `build`. A provider whose
inputs were seen before comes out of the cache, and so does a file that was formatted before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import __version__
from .cache import NO_CACHE, Cache
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
from .facades import Meaning, render_facades
from .formatting import formatted
from .inputs import (
    Sources,
    current_sources,
    input_digests,
    release_digest,
    tool_versions,
)
from .ir.api import Api
from .licensing import with_license
from .lower import lower
from .names import NAMES_FILE, Names, write_names
from .openapi.fixes import overlay_for
from .openapi.read import read
from .openapi.selection import Selection
from .parts import Part
from .render.layout import constant_files, render_provider, render_root
from .report.locate import Places, places
from .resources import templates
from .reuse import kept_parts, part_key, parts_to_keep
from .shape.aliases import with_kept_names
from .shape.package import shape_package
from .shape.provider import shape
from .shape.received import received
from .shape.views import ProviderView
from .source.document import Document
from .source.library import Library
from .source.load import load
from .source.span import Span
from .workers import Workers, uncollected

__all__ = [
    "Built",
    "Draft",
    "Understood",
    "build",
    "draft",
    "understand",
    "understand_all",
]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Understood:
    """A provider after *shape*.

    Attributes:
        provider: Its name.
        api: None where there were errors before *shape*.
        view: None where there were errors.
        diagnostics: What there is to say.
        lines: Source lines for excerpts.
        sources: SHA-256 by input name of every file that was read.
        overlay: See `InputError`.
    """

    provider: str
    api: Api | None
    view: ProviderView | None
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines
    sources: Mapping[str, str]
    overlay: str = ""

    @property
    def client(self) -> str | None:
        """Name of the client class."""
        return None if self.view is None else str(self.view.client)

    @property
    def places(self) -> Places:
        """Where the things that have a name stand in the documents."""
        return places(self.api, self.view.classes) if self.api and self.view else {}


@dataclass(frozen=True, slots=True)
class Built:
    """A whole output in memory, and what there is to say about it."""

    tree: OutputTree
    lock: Lock
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Draft:
    """An output that is good enough to be compared: not formatted, and with places.

    Attributes:
        files: Source by path below the output root.
        places: For each provider, where its things stand in its documents.
        inputs: As in a lock.
    """

    files: Mapping[str, str]
    places: Mapping[str, Places]
    inputs: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines


@uncollected()
def understand(provider: Provider) -> Understood:
    """Load, read, lower and shape one provider. Never raises for bad input; see `diagnostics`."""
    out = Collector()
    api: Api | None = None
    view: ProviderView | None = None
    library: Library | None = None
    overlays: list[Document] = []
    try:
        library = Library(load(provider.spec, out), out)
        overlays += (load(path, out) for path in provider.overlays)
        _overlay(library, overlays, out)
        out.stop_on_errors()
        described = read(library, out, Selection(provider.include, provider.exclude))
        out.stop_on_errors()
        api = lower(described, provider.name, out)
        out.stop_on_errors()
        view = shape(api, out)
        out.stop_on_errors()
    except InputError:
        view = None
    except RecursionError:
        # References may be chained without end where files are not deep.
        view = None
        out.add("E104", "references are chained too deeply", Span(str(provider.spec)))
    documents = tuple(library) if library is not None else ()
    sources = {
        f"spec:{provider.name}" + (f":{document.name}" if document.name else ""): document.digest
        for document in documents
    }
    lines = _lines((*documents, *overlays), out.found)
    overlay = overlay_for(library, out.found) if library is not None and view is None else ""
    return Understood(provider.name, api, view, tuple(out.found), lines, sources, overlay)


def _meaning(understood: Iterable[Understood]) -> Meaning:
    """The API of each provider whose document is known to be good, read only where it was not."""
    known = {u.provider: u.api for u in understood}

    def meaning(provider: Provider) -> Api:
        api = known.get(provider.name) or understand(provider).api
        assert api is not None
        return api

    return meaning


def _overlay(library: Library, overlays: Sequence[Document], out: Collector) -> None:
    if overlays:
        # Brings a library along that few runs need.
        from .openapi.overlay import apply_overlay

        for overlay in overlays:
            apply_overlay(library, overlay, out)


def _lines(documents: Iterable[Document], found: Sequence[Diagnostic]) -> Lines:
    """What the inputs say where there is something to be said about them."""
    lines: dict[str, Mapping[int, str]] = {}
    for document in documents:
        lines.update(lines_of(document.file, document.text, found))
    # A file that could not be read as what it should be may still be text.
    for file in {d.span.file for d in found} - lines.keys():
        lines.update(lines_on_disk(Path(file), found))
    return lines


def understand_all(project: Project, workers: Workers) -> tuple[Understood, ...]:
    """All providers of a project up to *shape*, with acknowledged warnings left out.

    Raises:
        InputError: With the errors of all providers together.
    """
    understood = tuple(workers.map(understand, project.providers))
    diagnostics, lines = _said(project, understood)
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise InputError(diagnostics, lines, "".join(u.overlay for u in understood))
    return understood


def build(
    project: Project,
    workers: Workers,
    progress: Progress = lambda _: None,
    cache: Cache = NO_CACHE,
    names: Mapping[str, Names] | None = None,
) -> Built:
    """Everything up to, but not including, the disk.

    Args:
        project: What to generate.
        workers: Where the work is done.
        progress: Is told, in a few words, what is going on.
        cache: What came out before.
        names: What things were called in the present output, by provider.

    Raises:
        InputError: With all errors of all providers; there is no output.
    """
    given = current_sources(project) or Sources({})
    base = input_digests(project, Sources({}))
    keys = {
        p.name: part_key(project, p, base, given, (names or {}).get(p.name))
        for p in project.providers
    }
    kept = kept_parts(project, cache, keys)
    changed = [p for p in project.providers if p.name not in kept]
    if changed:
        progress("reading " + ", ".join(p.name for p in changed))
    understood = tuple(workers.map(understand, changed))
    results: tuple[Part | Understood, ...] = (*kept.values(), *understood)
    diagnostics, lines = _said(project, results)
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise InputError(diagnostics, lines, "".join(u.overlay for u in understood))
    named = _all_named(project, understood, names)
    views = [view for view, _ in named.values()]
    if views:
        progress("rendering " + ", ".join(view.package for view in views))
    # Under way in the workers while the facades are checked here.
    rendered = workers.map(_render, views)
    clients = {part.provider: part.clients for part in kept.values()}
    for provider, (view, own) in named.items():
        clients[provider] = _clients(view, own)
    seen = {name: digest for r in results for name, digest in r.sources.items()}
    inputs = {**base, **given.digests, **seen}
    facades = render_facades(project, inputs, cache, progress, _meaning(understood), clients)
    sheets = dict(zip(named, rendered, strict=True))
    for facade in facades:
        sheets[facade.package] = facade.sheets
    packages = [facade.package for facade in facades]
    sheets[""] = render_root(shape_package(clients, packages), templates())
    untidy = {path: text for files in sheets.values() for path, text in files.items()}
    tidied = formatted(untidy, workers, progress, cache)
    parts = list(kept.values())
    for u in understood:
        files = {path: tidied[path] for path in sheets[u.provider]}
        own = named[u.provider][1]
        parts.append(
            Part(u.provider, u.client or "", u.sources, files, u.diagnostics, u.lines, own)
        )
    cache.keep(parts_to_keep(project, changed, parts, base, given, keys))
    recorded = {part.provider: part.names for part in parts}
    for facade in facades:
        done = facade.files or {path: tidied[path] for path in facade.sheets}
        parts.append(Part(facade.package, "", {}, done, (), {}))
        cache.keep({facade.key: parts[-1].to_bytes()})
    texts = {path: tidied[path] for path in sheets[""]}
    texts.update(pair for part in parts for pair in part.files.items())
    inputs = {**inputs, **release_digest(project, recorded)}
    return _assembled(project, texts, recorded, inputs, (diagnostics, lines))


def _assembled(
    project: Project,
    texts: Mapping[str, str],
    names: Mapping[str, Names],
    inputs: Mapping[str, str],
    said: tuple[tuple[Diagnostic, ...], Lines],
) -> Built:
    """The output root: what is the same in all outputs, licence headers, the record of names."""
    files = {**constant_files(templates()), **{path: text.encode() for path, text in texts.items()}}
    record = write_names(names, project.keep_names)
    tree = OutputTree.of({**with_license(files, project.license), NAMES_FILE: record})
    lock = Lock(generator=__version__, tools=tool_versions(), inputs=inputs, files=digests(tree))
    return Built(tree, lock, *said)


def draft(
    project: Project,
    workers: Workers,
    progress: Progress = lambda _: None,
    names: Mapping[str, Names] | None = None,
) -> Draft:
    """What `build` would give, without formatting, to be compared with another one.

    Args:
        project: What would be generated.
        workers: Where the work is done.
        progress: Is told, in a few words, what is going on.
        names: What things were called in the output that it would replace, by provider.

    Raises:
        InputError: With all errors of all providers.
    """
    progress("reading " + ", ".join(p.name for p in project.providers))
    understood = tuple(workers.map(understand, project.providers))
    diagnostics, lines = _said(project, understood)
    if any(d.severity is Severity.ERROR for d in diagnostics):
        raise InputError(diagnostics, lines, "".join(u.overlay for u in understood))
    files: dict[str, str] = {p: c.decode() for p, c in constant_files(templates()).items()}
    named = _all_named(project, understood, names)
    for sheets in workers.map(_render, [view for view, _ in named.values()]):
        files.update(sheets)
    clients = {name: _clients(view, own) for name, (view, own) in named.items()}
    facades = render_facades(project, {}, NO_CACHE, progress, _meaning(understood), clients)
    for facade in facades:
        files.update(facade.sheets)
    recorded = {name: own for name, (_, own) in named.items()}
    files[NAMES_FILE] = write_names(recorded, project.keep_names).decode()
    files.update(render_root(shape_package(clients, [f.package for f in facades]), templates()))
    sources = dict((current_sources(project) or Sources({})).digests)
    sources.update(pair for u in understood for pair in u.sources.items())
    return Draft(
        files,
        {u.provider: u.places for u in understood},
        input_digests(project, Sources(sources)),
        diagnostics,
        lines,
    )


def _all_named(
    project: Project, understood: Iterable[Understood], names: Mapping[str, Names] | None
) -> dict[str, tuple[ProviderView, Names]]:
    """Every provider with the names it had before, and what is to be recorded."""
    old = names or {}
    return {
        u.provider: with_kept_names(
            u.view,
            old.get(u.provider),
            received(u.api) if u.provider in old else (),
            releases=project.keep_names,
            release=project.release,
        )
        for u in understood
        if u.api is not None and u.view is not None
    }


def _clients(view: ProviderView, names: Names) -> tuple[str, ...]:
    """The name of the client class, and after it those that it had before."""
    return (str(view.client), *(k.name for k in names.kept if k.kind == "client"))


def _said(
    project: Project, results: tuple[Part | Understood, ...]
) -> tuple[tuple[Diagnostic, ...], Lines]:
    """All diagnostics but the acknowledged ones; an acknowledgement of nothing is an error."""
    found = [d for result in results for d in result.diagnostics]
    out = Collector()
    for accept in project.accept:
        matching = [d for d in found if d.code == accept.code and accept.message in d.message]
        if not matching:
            out.add("E110", f"accept: no {accept.code} says this any more", accept.span)
        found = [d for d in found if d not in matching]
    clients: dict[str, str] = {}
    for one in results:
        if (
            one.client is not None
            and (other := clients.setdefault(one.client, one.provider)) != one.provider
        ):
            out.add(
                "E301",
                f"{other} and {one.provider} want the client name {one.client!r}",
                Span(next(str(p.spec) for p in project.providers if p.name == one.provider)),
                help="info:\n  x-linkwright-name: AnotherName",
            )
    lines = {file: text for result in results for file, text in result.lines.items()}
    return (*out.found, *found), lines


@uncollected()
def _render(view: ProviderView) -> dict[str, str]:
    return render_provider(view, templates())
