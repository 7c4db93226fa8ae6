"""What is done in a jail: a document is made, generated from, and its output used.

Each task runs in a forked child whose working directory is the case's; see `jail`.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import os
import runpy
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import cast

from pydantic import BaseModel

from tests.helpers import GENERATED

__all__ = ["perform", "preload"]


def preload() -> None:
    """Do once, before any child is forked, what the first use of a library takes time for."""
    # Many short runs side by side: workers of their own would cost more than they save.
    os.cpu_count = lambda: 1
    from linkwright import cli as cli  # what the command itself imports
    from linkwright import progress as progress
    from linkwright import settings as settings
    from linkwright.config import Project, bundled
    from linkwright.emit import disk as disk
    from linkwright.pipeline import build
    from linkwright.workers import Workers

    build(Project(bundled(None).providers[:1], None), Workers(1))
    sys.path.insert(0, str(GENERATED.parent))
    for name in ("client", "aio", "models", "types", "paging", "pager", "transport", "oauth"):
        importlib.import_module(f"{GENERATED.name}._runtime.{name}")


def perform(task: str, arguments: Sequence[str]) -> int:
    """Run a task; its exit status. 70 stands for an exception that nobody should ever see."""
    try:
        return _TASKS[task](arguments)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
        return 70


def _make(arguments: Sequence[str]) -> int:
    """Run the script that makes a document too large, or too odd, to be kept as a file."""
    (script,) = arguments
    runpy.run_path(script)
    return 0


def _generate(arguments: Sequence[str]) -> int:
    """The `linkwright` command."""
    from linkwright.cli import main

    main(list(arguments), prog_name="linkwright")
    return 0


def _render(arguments: Sequence[str]) -> int:
    """Write the sources of one provider, not formatted and with nothing around them."""
    from linkwright.config import Provider
    from linkwright.pipeline import understand
    from linkwright.render.layout import render_provider
    from linkwright.resources import templates

    spec, folder = map(Path, arguments)
    understood = understand(Provider("acme", spec))
    if understood.view is None:
        sys.stderr.write(f"{understood.diagnostics}\n")
        return 2
    for path, text in render_provider(understood.view, templates()).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return 0


#: What no generated module has any reason to do while it is imported or read.
_FORBIDDEN = (
    "os.system os.exec os.posix_spawn os.spawn os.fork os.forkpty os.putenv os.remove os.rename os.chmod "
    "os.mkdir os.rmdir os.link os.symlink os.truncate subprocess.Popen socket.connect socket.bind "
    "socket.getaddrinfo shutil.rmtree shutil.move shutil.copyfile urllib.Request webbrowser.open "
    "ctypes.dlopen pty.spawn"
).split()
_MARKERS = frozenset(
    {"antigravity", "pwned", "this", "pickle", "subprocess", "telnetlib", "ftplib"}
)


def _use(arguments: Sequence[str]) -> int:
    """Import every module of a provider, read every docstring, build every model and client."""
    (package,) = arguments
    root = Path("clients").resolve()
    builtins.pwned = _pwned  # type: ignore[attr-defined]  # so that a call of it is no NameError
    sys.dont_write_bytecode = True
    # The runtime is imported already: it is the same in every output.
    importlib.import_module("clients").__path__.insert(0, str(root))
    modules = [
        ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((root / package).rglob("*.py"))
    ]
    known = set(sys.modules)
    sys.addaudithook(_watch)
    for name in modules:
        _read(importlib.import_module(name))
    for name in modules:
        _build(sys.modules[name])
    strangers = {name.partition(".")[0] for name in set(sys.modules) - known} & _MARKERS
    if strangers:
        raise AssertionError(f"imported {strangers}")
    return 0


def _pwned(*given: object, **named: object) -> None:
    del given, named
    os.write(2, b"CANARY: pwned() was called\n")
    os._exit(66)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    harmful = event in _FORBIDDEN
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        harmful = bool(isinstance(mode, str) and set(mode) & set("wax+")) or bool(
            isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        )
    if harmful:
        os.write(2, f"CANARY: {event} {ascii(arguments)[:200]}\n".encode())
        os._exit(66)


def _read(module: ModuleType) -> None:
    """Every docstring is text, and reading it does nothing."""
    for thing in (module, *vars(module).values()):
        inspect.getdoc(thing)
        if inspect.isclass(thing):
            for part in vars(thing).values():
                inspect.getdoc(part)


def _build(module: ModuleType) -> None:
    """Nothing is built before it is used, so use it."""
    for thing in list(vars(module).values()):
        if type(thing).__name__ in ("Operation", "PagedOperation"):
            for result in thing.results.values():
                if result is not None:
                    result()
            for error, _ in thing.errors:
                error()
        elif isinstance(thing, type) and thing.__module__ == module.__name__:
            kind = cast("type[object]", thing)
            if issubclass(kind, BaseModel):
                kind.model_rebuild()
            _construct(kind)


def _construct(class_: type[object]) -> None:
    """A client, and every resource that hangs on it."""
    if not class_.__module__.endswith(".client"):
        return
    wanted = inspect.signature(class_).parameters.values()
    given = {p.name: "x" for p in wanted if p.default is p.empty}
    client = class_(**given | {"base_url": "https://case.example"})
    for name in vars(class_):
        if not name.startswith("_"):
            getattr(client, name)


def _pace(_: Sequence[str]) -> int:
    """Work of a fixed amount, about a twentieth of what a document may cost."""
    seen: dict[str, int] = {}
    for number in range(700_000):
        seen[str(number % 9973)] = seen.get(str(number % 131), 0) + len(str(number))
    return 0


_TASKS: dict[str, Callable[[Sequence[str]], int]] = {
    "make": _make,
    "pace": _pace,
    "generate": _generate,
    "render": _render,
    "use": _use,
}
