"""Attacks by what lies on the disk and stands on the command line, where no document can be one.

Each is a command, and a function that prepares the folder in which it runs. Beside that folder lies
another, which nothing may touch.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from tests.helpers import SMALL_SPEC

__all__ = ["ALL", "Attack"]

Prepare: TypeAlias = Callable[[Path], object]
#: Changes a lock, or a record of names.
Change: TypeAlias = Callable[[dict[str, Any]], object]

_OUT = ("--spec", "spec.yaml", "--name", "acme", "--out", "clients")
GENERATE = ("generate", *_OUT)
FORCE = (*GENERATE, "--force")
CHECK = ("check", *_OUT)
#: A file, beside the folder, that nothing may write to.
CANARY = Path("../outside/canary")
#: More than any file of ours has, and no room on the disk.
_LARGE = 50 << 30
#: What terminals, GitHub, Azure Pipelines and GitLab act on.
COMMANDS = {
    "github": "x\n::set-output name=a::b",
    "azure": "##vso[task.setvariable variable=x]y",
    "older github": "##[set-output name=x]y",
    "escape": "\x1b[31m",
    "gitlab": "\x1b[0Ksection_start:1:x\r\x1b[0K",
    "bidi": "\u202egnp",
    "no text": "\udcff",
}
_STATUSES = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Attack:
    """A command in a prepared folder.

    Attributes:
        name: What is tried.
        command: The arguments of `linkwright`.
        prepare: What is done before, in that folder.
        statuses: How it may end.
        writes: What it may write when it succeeds, besides `clients`.
        generated: Whether there is an output already.
    """

    name: str
    command: tuple[str, ...]
    prepare: Prepare
    statuses: tuple[int, ...] = _STATUSES
    writes: tuple[str, ...] = ()
    generated: bool = False


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(_LARGE)


#: What may stand where a file should.
_THINGS: dict[str, Prepare] = {
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link outside": lambda path: path.symlink_to(CANARY.absolute()),
    "link to nothing": lambda path: path.symlink_to(CANARY.with_name("new").absolute()),
    "hard link outside": lambda path: os.link(CANARY, path),
    "larger than the disk": _large,
    "the kernel's log": lambda path: path.symlink_to("/proc/kmsg"),
}


def _instead(name: str, make: Prepare) -> Prepare:
    def prepare(folder: Path) -> None:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        make(path)

    return prepare


def _things() -> Iterator[Attack]:
    """Something else in the place of each file that is read or written."""
    command: tuple[str, ...]
    for thing, make in _THINGS.items():
        yield Attack(f"document: {thing}", GENERATE, _instead("spec.yaml", make), (2,))
        for name in ("linkwright.lock", "linkwright.names.json", "acme/client.py", "extra.py"):
            place = _instead(f"clients/{name}", make)
            for command in (GENERATE, CHECK):
                yield Attack(f"{command[0]} {name}: {thing}", command, place, generated=True)
        statuses = (2, 3) if thing != "folder" else (0,)
        yield Attack(f"output: {thing}", GENERATE, _instead("clients", make), statuses)
        yield Attack(f"output, forced: {thing}", FORCE, _instead("clients", make), statuses)
        project = _instead("pyproject.toml", make)
        yield Attack(f"configuration: {thing}", ("check",), project, (2,))
        yield Attack(
            f"named configuration: {thing}", ("check", "--config", "pyproject.toml"), project, (2,)
        )
        wanted = (0, 2) if thing == "hard link outside" else (2,)
        yield Attack(f"init: {thing}", ("init",), project, (2,))
        if thing != "hard link outside":
            attributes = _instead(".gitattributes", make)
            yield Attack(f"init, attributes: {thing}", ("init",), attributes, wanted)
        yield Attack(
            f"diff: {thing}", ("diff", "a.yaml", "spec.yaml"), _instead("a.yaml", make), (2,)
        )
        pages = _pages({"page.md": make})
        yield Attack(f"page: {thing}", ("extract", "docs", "-o", "x"), pages, (2,))
    hooked = _instead("hooks.py", lambda path: path.symlink_to("/etc/passwd"))
    yield Attack("output in .git", ("generate", "--out", ".git/hooks"), hooked, (2,))
    yield Attack(
        "output deeper than paths go", ("generate", *_OUT[:4], "--out", "a/" * 1_500), _nothing
    )


def _nothing(folder: Path) -> None:
    """Nothing is prepared."""
    del folder


def _pages(pages: dict[str, Prepare | str]) -> Prepare:
    def prepare(folder: Path) -> None:
        (folder / "docs").mkdir()
        for name, page in pages.items():
            path = folder / "docs" / name
            if isinstance(page, str):
                path.write_text(page)
            else:
                page(path)

    return prepare


def _lock(change: Change) -> Prepare:
    def prepare(folder: Path) -> None:
        path = folder / "clients" / "linkwright.lock"
        lock = json.loads(path.read_text())
        change(lock)
        path.write_text(json.dumps(lock))

    return prepare


_DIGEST = "0" * 64


def _says(said: str) -> Change:
    def change(lock: dict[str, Any]) -> None:
        lock["inputs"].update({said: _DIGEST, f"spec:acme:{said}": _DIGEST})
        lock["tools"][said] = said

    return change


def _sets(key: str, value: object) -> Change:
    return lambda record: record.update({key: value})


def _holds(content: bytes) -> Prepare:
    return lambda path: path.write_bytes(content)


_LOCKS: dict[str, Change] = {
    "file outside": lambda d: d["files"].update(
        {"../../outside/canary": hashlib.sha256(b"x").hexdigest()}
    ),
    "file of the system": lambda d: d["files"].update({"/etc/passwd": _DIGEST}),
    "input that is the system": lambda d: d["inputs"].update({"spec:acme:/": _DIGEST}),
    "input that climbs": lambda d: d["inputs"].update({"spec:acme:../../../../../usr": _DIGEST}),
    "input that is a device": lambda d: d["inputs"].update({"spec:acme:/dev/zero": _DIGEST}),
    "input that never ends": lambda d: d["inputs"].update({"spec:acme:/proc/kmsg": _DIGEST}),
    "input with NUL": lambda d: d["inputs"].update({"spec:acme:a\0b": _DIGEST}),
    "input that is too long": lambda d: d["inputs"].update({"spec:acme:" + "a/" * 5_000: _DIGEST}),
    "100,000 inputs": lambda d: d["inputs"].update(
        {f"spec:acme:{n}": _DIGEST for n in range(100_000)}
    ),
    "generator of 5,000 digits": lambda d: d.update(generator="9" * 5_000),
    "no generator": lambda d: d.update(generator=""),
    "format of 30 digits": lambda d: d.update(format=10**30),
    "files that are none": lambda d: d.update(files=None),
    "half of a surrogate pair": lambda d: d["tools"].update({"\ud800": "\udfff"}),
    **{f"commands to {who}": _says(said) for who, said in COMMANDS.items()},
    **{
        f"generator that commands {who}": _sets("generator", f"99.{said}")
        for who, said in COMMANDS.items()
    },
}
_CONTENTS: dict[str, bytes] = {
    "deep": b"[" * 100_000,
    "a number of 9,000 digits": b'{"format": ' + b"9" * 9_000 + b"}",
    "empty": b"",
    "NUL": b"\0",
    "no UTF-8": b"\xff",
    "a conflict": b"<<<<<<< ours\n",
}


def _locks() -> Iterator[Attack]:
    command: tuple[str, ...]
    for name, change in _LOCKS.items():
        for command in (GENERATE, CHECK):
            yield Attack(f"{command[0]} lock: {name}", command, _lock(change), generated=True)
    for name, content in _CONTENTS.items():
        for file in ("linkwright.lock", "linkwright.names.json"):
            place = _instead(f"clients/{file}", _holds(content))
            for command in (GENERATE, FORCE, CHECK):
                yield Attack(
                    f"{command[0]} {command[-1]} {file}: {name}", command, place, generated=True
                )


def _names(change: Change) -> Prepare:
    """A record of names that the lock vouches for."""

    def prepare(folder: Path) -> None:
        path = folder / "clients" / "linkwright.names.json"
        record = json.loads(path.read_text())
        change(record["providers"]["acme"])
        content = json.dumps(record).encode()
        path.write_bytes(content)

        def vouch(lock: dict[str, Any]) -> None:
            lock["files"][path.name] = hashlib.sha256(content).hexdigest()
            lock["inputs"]["spec:acme"] = _DIGEST

        _lock(vouch)(folder)

    return prepare


_GET = "GET /items"
_NAMES: dict[str, Change] = {
    **{
        f"client {name[:20]!r}": _sets("client", name)
        for name in (
            "A; pwned()",
            "None",
            "__getattr__",
            "errors",
            "Exception",
            "AcmeError",
            "A" * 99_999,
        )
    },
    **{
        f"kept {kept!r}": _sets("kept", [[*kept, list[str]()]])
        for kept in (
            ("evil", "x", "y"),
            ("model", "Item", "__doc__"),
            ("model", "Item", "BaseModel"),
            ("client", "", "os"),
            ("client", "", "models"),
            ("method", _GET, "items.__init__"),
            ("method", _GET, "items._client"),
            ("method", _GET, "items"),
            ("resource", "items", "__class__"),
            ("constant", _GET, "PROVIDER"),
        )
    },
    "a method without a resource": lambda d: d.update(operations={_GET: ["items", "X"]}),
    "a method of Python's": lambda d: d.update(operations={_GET: ["items.__init__", "X"]}),
    "too many parts": lambda d: d.update(operations={_GET: ["a.b.c.d", "X"]}),
    "10,000 kept": lambda d: d.update(kept=[["model", "Item", f"T{n}", []] for n in range(10_000)]),
    "commands": lambda d: d.update(kept=[["model", "Item", "T", [*COMMANDS.values()]]]),
}


def _records() -> Iterator[Attack]:
    for name, change in _NAMES.items():
        yield Attack(f"names: {name}", GENERATE, _names(change), (0, 2), generated=True)


def _extra(said: str) -> Prepare:
    return lambda folder: (folder / "clients" / f"{said}.py").write_text("x")


def _moved(name: str) -> Prepare:
    return lambda folder: (folder / "spec.yaml").rename(folder / name)


def _edited(said: str) -> Prepare:
    def prepare(folder: Path) -> None:
        path = folder / "clients" / "acme" / "client.py"
        lines = path.read_text().splitlines(keepends=True)
        text = "".join([*lines[:3], f" {said}\n", *lines[3:]])
        path.write_bytes(text.encode("utf-8", "surrogateescape"))

    return prepare


def _spellings() -> Iterator[Attack]:
    """Names of files, and arguments, that would be commands."""
    command: tuple[str, ...]
    for who, said in COMMANDS.items():
        for command in (GENERATE, CHECK, (*CHECK, "--full")):
            name = f"{command[0]} {command[-1]} extra file for {who}"
            yield Attack(name, command, _extra(said), generated=True)
        spec = f"{said}.yaml"
        for command in (
            ("generate", "--spec", spec, "--out", "clients"),
            ("validate", spec),
            ("validate", "--json", spec),
            ("diff", spec, spec),
        ):
            yield Attack(f"{' '.join(command[:-1])} for {who}", command, _moved(spec))
        for command in (
            ("validate", spec),
            ("generate", f"--{said}"),
            (said,),
            ("generate", *_OUT[:2], "--name", said, "--out", "x"),
            ("init", "--out", said),
        ):
            yield Attack(f"wrong {command[0]} for {who}", command, _nothing, (2,))
        yield Attack(f"check for {who}", ("check", *_OUT[:4], "--out", said), _nothing, (2, 4))
        page = f"{said}.md"
        pages = _pages({page: _PAGE})
        yield Attack(f"page for {who}", ("extract", "docs", "-o", "x"), pages, (0,), ("x",))
        yield Attack(f"printed page for {who}", ("extract", f"docs/{page}"), pages)
        for command in (GENERATE, CHECK):
            name = f"{command[0]}, edited for {who}"
            yield Attack(name, command, _edited(said), (3,), generated=True)


_PAGE = """\
# ThingsApi

| Method | HTTP request | Description |
|---|---|---|
| [**getThing**](ThingsApi.md#getThing) | **GET** /things/{id} | ::add-mask::x |

# **getThing**
> Thing getThing(id)

::set-output name=a::b

##vso[task.complete]

### Parameters

| Name | Type | Description | Notes |
|---|---|---|---|
| **id** | **String**| The id | |
"""
_TABLE = "[tool.linkwright]\noutput = 'clients'\n{}\n[tool.linkwright.providers.acme]\nspec = 'spec.yaml'\n{}\n"


def _configured(general: str = "", own: str = "") -> Prepare:
    return lambda folder: (folder / "c.toml").write_text(_TABLE.format(general, own))


def _patterns() -> Iterator[Attack]:
    """Selectors that would be tried for ever."""
    long = "t" * 2_000
    spec = (
        SMALL_SPEC.replace("/items", f"/{long}")
        .replace("listItems", long)
        .replace("[items]", f"[{long}]")
    )
    for key in ("path", "operationId", "tag"):
        own = f"include = [{{ {key} = '{'*t' * 60}!' }}]"

        def prepare(folder: Path, own: str = own) -> None:
            (folder / "spec.yaml").write_text(spec)
            _configured(own=own)(folder)

        yield Attack(f"pattern for {key}", ("generate", "--config", "c.toml"), prepare, (2,))
    for what in ("/", "../outside", "x" * 5_000, "/dev/zero", "a\\nb"):
        config = _configured(general=f'facades = ["{what}"]')
        yield Attack(f"facade {what[:20]!r}", ("generate", "--config", "c.toml"), config, (2,))
    circles = _facade(_circles)
    for command in ("generate", "check"):
        yield Attack(
            f"{command}: folders in circles", (command, "--config", "c.toml"), circles, (2, 4)
        )
    for thing, make in _THINGS.items():
        for name in ("facade.yaml", "acme.yaml", "other"):
            placed = _facade(_instead(name, make))
            yield Attack(
                f"facade, {name}: {thing}", ("generate", "--config", "c.toml"), placed, (2,)
            )


def _circles(folder: Path) -> None:
    for number in range(6):
        (folder / f"l{number}").symlink_to(".")


def _facade(change: Prepare) -> Prepare:
    def prepare(folder: Path) -> None:
        _configured(general="facades = ['f']")(folder)
        (folder / "f").mkdir()
        (folder / "f" / "facade.yaml").write_text("facade: f\npackage: f\nresource: Thing\n")
        (folder / "f" / "acme.yaml").write_text("provider: acme\n")
        change(folder / "f")

    return prepare


_PROJECTS = (
    "tool = 1\n|[tool]\nruff = 1\n|[tool]\nmypy = [1]\n|[tool.mypy]\noverrides = 1\n|[tool.mypy]\noverrides = [1]\n|"
    "[tool.ruff]\nextend-exclude = 'x'\n|[tool]\ncoverage = 1\n|[tool.coverage.run]\nomit = 1\n|[tool]\nblack = 1\n|"
    "tool = { ruff = {} }\n|[[tool]]\n|[tool.linkwright]\n|x =\n::set-output name=a::b\n"
).split("|")


def _inits() -> Iterator[Attack]:
    writes = ("pyproject.toml", ".gitattributes")
    for content in _PROJECTS:
        place = _instead("pyproject.toml", _holds(content.encode()))
        yield Attack(f"init: {content!r}", ("init",), place, (2,))
    for content in (
        "project = 1\n",
        "[project]\nname = 1\n",
        "[project]\nname = '/etc'\n",
        "[project]\nname = '..'\n",
    ):
        place = _instead("pyproject.toml", _holds(content.encode()))
        yield Attack(f"init: {content!r}", ("init",), place, (0,), writes)
    for spec in ("class.yaml", "\udcff.yaml"):
        yield Attack(f"init for {spec!r}", ("init", "--spec", spec), _nothing, (2,))
    yield Attack(
        "init, same twice", ("init", "--spec", "a.yaml", "--spec", "b/a.yaml"), _nothing, (2,)
    )
    for out in ("a\n* -text", "a b", "*", "'", "/etc", "a/../../b"):
        yield Attack(f"init into {out!r}", ("init", "--out", out), _nothing, (2,))


_SOURCES = {
    "no Python": "def (",
    "NUL": "\0",
    "deep parentheses": "x = " + "(" * 5_000,
    "deep expression": "x = " + "-" * 50_000 + "1",
    "a number of 9,000 digits": "x = " + "9" * 9_000,
    "deep annotation": f"class X:\n    a: {'list[' * 150}int{']' * 150}\n",
    "long chain": "x" + ".a" * 20_000 + "\n",
    "20,000 classes": "".join(f"class C{n}: ...\n" for n in range(20_000)),
}


def _sides() -> Iterator[Attack]:
    """Outputs that were edited, and are compared."""
    for name, source in _SOURCES.items():
        for file in ("models.py", "operations.py", "resources/items.py"):

            def prepare(folder: Path, file: str = file, source: str = source) -> None:
                shutil.copytree(folder / "clients", folder / "b")
                (folder / "b" / "acme" / file).write_text(source)

            yield Attack(
                f"diff with {name} in {file}", ("diff", "clients", "b"), prepare, generated=True
            )
    report = ("generate", *_OUT[:4], "--out", "clients", "--report", "docs")
    yield Attack("report into a folder", report, lambda folder: (folder / "docs").mkdir(), (2,))


ALL = [
    *_things(),
    *_locks(),
    *_records(),
    *_spellings(),
    *_patterns(),
    *_inits(),
    *_sides(),
]
