"""Facades as one step of the pipeline: their files and the APIs of their providers in, views out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from .cache import Cache, key
from .config import Project, Provider
from .diagnostics import Collector, Diagnostic, InputError, Lines, lines_of, lines_on_disk
from .inputs import tool_versions
from .ir.api import Api
from .ir.facade import Facade
from .lower.facade import lower_facade
from .mapping.definition import read_definition
from .mapping.model import Definition, ProviderMapping
from .mapping.provider import read_provider
from .parts import Part
from .render.layout import render_facade
from .resources import templates
from .shape.facade.facade import HookFile, shape_facade
from .shape.facade.kept import with_kept_adapters
from .shape.facade.views import FacadeView
from .source.document import Document
from .source.files import read_bytes
from .source.load import load
from .source.span import Span
from .source.text import shown

__all__ = [
    "Meaning",
    "RenderedFacade",
    "UnderstoodFacade",
    "check_facade",
    "render_facades",
    "understand_facade",
]

Meaning: TypeAlias = Callable[[Provider], Api]


@dataclass(frozen=True, slots=True)
class UnderstoodFacade:
    """A facade after *shape*.

    Attributes:
        view: None where there were errors.
        facade: What it was made of, likewise.
        hooks: Source of the hooks, by provider.
        diagnostics: What there is to say.
        lines: Source lines for excerpts.
    """

    view: FacadeView | None
    facade: Facade | None
    hooks: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines


def understand_facade(
    folder: Path, providers: Sequence[Provider], meaning: Meaning
) -> UnderstoodFacade:
    """Load, read, lower and shape a facade. Never raises for bad input; see `diagnostics`.

    Args:
        folder: With `facade.yaml` and a file for each provider.
        providers: All of the project. The facade covers those it has a file for.
        meaning: Gives the API of a provider, whose document is known to be good.
    """
    out = Collector()
    documents: list[Document] = []
    hooks: dict[str, HookFile] = {}
    view: FacadeView | None = None
    facade: Facade | None = None
    try:
        definition, mappings = _read(folder, providers, documents, out)
        out.stop_on_errors()
        for mapping in mappings:
            if mapping.hooks is not None:
                hooks[mapping.provider] = _hooks(folder, mapping.hooks, mapping.span, out)
        apis = {
            p.name: meaning(p) for p in providers if any(m.provider == p.name for m in mappings)
        }
        facade, view = check_facade(definition, mappings, apis, hooks, out)
        out.stop_on_errors()
    except InputError:
        view = facade = None
    lines: dict[str, dict[int, str]] = {}
    for document in documents:
        for file, text in lines_of(document.file, document.text, out.found).items():
            lines[file] = dict(text)
    for one in out.found:
        if one.span.file not in lines and one.span.line:
            for file, text in lines_on_disk(Path(one.span.file), out.found).items():
                lines[file] = dict(text)
    sources = {provider: hook.text for provider, hook in hooks.items()}
    return UnderstoodFacade(view, facade, sources, tuple(out.found), lines)


def check_facade(
    definition: Definition,
    mappings: Sequence[ProviderMapping],
    apis: dict[str, Api],
    hooks: dict[str, HookFile],
    out: Collector,
) -> tuple[Facade, FacadeView | None]:
    """Lower and shape; the view is None where there are errors before that."""
    facade = lower_facade(definition, mappings, apis, out)
    if any(d.code.startswith("E") for d in out.found):
        return facade, None
    return facade, shape_facade(facade, apis, hooks, out)


def _read(
    folder: Path, providers: Sequence[Provider], documents: list[Document], out: Collector
) -> tuple[Definition, list[ProviderMapping]]:
    first = load(folder / "facade.yaml", out)
    documents.append(first)
    definition = read_definition(first, out)
    mappings: list[ProviderMapping] = []
    for provider in providers:
        path = folder / f"{provider.name}.yaml"
        if not path.is_file():
            continue
        document = load(path, out)
        documents.append(document)
        mapping = read_provider(document, out)
        if mapping.provider != provider.name:
            out.add(
                "E501",
                f"this file is of the provider {shown(provider.name)}, but says {mapping.provider}",
                document.root.span,
                help=f"provider: {shown(provider.name)}",
            )
        mappings.append(mapping)
    if not mappings:
        out.add(
            "E504",
            "the facade has a file for none of the providers",
            Span(str(folder / "facade.yaml")),
            help="write one, such as " + ", ".join(f"{p.name}.yaml" for p in providers),
        )
    return definition, mappings


def _hooks(folder: Path, name: str, span: Span, out: Collector) -> HookFile:
    path = folder / name
    if ".." in Path(name).parts or Path(name).is_absolute() or path.suffix != ".py":
        out.fail("E501", "hooks must be a Python file below the folder of the facade", span)
    try:
        text = read_bytes(path, out).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        out.fail("E101", f"{shown(name)} is not UTF-8", Span(str(path)))
    return HookFile(str(path), text)


@dataclass(frozen=True, slots=True)
class RenderedFacade:
    """A facade's package: its files out of the cache, or else what is to be formatted."""

    package: str
    key: str
    files: Mapping[str, str]
    sheets: dict[str, str]


def render_facades(
    project: Project,
    inputs: Mapping[str, str],
    cache: Cache,
    progress: Callable[[str], None],
    meaning: Meaning,
    clients: Mapping[str, Sequence[str]],
) -> list[RenderedFacade]:
    """All facades of a project.

    Args:
        project: What is generated; its documents are known to be good.
        inputs: Digests of everything that decides the output.
        cache: What came out before.
        progress: Is told what is going on.
        meaning: Gives the API of a provider.
        clients: By provider, the name of its client class, and after it those that it had before.

    Raises:
        InputError: With the errors of all facades together.
    """
    done: list[RenderedFacade] = []
    found: list[Diagnostic] = []
    lines: dict[str, Mapping[int, str]] = {}
    taken = {p.name: str(p.spec) for p in project.providers}
    for folder in project.facades:
        parts = (sorted(inputs.items()), sorted(tool_versions().items()), sorted(clients.items()))
        digest = repr((str(folder), *parts))
        place = key("facade", digest)
        kept = cache.get(place)
        if kept is not None:
            part = Part.from_bytes(kept)
            done.append(RenderedFacade(part.provider, place, part.files, {}))
            continue
        progress(f"checking the facade {folder.name}")
        understood = understand_facade(folder, project.providers, meaning)
        found += understood.diagnostics
        lines.update(understood.lines)
        if understood.view is None:
            continue
        package = str(understood.view.package)
        if package in taken:
            where = Span(str(folder / "facade.yaml"))
            message = f"{package} is the package of something else already"
            help_ = "package: another_name"
            found.append(
                Diagnostic("E302", message, where, help_, ((Span(taken[package]), "here"),))
            )
            continue
        taken[package] = str(folder)
        view = with_kept_adapters(understood.view, clients)
        sheets = render_facade(view, understood.hooks, templates())
        done.append(RenderedFacade(package, place, {}, sheets))
    if found:
        raise InputError(tuple(found), lines)
    return done
