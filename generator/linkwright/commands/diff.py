"""`linkwright diff`: what changed between two states, and what that means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console import end, fail, printable, recorded_names, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..config import Project
    from ..report.catalogue import Change, Verdict
    from ..workers import Workers
    from .sides import Side

__all__ = ["diff", "write_report"]

_STATUS = {"NONE": 0, "BREAKING": 1, "ADDITIVE": 3, "COSMETIC": 4}
_DOCUMENTS = frozenset({".yaml", ".yml", ".json"})
_PAGES = frozenset({".md", ".markdown", ".mdx"})
_PATH = click.Path(path_type=Path, readable=False)


@click.command()
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option(
    "--name", help="Name of the provider; by default that of a generated side, or of the file NEW."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of Markdown.")
@click.option("-o", "--output", type=_PATH, help="Write to this file instead; .json means JSON.")
@click.option(
    "--fail-on",
    type=click.Choice(["cosmetic", "additive", "breaking", "never"]),
    default="cosmetic",
    show_default=True,
    help="The least verdict with an exit status other than 0.",
)
def diff(
    old: Path, new: Path, name: str | None, as_json: bool, output: Path | None, fail_on: str
) -> None:
    """Say what changed in the generated Python API from OLD to NEW.

    OLD and NEW are each an OpenAPI document, a TOML file with a [tool.linkwright] table, a folder
    that was generated, or documentation: a Markdown page or a folder of such.

    \b
    Exit status:
      0  nothing changed
      4  cosmetic: a patch release
      3  additive: a minor release
      1  breaking: a major release
      2  bad input or usage

    \b
    Examples:
      linkwright diff old.yaml new.yaml
      linkwright diff --fail-on breaking released/clients src/clients
      linkwright diff --json docs-of-last-week/ docs/
      linkwright diff specs/bank.yaml docs/bank/
    """
    from ..progress import Progress
    from ..report.catalogue import Verdict
    from ..report.catalogue import worst as worst_of
    from ..workers import Workers

    chosen = name or _name(old, new)
    with Progress() as progress, Workers() as workers:
        before = _side(old, chosen, new, workers, progress.say)
        after = _side(new, chosen, old, workers, progress.say)
        progress.say("comparing")
        changes = _between(before, after)
    if output is not None:
        write_report(output, changes, as_json=as_json or None)
    else:
        click.echo(_text(changes, as_json=as_json), nl=False)
    verdict: Verdict = worst_of(changes)
    least = Verdict.BREAKING + 1 if fail_on == "never" else Verdict[fail_on.upper()]
    raise SystemExit(_STATUS[verdict.name] if verdict >= least else 0)


def write_report(path: Path, changes: tuple[Change, ...], *, as_json: bool | None = None) -> None:
    """Write a report; the ending of the file decides where `as_json` is not given."""
    as_json = path.suffix == ".json" if as_json is None else as_json
    try:
        path.write_text(_text(changes, as_json=as_json), "utf-8")
    except OSError as error:
        end(2, f"cannot write {shown(path)}: {error.strerror}")


def _between(before: Side, after: Side) -> tuple[Change, ...]:
    from ..emit.errors import EmitError
    from .sides import changes_between

    try:
        return changes_between(before, after)
    except EmitError as error:
        end(2, str(error))


def _text(changes: tuple[Change, ...], *, as_json: bool) -> str:
    from ..report.text import as_json as to_json
    from ..report.text import as_markdown

    return to_json(changes) if as_json else as_markdown(changes)


def _name(old: Path, new: Path) -> str:
    """What a document or pages are called: as on a side that was generated for one provider."""
    from ..emit.errors import EmitError
    from ..emit.lock import read_lock
    from ..settings import derived_name

    for path in (old, new):
        try:
            lock = read_lock(path) if path.is_dir() else None
        except EmitError:  # said where the side is read
            continue
        names = (
            [n.removeprefix("config:") for n in lock.inputs if n[:7] == "config:"] if lock else []
        )
        if len(names) == 1:
            return names[0]
    return derived_name(new)


def _side(path: Path, name: str, other: Path, workers: Workers, say: Callable[[str], None]) -> Side:
    from ..diagnostics import InputError
    from ..emit.errors import EmitError
    from ..emit.lock import LOCK_NAME, read_lock
    from .sides import of_documentation, of_output, of_project

    try:
        if path.is_dir() and (path / LOCK_NAME).exists():
            lock = read_lock(path)
            assert lock is not None
            return of_output(path, lock)
        if path.is_dir() or path.suffix.lower() in _PAGES:
            described = other if other.suffix.lower() in _DOCUMENTS else None
            return of_documentation(path, name, described, workers, say)
        if path.suffix.lower() not in {*_DOCUMENTS, ".toml"}:
            end(2, f"{shown(path)} is no document, no configuration, no output and no page")
        project = _project(path, name)
        # As `generate` would: names that the present output has are kept.
        names = recorded_names(project.output) if project.output is not None else {}
        return of_project(project, workers, say, names)
    except InputError as error:
        fail(error)
    except EmitError as error:
        end(2, str(error))
    except OSError as error:
        end(2, f"cannot read {printable(str(error.filename))}: {error.strerror}")


def _project(path: Path, name: str) -> Project:
    from ..diagnostics import Collector
    from ..settings import from_file, from_specs

    out = Collector()
    is_config = path.suffix.lower() == ".toml"
    project = from_file(path, None, out) if is_config else from_specs((path,), name, None, out)
    out.stop_on_errors()
    return project
