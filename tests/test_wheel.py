"""The wheel carries all it needs: installed elsewhere, it generates what is committed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.helpers import GENERATED, REPO, differences, files_of

pytestmark = pytest.mark.slow

#: What pip and uv say when the package index cannot be reached.
_NO_INDEX = ("connection", "network", "resolve host", "dns", "timed out", "certificate", "offline")


def _execute(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that knows nothing of this checkout."""
    hidden = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def _install_or_skip(*command: str | Path, cwd: Path) -> None:
    """Run a command that may download; skip where that cannot work, and only there."""
    ran = _execute(*command, cwd=cwd)
    said = (ran.stdout + ran.stderr).lower()
    if ran.returncode and any(word in said for word in _NO_INDEX):
        pytest.skip(f"the package index cannot be reached: {said[-300:]}")
    assert ran.returncode == 0, said


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources, so that nothing is left in the checkout."""
    root = tmp_path_factory.mktemp("wheel")
    source = root / "source"
    ignore = shutil.ignore_patterns("__pycache__", ".git", ".venv", ".*_cache", "tests", "cases")
    shutil.copytree(REPO, source, ignore=ignore)
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    build: list[str | Path] = (
        [uv, "build", "--wheel", "--out-dir", root]
        if uv
        else [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", root, "."]
    )
    _install_or_skip(*build, cwd=source)
    (built,) = root.glob("linkwright-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment with nothing but the wheel and what it asks for."""
    root = tmp_path_factory.mktemp("installed")
    # The lock names the versions of tools; a newer release of one is no difference of ours.
    pinned = ("--constraint", REPO / "constraints.txt", wheel)
    environment = root / "environment"
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv:
        _install_or_skip(uv, "venv", "--python", sys.executable, environment, cwd=root)
        _install_or_skip(uv, "pip", "install", "--python", scripts / "python", *pinned, cwd=root)
    else:
        _install_or_skip(sys.executable, "-m", "venv", environment, cwd=root)
        _install_or_skip(scripts / "python", "-m", "pip", "install", *pinned, cwd=root)
    return scripts


def test_contents(wheel: Path) -> None:
    """Package, templates, specs, licence and metadata; no tests, no output, no caches."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"linkwright"}
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc")] == []
    for folder in ("templates", "specs"):
        packed = {name for name in names if name.startswith(f"linkwright/{folder}/")}
        assert packed == {f"linkwright/{folder}/{path}" for path in files_of(REPO / folder)}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_installed_command_gives_the_committed_output(installed: Path, tmp_path: Path) -> None:
    """The command, in a folder of its own, out of reach of the checkout."""
    ran = _execute(installed / "linkwright", "generate", "--out", "clients", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert differences(files_of(GENERATED), files_of(tmp_path / "clients")) == ""
    again = _execute(installed / "linkwright", "check", "--out", "clients", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "clients is up to date\n")


def test_installed_package_is_the_one_that_ran(installed: Path, tmp_path: Path) -> None:
    code = "import linkwright; print(linkwright.__file__)"
    ran = _execute(installed / "python", "-c", code, cwd=tmp_path)
    assert Path(ran.stdout.strip()).is_relative_to(installed.parent)
