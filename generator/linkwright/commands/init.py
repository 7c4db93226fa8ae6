"""`linkwright init`: what a project needs to own generated clients, written once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import click
import tomlkit
from tomlkit.exceptions import TOMLKitError

from ..console import end, printable, shown
from ..licensing import canonical
from ..resources import BUNDLED

if TYPE_CHECKING:
    from collections.abc import MutableMapping

#: A table as tomlkit has it: a mapping that remembers its layout.
Table: TypeAlias = "MutableMapping[str, Any]"

__all__ = ["init"]

_PATH = click.Path(path_type=Path, file_okay=False, readable=False)


@click.command()
@click.argument("folder", type=_PATH, default=Path())
@click.option("--out", help="The output folder, relative to the project.", metavar="DIR")
@click.option("--spec", "specs", multiple=True, help="An OpenAPI document of yours.")
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
    tool: Table = document.setdefault("tool", tomlkit.table(is_super_table=True))
    if "linkwright" in tool:
        end(2, f"{shown(path)} has a [tool.linkwright] table already")
    changed = _tools(tool, target)
    text = tomlkit.dumps(document).rstrip("\n")
    text = f"{text}\n\n{_table(target, specs, spelled)}".lstrip("\n")
    attributes = folder / ".gitattributes"
    line = f"{target}/** linguist-generated=true text eol=lf\n"
    try:
        path.write_text(text, "utf-8")
        before = attributes.read_text("utf-8") if attributes.exists() else ""
        if line not in before:
            attributes.write_text(
                before + ("" if before.endswith("\n") or not before else "\n") + line
            )
    except (OSError, UnicodeDecodeError) as error:
        end(2, f"cannot write to {shown(folder)}: {error}")
    click.echo(f"{shown(path)}: added [tool.linkwright]" + "".join(f", {name}" for name in changed))
    click.echo(f"{shown(attributes)}: {target} is generated")
    click.echo("next: linkwright generate, and linkwright check in CI")


def _read(path: Path) -> Table:
    if not path.exists():
        return cast("Table", tomlkit.document())
    try:
        return cast("Table", tomlkit.parse(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        end(2, f"cannot use {shown(path)}: {error}")


def _default_output(folder: Path, document: Table) -> str:
    """Inside the package of the project, if there is one in the usual places."""
    project: Table = document.get("project", {})
    name = str(project.get("name", "")).replace("-", "_").replace(".", "_").lower()
    for root in (f"src/{name}", name):
        if name and (folder / root).is_dir():
            return f"{root}/clients"
    return "src/clients" if (folder / "src").is_dir() else "clients"


def _relative(out: str) -> str:
    path = Path(out)
    if path.is_absolute() or ".." in path.parts or not path.name:
        end(2, f"--out is a folder below the project, not {printable(out)}")
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
    names = [Path(spec).stem for spec in specs]
    for name, spec in zip(names, specs, strict=True):
        from ..settings import derived_name

        lines += ["", f"[tool.linkwright.providers.{derived_name(Path(f'{name}.yaml'))}]"]
        lines.append(f"spec = {tomlkit.item(spec).as_string()}")
    if not specs:
        lines += ["", "# Without providers, all bundled ones are generated. To choose:"]
        for name in BUNDLED:
            lines += [f"# [tool.linkwright.providers.{name}]", f'# spec = "bundled:{name}"']
    return "\n".join(lines) + "\n"


def _tools(tool: Table, target: str) -> list[str]:
    """Let linters and coverage pass over the output; gives the names of what was added."""
    module = ".".join(Path(target.removeprefix("src/")).parts)
    changed: list[str] = []
    ruff = tool.setdefault("ruff", tomlkit.table())
    if _append(ruff, "extend-exclude", target):
        changed.append("ruff")
    mypy = tool.setdefault("mypy", tomlkit.table())
    overrides = mypy.setdefault("overrides", tomlkit.aot())
    if not any(entry.get("module") == f"{module}.*" for entry in overrides):
        entry = tomlkit.table()
        entry["module"] = f"{module}.*"
        # Types of the output are used; what mypy would say about the output itself is not shown.
        entry["follow_imports"] = "silent"
        overrides.append(entry)
        changed.append("mypy")
    coverage = tool.setdefault("coverage", tomlkit.table(is_super_table=True))
    if _append(coverage.setdefault("run", tomlkit.table()), "omit", f"{target}/*"):
        changed.append("coverage")
    if "black" in tool and "extend-exclude" not in tool["black"]:
        tool["black"]["extend-exclude"] = f"^/{target}/"
        changed.append("black")
    return changed


def _append(table: Table, key: str, value: str) -> bool:
    present: list[str] = table.setdefault(key, tomlkit.array())
    if value in present:
        return False
    present.append(value)
    return True
