"""`linkwright init`: what a project needs to own generated clients, written once."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import click
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable

from ..console import end, fail, printable, shown
from ..licensing import canonical
from ..resources import BUNDLED
from ..source.limits import MAX_BYTES

if TYPE_CHECKING:
    from ..config import Provider

#: A table as tomlkit has it: a mapping that remembers its layout.
Table: TypeAlias = "MutableMapping[str, Any]"

__all__ = ["init"]

#: A part of the path of the output.
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_PATH = click.Path(path_type=Path, file_okay=False, readable=False)


@click.command()
@click.argument("folder", type=_PATH, default=Path())
@click.option("--out", help="The output folder, relative to the project.", metavar="DIR")
@click.option(
    "--spec", "specs", multiple=True, help="An OpenAPI document, relative to the project."
)
@click.option("--license", "licence", help="SPDX expression for the headers of generated files.")
def init(folder: Path, out: str | None, specs: tuple[str, ...], licence: str | None) -> None:
    """Prepare the project in FOLDER (here by default) for generated clients.

    Adds a commented [tool.linkwright] table to its pyproject.toml, lets ruff, black, mypy and
    coverage pass over the output, and marks it as generated in .gitattributes. What is there
    already is kept, and nothing is generated yet.

    \b
    Examples:
      linkwright init
      linkwright init --out src/shop/clients --spec specs/bank.yaml
      linkwright init --license Apache-2.0
    """
    if not folder.is_dir():
        end(2, f"{shown(folder)} is no folder")
    spelled = None if licence is None else canonical(licence)
    if licence is not None and spelled is None:
        end(2, f"{printable(licence)!r} is no SPDX licence expression", "such as MIT or Apache-2.0")
    path = folder / "pyproject.toml"
    document = _read(path)
    target = _relative(out or _default_output(folder, document))
    tool = _table_in(document, "tool", path, is_super_table=True)
    if isinstance(tool, InlineTable):
        end(2, f"cannot use {shown(path)}: tool is an inline table", "write it as a [tool] table")
    if "linkwright" in tool:
        end(2, f"{shown(path)} has a [tool.linkwright] table already")
    table = _table(target, specs, spelled)
    changed, notes = _tools(tool, target, path)
    text = _whole(document, table, path)
    attributes = folder / ".gitattributes"
    line = f"{target}/** linguist-generated=true text eol=lf\n"
    before = _text(attributes)
    try:
        path.write_bytes(_like(_text(path), text).encode())
        if line.rstrip() not in before.splitlines():
            separator = "" if before.endswith("\n") or not before else "\n"
            attributes.write_bytes(_like(before, f"{before}{separator}{line}").encode())
    except OSError as error:
        end(2, f"cannot write to {shown(folder)}: {error}")
    click.echo(f"{shown(path)}: added [tool.linkwright]" + "".join(f", {name}" for name in changed))
    click.echo(f"{shown(attributes)}: {printable(target)} is generated")
    for note in notes:
        click.echo(f"note: {note}")
    for spec in specs:
        if not (folder / spec).is_file():
            click.echo(f"note: there is no {printable(spec)} in {shown(folder.absolute())} yet")
    click.echo("next: linkwright generate, and linkwright check in CI")


def _read(path: Path) -> Table:
    try:
        return cast("Table", tomlkit.parse(_text(path).replace("\r\n", "\n")))
    except TOMLKitError as error:
        end(2, f"cannot use {shown(path)}: {error}")
    except (ValueError, RecursionError):
        end(2, f"cannot use {shown(path)}: a number too long, or tables nested too deep")


def _text(path: Path) -> str:
    """What a file holds that is to be added to; nothing if it is not there.

    Only a regular file is: what is written must not go where a link leads.
    """
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            end(2, f"cannot use {shown(path)}: it is no regular file of usual size")
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        end(2, f"cannot use {shown(path)}: {error}")


def _whole(document: Table, table: str, path: Path) -> str:
    """All of the file, as it is to be written: nothing that cannot be read again is."""
    before = tomlkit.dumps(cast("tomlkit.TOMLDocument", document)).rstrip("\r\n")
    text = f"{before}\n\n{table}".lstrip("\n")
    try:
        found = tomllib.loads(text)
        del found["tool"]["linkwright"]
        # tomlkit loses some of what is added below dotted keys.
        sound = found == cast("tomlkit.TOMLDocument", document).unwrap()
    except (ValueError, KeyError, RecursionError):
        sound = False
    if not sound:
        end(2, f"cannot add to {shown(path)} as it is written", "write [tool.NAME] tables in it")
    return text


def _like(before: str, text: str) -> str:
    """A text with the line ends that the file had, if those were CRLF throughout."""
    if "\n" not in before or before.count("\n") != before.count("\r\n"):
        return text
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _table_in(parent: Table, key: str, path: Path, *, is_super_table: bool = False) -> Table:
    """A table in another, made if it is not there."""
    found: object = parent.get(key)
    if found is None:
        inline = isinstance(parent, InlineTable)
        parent[key] = (
            tomlkit.inline_table() if inline else tomlkit.table(is_super_table=is_super_table)
        )
        found = parent[key]
    if not isinstance(found, MutableMapping):
        end(2, f"cannot use {shown(path)}: {key} is no table")
    return cast("Table", found)


def _default_output(folder: Path, document: Table) -> str:
    """Inside the package of the project, if there is one in the usual places."""
    project: object = document.get("project")
    given = cast("Table", project).get("name") if isinstance(project, MutableMapping) else None
    name = str(given or "").replace("-", "_").replace(".", "_").lower()
    for root in (f"src/{name}", name):
        if _PART.fullmatch(name) and (folder / root).is_dir():
            return f"{root}/clients"
    return "src/clients" if (folder / "src").is_dir() else "clients"


def _relative(out: str) -> str:
    path = Path(out)
    if path.is_absolute() or ".." in path.parts or not path.name:
        end(2, f"--out is a folder below the project, not {printable(out)}")
    # It goes into patterns of Git, ruff and black, and is the name of a package.
    if not all(map(_PART.fullmatch, path.parts)):
        end(2, f"--out is made of letters, digits, '.', '-' and '_', not {printable(out)}")
    return path.as_posix()


def _table(target: str, specs: tuple[str, ...], licence: str | None) -> str:
    """The table with its comments; written as text, for comments are most of it."""
    lines = [
        "# Typed API clients, see https://pypi.org/project/linkwright/",
        "#   linkwright generate    writes them; commit what it writes",
        "#   linkwright check       fails if they are not what the documents give",
        "[tool.linkwright]",
        f"output = {tomlkit.item(target).as_string()}",
    ]
    if licence is None:
        lines.append('# license = "MIT"      # an SPDX expression, for the headers of the output')
    else:
        lines.append(f"license = {tomlkit.item(licence).as_string()}")
    lines.append("# keep_names = 2       # releases for which names that were given up still work")
    for provider in _providers(specs):
        lines += ["", f"[tool.linkwright.providers.{provider.name}]"]
        lines.append(f"spec = {tomlkit.item(str(provider.spec)).as_string()}")
    if not specs:
        lines += ["", "# Without providers, all bundled ones are generated. To choose:"]
        for name in BUNDLED:
            lines += [f"# [tool.linkwright.providers.{name}]", f'# spec = "bundled:{name}"']
    return "\n".join(lines) + "\n"


def _providers(specs: tuple[str, ...]) -> tuple[Provider, ...]:
    """The documents with names that can be those of packages."""
    from ..diagnostics import Collector, InputError
    from ..settings import from_specs

    out = Collector()
    try:
        project = from_specs([Path(spec) for spec in specs], None, None, out)
        out.stop_on_errors()
        "".join(specs).encode()
    except InputError as error:
        fail(error)
    except UnicodeEncodeError:
        end(2, "the name of a document is no text, which TOML could hold")
    return project.providers


def _tools(tool: Table, target: str, path: Path) -> tuple[list[str], list[str]]:
    """Let linters and coverage pass over the output.

    Returns:
        The names of what was added, and what is left to the user.
    """
    module = ".".join(Path(target.removeprefix("src/")).parts)
    changed: list[str] = []
    notes: list[str] = []
    folder = path.parent
    if own := _first(folder, ".ruff.toml", "ruff.toml"):
        notes.append(f'ruff reads {own} only: add extend-exclude = ["{target}"] to it')
    elif _append(_table_in(tool, "ruff", path), "extend-exclude", target, path):
        changed.append("ruff")
    if own := _first(folder, "mypy.ini", ".mypy.ini"):
        notes.append(
            f"mypy reads {own} only: add [mypy-{module}.*] with ignore_errors = True to it"
        )
    elif _override(_table_in(tool, "mypy", path), f"{module}.*", path):
        changed.append("mypy")
    if own := _first(folder, ".coveragerc"):
        notes.append(f"coverage reads {own} only: add omit = {target}/* to its [run]")
    else:
        coverage = _table_in(tool, "coverage", path, is_super_table=True)
        if _append(_table_in(coverage, "run", path), "omit", f"{target}/*", path):
            changed.append("coverage")
    black = _table_in(tool, "black", path)
    pattern = f"^/{re.escape(target)}/"
    if "extend-exclude" not in black:
        black["extend-exclude"] = pattern
        changed.append("black")
    elif pattern not in str(black["extend-exclude"]):
        # One regular expression of the user's: not ours to take apart.
        notes.append(f"extend-exclude of [tool.black] should also match {pattern}")
    return changed, notes


def _first(folder: Path, *names: str) -> str | None:
    """The configuration file of a tool, which has it ignore pyproject.toml."""
    return next((name for name in names if (folder / name).is_file()), None)


def _override(mypy: Table, module: str, path: Path) -> bool:
    """Types of the output are used; what mypy would say about the output itself is not shown."""
    inline = isinstance(mypy, InlineTable)
    overrides: object = mypy.setdefault("overrides", tomlkit.array() if inline else tomlkit.aot())
    entries = cast("list[Table]", overrides)
    if not isinstance(overrides, AoT | Array) or not all(
        isinstance(cast("object", entry), MutableMapping) for entry in entries
    ):
        end(2, f"cannot use {shown(path)}: overrides of mypy are no [[tool.mypy.overrides]]")
    if any(entry.get("module") == module for entry in entries):
        return False
    # An array holds values, so that a table in it is an inline one.
    entry = tomlkit.inline_table() if isinstance(overrides, Array) else tomlkit.table()
    entry["module"] = module
    entry["ignore_errors"] = True
    cast("list[object]", overrides).append(entry)
    return True


def _append(table: Table, key: str, value: str, path: Path) -> bool:
    present: object = table.setdefault(key, tomlkit.array())
    if not isinstance(present, Array):
        end(2, f"cannot use {shown(path)}: {key} is no list")
    values = cast("list[str]", present)
    if value in values:
        return False
    values.append(value)
    return True
