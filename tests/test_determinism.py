"""The same input gives the same bytes, whoever runs it, wherever, with whatever lying around."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.helpers import GENERATED, REPO, SMALL_SPEC, differences, execute, files_of, run

_FOREIGN = {
    "pyproject.toml": """\
[tool.black]
line-length = 40
skip-string-normalization = true
skip-magic-trailing-comma = true
[tool.ruff]
line-length = 40
[tool.isort]
profile = "google"
[tool.datamodel-codegen]
use-annotated = true
snake-case-field = true
output-model-type = "dataclasses.dataclass"
""",
    ".editorconfig": "root = true\n[*]\nend_of_line = crlf\nindent_style = tab\n",
    "setup.cfg": "[isort]\nforce_single_line = true\n",
    "ruff.toml": "line-length = 40\n",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run must not depend on."""

    env: Mapping[str, str]
    umask: str = "022"
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    below: str = "."


SURROUNDINGS = {
    "plain": Surroundings({"PYTHONHASHSEED": "0", "LC_ALL": "C", "LANG": "C"}),
    "hash seed": Surroundings({"PYTHONHASHSEED": "4242"}),
    "locale": Surroundings({"LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Asia/Tokyo"}),
    "encoding": Surroundings({"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}),
    "umask": Surroundings({}, umask="077"),
    "foreign settings": Surroundings({"XDG_CONFIG_HOME": "."}, files=_FOREIGN),
    "settings above": Surroundings({}, files=_FOREIGN, below="src/app"),
    "optimised": Surroundings({"PYTHONOPTIMIZE": "2"}),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The output in plain surroundings."""
    return _generated(tmp_path_factory.mktemp("plain"), SURROUNDINGS["plain"])


def _generated(root: Path, around: Surroundings) -> Mapping[str, bytes]:
    for name, text in around.files.items():
        (root / name).write_text(text)
    folder = root / around.below
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spec.yaml").write_text(SMALL_SPEC)
    command = f'umask {around.umask}; exec "$0" -m linkwright generate --spec spec.yaml --out out'
    env = {"HOME": str(root), **around.env}
    ran = execute("sh", "-c", command, sys.executable, cwd=folder, env=env)
    assert (ran.status, ran.err) == (0, "")
    return files_of(folder / "out")


@pytest.mark.parametrize("name", [name for name in SURROUNDINGS if name != "plain"])
def test_surroundings_do_not_matter(name: str, plain: Mapping[str, bytes], tmp_path: Path) -> None:
    assert differences(plain, _generated(tmp_path, SURROUNDINGS[name])) == ""


def test_bundled_providers_are_what_is_committed(tmp_path: Path) -> None:
    """All five, in a folder of another name, with another hash seed."""
    env = {"PYTHONHASHSEED": "7", "LC_ALL": "C"}
    ran = run("generate", "--out", "elsewhere/other", cwd=tmp_path, env=env)
    assert (ran.status, ran.err) == (0, "")
    assert differences(files_of(GENERATED), files_of(tmp_path / "elsewhere" / "other")) == ""


def test_no_times_and_no_places(plain: Mapping[str, bytes], tmp_path: Path) -> None:
    """Nothing says when or where it was made; versions and digests stand in the lock only."""
    telling = [str(tmp_path.parent), str(REPO), str(Path.home()), platform.node()]
    telling += [time.strftime("%Y-%m-%d"), time.strftime("%d.%m.%Y"), getpass.getuser() + "@"]
    for path, content in plain.items():
        text = content.decode()
        assert [word for word in telling if word in text] == [], path
        assert re.search(r"\b\d\d:\d\d:\d\d\b", text) is None, path
        if path != "linkwright.lock":
            assert re.search(r"\b[0-9a-f]{32,}\b", text) is None, path


def test_order_of_the_document_does_not_matter(plain: Mapping[str, bytes], tmp_path: Path) -> None:
    """Blocks of the document may be moved; only its digest in the lock changes."""
    head, _, rest = SMALL_SPEC.partition("paths:\n")
    paths, _, components = rest.partition("components:\n")
    moved = f"components:\n{components}paths:\n{paths}{head}"
    (tmp_path / "spec.yaml").write_text(moved)
    assert run("generate", "--spec", "spec.yaml", "--out", "out", cwd=tmp_path).status == 0
    result = files_of(tmp_path / "out")
    assert [path for path in plain if plain[path] != result[path]] == ["linkwright.lock"]


@pytest.mark.parametrize("arguments", [(), ("--force",), ("--strict",)], ids=str)
def test_second_run_writes_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Neither a file nor a folder is touched, nor is anything left beside them."""
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    command = ("generate", "--spec", "spec.yaml", "--out", "out", *arguments)
    assert run(*command, cwd=tmp_path).status == 0
    before = _stamps(tmp_path)
    assert run(*command, cwd=tmp_path).status == 0
    assert _stamps(tmp_path) == before


def _stamps(root: Path) -> dict[str, tuple[int, int, int]]:
    """Identity and time of change of everything below a folder, and of itself."""
    found = {path: os.lstat(path) for path in (root, *root.rglob("*"))}
    return {str(path): (s.st_ino, s.st_mtime_ns, s.st_mode) for path, s in found.items()}
