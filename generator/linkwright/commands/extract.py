"""`linkwright extract`: reads pages, writes the document, and says what is known how well."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ..console import counted, end, fail, printable, shown
from ..diagnostics import Collector, InputError
from ..extract.disk import Loaded, load_pages
from ..extract.document import to_yaml
from ..extract.endpoints import Endpoint, read_endpoints
from ..extract.extraction import Extraction, extract
from ..extract.report import Report
from ..progress import Progress
from ..source.load import load

__all__ = ["Options", "run"]

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the command.

    Attributes:
        output: Where the document goes; None for standard output.
        endpoints: A list of operations, or an OpenAPI document.
        report: Where the report goes, as JSON.
        prose: Whether summaries and descriptions are taken over.
        strict: Whether missing facts are a failure.
    """

    output: Path | None
    endpoints: Path | None
    report: Path | None
    prose: bool
    strict: bool


def run(documents: Sequence[Path], options: Options) -> None:
    """Extract, write, and tell.

    Exit status 1 if facts are missing and that is a failure, 2 on bad input; nothing is written
    then in the second case only.
    """
    with Progress() as progress:
        try:
            loaded = load_pages(documents, Collector())
            endpoints = _endpoints(options.endpoints)
        except InputError as error:
            fail(error)
        title = documents[0].resolve().stem if len(documents) == 1 else "Extracted API"
        result = extract(
            loaded.pages,
            endpoints=endpoints,
            prose=options.prose,
            title=title,
            say=progress.say,
        )
        for name, reason in loaded.skipped[:_SHOWN]:
            click.echo(f"note: {printable(name)}: {reason}", err=True)
        if len(loaded.skipped) > _SHOWN:
            click.echo(f"note: and {len(loaded.skipped) - _SHOWN} more files like these", err=True)
        if not _operations(result):
            _nothing(loaded, result.report)
        text = to_yaml(result.document)
    if options.output is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        _write(options.output, text)
    if options.report is not None:
        _write(options.report, result.report.to_json() + "\n")
    _tell(result, progress.seconds, options)
    if options.strict and result.report.missing:
        raise SystemExit(1)


def _endpoints(path: Path | None) -> tuple[Endpoint, ...]:
    if path is None:
        return ()
    out = Collector()
    document = load(path, out)
    try:
        found = read_endpoints(document, out)
        out.stop_on_errors()
    except InputError as error:
        from ..diagnostics import lines_of

        lines = lines_of(document.file, document.text, error.diagnostics)
        raise InputError(error.diagnostics, lines) from None
    return found


def _operations(result: Extraction) -> int:
    paths, unplaced = result.document["paths"], result.document.get("x-linkwright-unplaced", [])
    assert isinstance(paths, dict)
    assert isinstance(unplaced, list)
    return len(paths) + len(unplaced)  # pyright: ignore[reportUnknownArgumentType]


def _nothing(loaded: Loaded, report: Report) -> None:
    """No operation at all: say what the pages are instead."""
    if not loaded.pages:
        end(2, "there is no page to read", "give Markdown files, or folders with such")
    models, readmes = len(report.pages_of("model")), len(report.pages_of("readme"))
    what = f"{counted(len(loaded.pages), 'page')}, of which {models} describe models and {readmes} are READMEs"
    advice = "give the folder with the API pages too, often `docs`" if models or readmes else None
    end(
        2,
        f"no operation was found on {what}",
        advice
        or "reference pages of openapi-generator, swagger-codegen and Speakeasy are understood; "
        "docs/adding-a-dialect.md shows how to add another form",
    )


def _write(path: Path, text: str) -> None:
    """Replace a file in one step."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode())
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        end(2, f"{shown(path)} cannot be written: {error.strerror}")


def _tell(result: Extraction, seconds: float, options: Options) -> None:
    report = result.report
    click.echo(report.table(), err=True)
    for remark in report.remarks[:_SHOWN]:
        click.echo(f"note: endpoints: {printable(remark)}", err=True)
    if len(report.remarks) > _SHOWN:
        click.echo(f"note: endpoints: and {len(report.remarks) - _SHOWN} more", err=True)
    unplaced = result.document.get("x-linkwright-unplaced")
    if isinstance(unplaced, list):
        count = len(unplaced)  # pyright: ignore[reportUnknownArgumentType]
        click.echo(
            f"note: {counted(count, 'operation')} without method and path under "
            "x-linkwright-unplaced; --endpoints FILE places them",
            err=True,
        )
    if report.missing and not options.strict:
        click.echo(
            f"note: {counted(len(report.missing), 'missing fact')}; --report FILE lists them",
            err=True,
        )
    if report.missing and options.strict:
        for fact in report.missing[:_SHOWN]:
            what = f"{fact.page}:{fact.line}: {fact.subject}: {fact.fact}: {fact.rule}"
            click.echo(f"missing: {printable(what)}", err=True)
        click.echo(
            f"error: {counted(len(report.missing), 'missing fact')}, and --strict is given",
            err=True,
        )
    lines = sum(page.lines for page in report.pages)
    where = "standard output" if options.output is None else shown(options.output)
    click.echo(
        f"{where}: {counted(len(report.pages), 'page')}, {counted(lines, 'line')}, {seconds:.1f} s",
        err=True,
    )
