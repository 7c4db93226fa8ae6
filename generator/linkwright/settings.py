"""Reading of configuration: `[tool.linkwright]` of a TOML file, and documents on the command line."""

from __future__ import annotations

import keyword
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, cast

from .config import Accept, Project, Provider, bundled
from .diagnostics import Collector, InputError, lines_on_disk
from .licensing import canonical
from .openapi.selection import SELECTORS, Selector
from .resources import BUNDLED, FACADES, bundled_facade, bundled_spec
from .shape.words import snake, split
from .source.files import read_bytes
from .source.span import Span
from .source.text import shown

__all__ = ["derived_name", "from_file", "from_specs"]

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
#: Modules of the root package, which a provider must not hide.
_TAKEN = frozenset({"auth", "errors", "facade", "testing"})
_DEVICE = re.compile(r"aux|con|nul|prn|(com|lpt)[0-9]")
_BUNDLED_PREFIX = "bundled:"
_OPTIONS = ("output", "providers", "facades", "accept", "license", "keep_names", "release")

Table: TypeAlias = Mapping[str, object]


def from_specs(
    specs: Sequence[Path],
    name: str | None,
    output: Path | None,
    out: Collector,
    overlays: Sequence[Path] = (),
) -> Project:
    """Documents named on the command line; a provider is called after its file.

    Args:
        specs: The documents.
        name: Replaces the derived name; only with a single document.
        output: The output folder.
        out: Takes E110.
        overlays: Applied to every document.
    """
    providers: dict[str, Provider] = {}
    for spec in specs:
        given = derived_name(spec) if name is None else name
        _check_name(given, Span(str(spec)), out)
        if given in providers:
            out.fail(
                "E110", f"two documents want the provider name {shown(given)!r}", Span(str(spec))
            )
        providers[given] = Provider(given, spec, tuple(overlays))
    return Project(tuple(providers.values()), output)


def derived_name(spec: Path) -> str:
    """What a provider is called after its document."""
    name = snake(split(spec.stem)) or "api"
    return name if name[0].isalpha() else f"api_{name}"


def from_file(path: Path, output: Path | None, out: Collector) -> Project:
    """Read `[tool.linkwright]` of a TOML file. Paths in it are relative to the file.

    Raises:
        InputError: E110 with what is wrong and what is known.
    """
    span = Span(str(path))
    try:
        text = read_bytes(path, out).decode("utf-8")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        out.fail("E101", "the configuration is not UTF-8", span)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        at = Span(str(path), int(place[1]), int(place[2])) if place else span
        out.fail("E110", f"not valid TOML: {shown(str(error))}", at)
    except (ValueError, RecursionError):
        out.fail("E110", "not valid TOML: a number too long, or tables nested too deep", span)
    table = _table((_table(document.get("tool")) or {}).get("linkwright"))
    if table is None:
        out.fail("E110", "there is no [tool.linkwright] table", span)
    reader = _Reader(path, text, out)
    project = reader.project(table, output)
    if out.found:
        raise InputError(out.found, lines_on_disk(path, out.found))
    return project


class _Reader:
    def __init__(self, path: Path, text: str, out: Collector) -> None:
        self._path = path
        self._out = out
        self._lines = text.splitlines()

    def project(self, table: Table, output: Path | None) -> Project:
        self._only(table, _OPTIONS, "[tool.linkwright]")
        more = self._more(table)
        if "output" in table:
            configured = self._path.parent / self._string(table, "output", "[tool.linkwright]")
            output = output or configured
        providers = table.get("providers")
        if providers is None:
            default = bundled(output)
            facades = self._facades(table) if "facades" in table else default.facades
            return replace(default, accept=self._accept(table), facades=facades, **more)
        entries = _table(providers)
        if not entries:
            self._bad("providers", "[tool.linkwright.providers.NAME] tables are expected")
            return Project((), output)
        found = tuple(self._provider(name, entry) for name, entry in entries.items())
        project = Project(found, output, self._accept(table), facades=self._facades(table))
        return replace(project, **more)

    def _more(self, table: Table) -> dict[str, Any]:
        """Options with defaults; what is not given, or wrong, is left out."""
        found: dict[str, Any] = {"root": self._path.parent}
        if "license" in table:
            text = self._string(table, "license", "[tool.linkwright]")
            found["license"] = canonical(text)
            if found["license"] is None:
                self._bad(text, f"{shown(text)!r} is no SPDX licence expression")
        if "release" in table:
            found["release"] = self._string(table, "release", "[tool.linkwright]")
        keep: object = table.get("keep_names", 2)
        if type(keep) is not int or keep < 0:
            self._bad("keep_names", "keep_names is a number of releases, 0 or more")
        else:
            found["keep_names"] = keep
        return found

    def _provider(self, name: str, entry: object) -> Provider:
        where = f"[tool.linkwright.providers.{shown(name)}]"
        _check_name(name, self._span(name), self._out)
        table = _table(entry)
        if table is None:
            self._bad(name, f"{where} must be a table")
            return Provider(name, Path())
        self._only(table, ("spec", "overlays", "include", "exclude"), where)
        spec = self._string(table, "spec", where)
        if spec.startswith(_BUNDLED_PREFIX):
            wanted = spec.removeprefix(_BUNDLED_PREFIX)
            if wanted not in BUNDLED:
                self._bad(
                    wanted,
                    f"there is no bundled spec {shown(wanted)!r}; there are {', '.join(BUNDLED)}",
                )
                return Provider(name, Path())
            path = bundled_spec(wanted)
        else:
            path = self._path.parent / spec
        overlays = tuple(self._path.parent / o for o in self._strings(table, "overlays", where))
        include, exclude = (self._selectors(table, key, where) for key in ("include", "exclude"))
        return Provider(name, path, overlays, include, exclude)

    def _strings(self, table: Table, key: str, where: str) -> tuple[str, ...]:
        value = table.get(key, [])
        items = cast("list[object]", value) if isinstance(value, list) else [None]
        if not all(isinstance(item, str) and item for item in items):
            self._bad(key, f"{key} of {where} must be a list of strings")
            return ()
        return tuple(cast("list[str]", items))

    def _selectors(self, table: Table, key: str, where: str) -> tuple[Selector, ...]:
        value = table.get(key, [])
        found: list[Selector] = []
        for item in cast("list[object]", value) if isinstance(value, list) else [None]:
            entry = _table(item)
            if not entry:
                known = ", ".join(SELECTORS)
                self._bad(key, f"{key} of {where} is a list of tables with any of {known}")
                continue
            self._only(entry, SELECTORS, f"a selector in {key}")
            words = [self._string(entry, k, key) if k in entry else None for k in SELECTORS]
            tag, path, method, operation_id, webhook = words
            said = next((w for w in words if w is not None), key)
            found.append(Selector(tag, path, method, operation_id, webhook, self._span(said)))
        return tuple(found)

    def _facades(self, table: Table) -> tuple[Path, ...]:
        entries: object = table.get("facades", [])
        if not isinstance(entries, list):
            self._bad("facades", "facades must be a list of names or folders")
            return ()
        found: list[Path] = []
        for item in cast("list[object]", entries):
            if not isinstance(item, str) or not item:
                self._bad("facades", "facades must be a list of names or folders")
            elif item in FACADES:
                found.append(bundled_facade(item))
            elif _is_file(self._path.parent / item / "facade.yaml"):
                found.append(self._path.parent / item)
            else:
                self._bad(
                    item,
                    f"{shown(item)} is no folder with a facade.yaml, and no facade that comes with "
                    f"linkwright; those are {', '.join(FACADES)}",
                )
        return tuple(found)

    def _accept(self, table: Table) -> tuple[Accept, ...]:
        entries: object = table.get("accept", [])
        found: list[Accept] = []
        if not isinstance(entries, list):
            self._bad("accept", "accept must be a list of { code, message, reason }")
            return ()
        for item in cast("list[object]", entries):
            entry = _table(item)
            if entry is None:
                self._bad("accept", "an entry of accept is { code, message, reason }")
                continue
            self._only(entry, ("code", "message", "reason"), "accept")
            code = self._string(entry, "code", "accept")
            if not code.startswith("W"):
                self._bad(code, f"only warnings can be accepted, {shown(code)} is none")
            self._string(entry, "reason", "accept")
            message = self._string(entry, "message", "accept")
            found.append(Accept(code, message, self._span(message)))
        return tuple(found)

    def _string(self, table: Table, key: str, where: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            self._bad(key, f"{where} needs {key} as a string")
            return "?"
        return value

    def _only(self, table: Table, known: tuple[str, ...], where: str) -> None:
        for key in table:
            if key not in known:
                self._bad(key, f"{where} has no option {shown(key)!r}; it has {', '.join(known)}")

    def _bad(self, token: str, message: str) -> None:
        self._out.add("E110", message, self._span(token))

    def _span(self, token: str) -> Span:
        """Where a word stands in the file: the TOML reader gives no positions."""
        for number, line in enumerate(self._lines, 1):
            at = line.find(token)
            if at >= 0:
                return Span(str(self._path), number, at + 1)
        return Span(str(self._path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than any file has
        return False


def _table(value: object) -> Table | None:
    return cast("Table", value) if isinstance(value, dict) else None


def _check_name(name: str, span: Span, out: Collector) -> None:
    usable = _NAME.fullmatch(name) and len(name) <= 60 and not keyword.iskeyword(name)
    # A device of Windows can be no folder.
    if not usable or name in _TAKEN or _DEVICE.fullmatch(name):
        out.add(
            "E302",
            f"{shown(name)!r} cannot be the name of a provider's package",
            span,
            help="lower-case words joined by underscores, and none of " + ", ".join(sorted(_TAKEN)),
        )
