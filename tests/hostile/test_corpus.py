"""Hostile documents, one to a folder: what each may do is in its `expect.toml`, nothing more.

A folder below `tests/hostile/cases` is a case if it holds an `expect.toml`:

* `about`: what is tried, in a sentence.
* `outcome`: `generate`, `refuse` (exit status 2) or `either`.
* `code`: the code of the error, where it is refused.
* `arguments`: of `generate`, in the place of `--verbose --spec spec.yaml --name acme`.
* `twin = false`: where the names, and not only the text, depend on what is hostile, so that a
  harmless twin would look different.

Beside it stands `spec.yaml`, or `make.py`, which writes it and whatever else is needed.
"""

from __future__ import annotations

import re
import shutil
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from linkwright.diagnostics import Collector
from linkwright.source.document import plain
from linkwright.source.load import parse
from tests.helpers import GENERATED, REPO, files_of, said
from tests.hostile.checks import (
    codes,
    constants,
    differences,
    flaws_of_messages,
    flaws_of_output,
    shape,
)
from tests.hostile.jail import MEMORY, Jail, Outcome
from tests.hostile.twins import twin
from tests.hostile.wire import wire_strings

CASES = REPO / "tests" / "hostile" / "cases"
_DEFAULT = ("--verbose", "--spec", "spec.yaml", "--name", "acme")


@dataclass(frozen=True, slots=True)
class Case:
    """One folder; see the module."""

    name: str
    outcome: str
    code: str | None = None
    about: str = ""
    arguments: tuple[str, ...] = _DEFAULT
    twin: bool = True

    @property
    def folder(self) -> Path:
        """Where it is."""
        return CASES / self.name


def _find() -> Iterator[Case]:
    for path in sorted(CASES.rglob("expect.toml")):
        given = tomllib.loads(path.read_text("utf-8"))
        given["arguments"] = tuple(given.get("arguments", _DEFAULT))
        yield Case(path.parent.relative_to(CASES).as_posix(), **given)


ALL = list(_find())


def test_there_are_enough_cases() -> None:
    """Each says what it is about and what is expected of it; there is one of every outcome."""
    assert len(ALL) >= 150
    assert all(case.about and case.outcome in ("generate", "refuse", "either") for case in ALL)
    assert [c.name for c in ALL if (c.outcome == "refuse") is not (c.code is not None)] == []


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path, jail: Jail) -> None:
    """It comes to what is expected, costs little, and does nothing else."""
    folder = tmp_path / "case"
    shutil.copytree(case.folder, folder, symlinks=True)
    (folder / "expect.toml").unlink()
    if (folder / "make.py").exists():
        made = jail.run("make", folder, "make.py")
        assert made.status == 0, made.err
    before = _snapshot(tmp_path)
    ran = jail.run("generate", folder, "generate", *case.arguments, "--out", "clients")
    _assert_outcome(case, ran)
    assert jail.affords(ran.seconds, folder), f"{ran.seconds:.1f} s"
    after = _snapshot(tmp_path)
    output = {path for path in after if path.startswith("case/clients/")}
    assert {p: c for p, c in after.items() if p not in output} == before, "something was written"
    if ran.status == 0:
        _assert_output(case, folder, jail)


def _snapshot(folder: Path) -> dict[str, object]:
    """Everything below a folder, what the jail noted left out; nothing is opened."""
    return {
        path.relative_to(folder).as_posix(): _state(path)
        for path in folder.rglob("*")
        if not re.fullmatch(r"case\.\w+\.(out|err)", path.name) and path.name != "clients"
    }


def _state(path: Path) -> tuple[int, ...]:
    """What changes when a file does, of which a folder has only its kind."""
    found = path.lstat()
    folder = stat.S_ISDIR(found.st_mode)
    return (found.st_mode,) if folder else (found.st_mode, found.st_size, found.st_mtime_ns)


def _assert_outcome(case: Case, ran: Outcome) -> None:
    refused = ran.status == 2
    assert ran.status in (0, 2), f"{case.about}\nexit status {ran.status}\n{ran.err[-4_000:]}"
    messages = said(ran.err)
    assert flaws_of_messages(messages, refused=refused) == [], messages[:4_000]
    if not refused:
        assert flaws_of_messages(ran.out, refused=False) == [], ran.out[:4_000]
    assert case.outcome in ("either", "refuse" if refused else "generate"), messages[:4_000]
    if case.code and refused:
        assert case.code in codes(messages), messages[:4_000]
    assert ran.memory < MEMORY, f"{ran.memory >> 20} MiB"


def _is_constant(path: str, content: bytes) -> bool:
    """Whether this is a file that every output has, which no document can have changed."""
    golden = GENERATED / path
    return golden.is_file() and golden.read_bytes() == content


def _assert_output(case: Case, folder: Path, jail: Jail) -> None:
    files = files_of(folder / "clients")
    (package,) = {path.partition("/")[0] for path in files if path.endswith("/operations.py")}
    assert (
        flaws_of_output({p: c for p, c in files.items() if not _is_constant(p, c)}, package) == []
    )
    used = jail.run("use", folder, package)
    assert used.status == 0, used.err[-4_000:]
    if case.arguments != _DEFAULT:
        return
    own = [c for p, c in files.items() if p.startswith(f"{package}/") and p.endswith(".py")]
    document = (folder / "spec.yaml").read_bytes()
    root = plain(parse(document, "spec.yaml", Collector()).root)
    assert wire_strings(root) - constants(own) == set()
    if case.twin and len(document) < 100_000:
        (folder / "twin.json").write_text(twin(document))
        (folder / "twin").mkdir()
        rendered = jail.run("render", folder, "twin.json", "twin")
        assert rendered.status == 0, rendered.err
        ordinary = files_of(folder / "twin")
        twins = [content for path, content in ordinary.items() if path.endswith(".py")]
        assert differences(shape(own), shape(twins)) == []
