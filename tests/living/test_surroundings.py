"""Determinism over interpreters, seeds and surroundings; and the output wherever it is put."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import GENERATED, SMALL_SPEC, differences, execute, files_of, python, run

#: Interpreters besides this one, with linkwright installed: paths joined like `PATH`.
_PYTHONS = [path for path in os.environ.get("LINKWRIGHT_PYTHONS", "").split(os.pathsep) if path]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The output of the small document."""
    root = tmp_path_factory.mktemp("plain")
    (root / "spec.yaml").write_text(SMALL_SPEC)
    assert run("generate", "--spec", "spec.yaml", "--out", "out", cwd=root).status == 0
    return files_of(root / "out")


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8])
def test_hash_seeds(seed: int, plain: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    env = {"PYTHONHASHSEED": str(seed), "LC_ALL": ("C", "tr_TR.UTF-8")[seed % 2]}
    ran = run("generate", "--spec", "spec.yaml", "--out", "out", cwd=tmp_path, env=env)
    assert ran.status == 0, ran.err
    assert differences(plain, files_of(tmp_path / "out")) == ""


def test_read_only_working_directory(plain: dict[str, bytes], tmp_path: Path) -> None:
    """Nothing is left there either, where rights do not hold for whoever runs this."""
    here = tmp_path / "here"
    here.mkdir()
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    here.chmod(0o555)
    ran = run("generate", "--spec", "../spec.yaml", "--out", "../out", cwd=here)
    here.chmod(0o755)
    assert ran.status == 0, ran.err
    assert list(here.iterdir()) == []
    assert differences(plain, files_of(tmp_path / "out")) == ""


def test_line_ends_of_inputs(plain: dict[str, bytes], tmp_path: Path) -> None:
    """A document that Git checked out with CRLF is the same document."""
    (tmp_path / "spec.yaml").write_bytes(SMALL_SPEC.replace("\n", "\r\n").encode())
    assert run("generate", "--spec", "spec.yaml", "--out", "out", cwd=tmp_path).status == 0
    assert differences(plain, files_of(tmp_path / "out")) == ""


@pytest.mark.skipif(not _PYTHONS, reason="LINKWRIGHT_PYTHONS names no further interpreters")
@pytest.mark.parametrize("interpreter", _PYTHONS)
def test_other_interpreters(interpreter: str, tmp_path: Path) -> None:
    """All bundled providers. Each needs an environment with linkwright in it."""
    ran = execute(
        interpreter, "-m", "linkwright", "generate", "--out", "out", cwd=tmp_path, timeout=300
    )
    assert ran.status == 0, ran.err
    assert differences(files_of(GENERATED), files_of(tmp_path / "out")) == ""


_IMPORT = """
import importlib, sys
sys.path[:0] = {paths!r}
clients = importlib.import_module({name!r})
client = clients.Powens(token="x")
client.connections
from importlib import import_module
assert import_module({name!r} + ".powens.models").Connection.__module__.startswith({name!r})
for module in ("_verify", "errors", "auth", "testing", "saltedge.errors", "codat_lending.operations"):
    import_module({name!r} + "." + module)
print("fine")
"""


def _copy(target: Path) -> None:
    shutil.copytree(GENERATED, target, ignore=shutil.ignore_patterns("__pycache__"))


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("namespace", [False, True], ids=["packages", "namespace"])
def test_depth(depth: int, namespace: bool, tmp_path: Path) -> None:
    """Without `site`, and with every warning an error."""
    parts = [f"level{number}" for number in range(1, depth)] + ["apis"]
    _copy(tmp_path.joinpath(*parts))
    if not namespace:
        for number in range(1, depth):
            tmp_path.joinpath(*parts[:number], "__init__.py").touch()
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    code = _IMPORT.format(paths=[str(tmp_path), *libraries], name=".".join(parts))
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-B", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "fine\n", "")


def test_two_versions_in_one_process(tmp_path: Path) -> None:
    """Not copies: outputs of two documents, with other names for the same thing."""
    for name, text in (("old", SMALL_SPEC), ("new", SMALL_SPEC.replace("listItems", "findItems"))):
        (tmp_path / "shop.yaml").write_text(text)
        assert run("generate", "--spec", "shop.yaml", "--out", name, cwd=tmp_path).status == 0
    code = (
        "import old.shop, new.shop\n"
        "from old.errors import ApiError\n"
        "from new.errors import ApiError as Other\n"
        "assert hasattr(old.shop.Shop(token='x').items, 'list')\n"
        "assert hasattr(new.shop.Shop(token='x').items, 'find')\n"
        "assert ApiError is not Other\n"
    )
    ran = python("-W", "error", "-c", code, cwd=tmp_path)
    assert (ran.status, ran.err) == (0, "")


def test_size_of_the_output() -> None:
    """Under 25 files for each provider; what else there is belongs to all of them."""
    for operations in GENERATED.glob("*/operations.py"):
        files = [p for p in operations.parent.rglob("*.py") if "_custom" not in p.parts]
        assert len(files) < 25, operations.parent.name
