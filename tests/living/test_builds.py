"""Each build integration, tried in a small project that consumes it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.helpers import REPO, SMALL_SPEC, Ran, execute, files_of, python, run

BIN = Path(sys.executable).parent
PAGE = (REPO / "docs" / "integrations.md").read_text("utf-8")
_PROJECT = """\
[project]
name = "shop-app"
version = "1.0"
requires-python = ">=3.11"
[tool.linkwright]
output = "src/shop_app/clients"
[tool.linkwright.providers.shop]
spec = "specs/shop.yaml"
"""


def _example(name: str) -> str:
    found = re.search(rf"<!-- try: {name} -->\n```\w+\n(.*?)```", PAGE, re.S)
    assert found, f"docs/integrations.md has no example {name}"
    return found[1]


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One for all builds here: they are not about how the same clients are made again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def _run(*command: str | Path, cwd: Path, **env: str) -> Ran:
    home = {"HOME": str(cwd), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    home["LINKWRIGHT_CACHE"] = os.environ["TEST_CACHE"]
    return execute(*command, cwd=cwd, env={**home, **env}, timeout=120)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A package with a document, and without output yet."""
    root = tmp_path / "project"
    (root / "src/shop_app").mkdir(parents=True)
    (root / "src/shop_app/__init__.py").touch()
    (root / "specs").mkdir()
    (root / "specs/shop.yaml").write_text(SMALL_SPEC)
    (root / "pyproject.toml").write_text(_PROJECT)
    return root


def _packed(project: Path) -> set[str]:
    (wheel,) = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


_NEEDED = {
    f"shop_app/clients/{path}"
    for path in (
        "__init__.py",
        "linkwright.lock",
        "py.typed",
        "shop/client.py",
        "shop/aio/items.py",
    )
}


@pytest.mark.parametrize("backend", ["hatchling", "setuptools"])
def test_a_build_generates(backend: str, project: Path) -> None:
    """Also where Git ignores the output, and from the source distribution."""
    extra = '[tool.hatch.build.targets.wheel]\npackages = ["src/shop_app"]\n'
    with (project / "pyproject.toml").open("a") as stream:
        stream.write(_example(backend) + (extra if backend == "hatchling" else ""))
    (project / ".gitignore").write_text("clients/\n")
    ran = _run("python", "-m", "build", "--no-isolation", cwd=project)
    assert ran.status == 0, ran.out + ran.err
    assert _packed(project) >= _NEEDED
    if backend == "hatchling":  # setuptools generates for the wheel, below a copy of the sources
        assert (project / "src/shop_app/clients/shop/client.py").exists()
    (source,) = (project / "dist").glob("*.tar.gz")
    with tarfile.open(source) as archive:
        assert any(name.endswith("specs/shop.yaml") for name in archive.getnames())


@pytest.mark.parametrize("backend", ["hatchling", "setuptools"])
def test_a_broken_document_fails_the_build(backend: str, project: Path) -> None:
    with (project / "pyproject.toml").open("a") as stream:
        stream.write(_example(backend))
    (project / "specs/shop.yaml").write_text("openapi: [")
    ran = _run("python", "-m", "build", "--no-isolation", "--wheel", cwd=project)
    assert ran.status != 0
    assert "E102" in ran.out + ran.err
    assert not (project / "src/shop_app/clients").exists()


def test_a_hook_takes_no_unknown_option(project: Path) -> None:
    text = _example("hatchling").replace("# mode", "modes")
    with (project / "pyproject.toml").open("a") as stream:
        stream.write(text + '[tool.hatch.build.targets.wheel]\npackages = ["src/shop_app"]\n')
    ran = _run("python", "-m", "build", "--no-isolation", "--wheel", cwd=project)
    assert ran.status != 0
    assert "no option 'modes'; it has config, mode" in ran.out + ran.err


def test_a_build_that_only_checks(project: Path) -> None:
    text = _example("hatchling").replace("# mode", "mode")
    with (project / "pyproject.toml").open("a") as stream:
        stream.write(text + '[tool.hatch.build.targets.wheel]\npackages = ["src/shop_app"]\n')
    build = ("python", "-m", "build", "--no-isolation", "--wheel")
    assert _run(*build, cwd=project).status != 0
    assert not (project / "src/shop_app/clients").exists()
    assert _run("linkwright", "generate", cwd=project).status == 0
    assert _run(*build, cwd=project).status == 0


def test_setuptools_command_by_hand(project: Path) -> None:
    with (project / "pyproject.toml").open("a") as stream:
        stream.write(_example("setuptools"))
    (project / "setup.py").write_text("import setuptools\nsetuptools.setup()\n")
    check = ("python", "setup.py", "linkwright", "--mode=check")
    assert _run(*check, cwd=project).status != 0
    assert _run("python", "setup.py", "linkwright", cwd=project).status == 0
    assert _run(*check, cwd=project).status == 0


def test_setuptools_projects_without_the_table_are_left_alone(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        _PROJECT.partition("[tool.linkwright]")[0] + _example("setuptools")
    )
    ran = _run("python", "-m", "build", "--no-isolation", "--wheel", cwd=project)
    assert ran.status == 0, ran.err
    assert "linkwright" not in ran.out + ran.err


def _hooks() -> list[dict[str, Any]]:
    hooks: list[dict[str, Any]] = yaml.safe_load((REPO / ".pre-commit-hooks.yaml").read_text())
    return hooks


def test_pre_commit(project: Path) -> None:
    """Our hooks by pre-commit itself; with what is installed here, not an environment of its own."""
    hooks = [{**hook, "language": "system", "entry": f"{BIN}/{hook['entry']}"} for hook in _hooks()]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    assert _run("linkwright", "generate", cwd=project).status == 0
    for command in (("init", "-q"), ("add", "-A")):
        assert _run("git", *command, cwd=project).status == 0
    hook = ("pre-commit", "run", "--all-files")
    ran = _run(*hook, cwd=project, PRE_COMMIT_HOME=str(project / ".cache"))
    assert ran.status == 0, ran.out + ran.err
    assert ran.out.count("Passed") == 2
    with (project / "specs/shop.yaml").open("a") as stream:
        stream.write("# moved\n")
    ran = _run(*hook, "linkwright-check", cwd=project, PRE_COMMIT_HOME=str(project / ".cache"))
    assert ran.status == 1
    assert "stale" in ran.out
    ran = _run(*hook, "linkwright-generate", cwd=project, PRE_COMMIT_HOME=str(project / ".cache"))
    assert ran.status == 1
    assert "files were modified" in ran.out


def _steps() -> list[dict[str, Any]]:
    action: dict[str, Any] = yaml.safe_load((REPO / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    return cast("list[dict[str, Any]]", action["runs"]["steps"])


def _act(project: Path, command: str, arguments: str, tmp_path: Path) -> Ran:
    """The step that runs linkwright, as the runner does it: expressions, then bash."""
    values = {
        "inputs.command": command,
        "inputs.arguments": arguments,
        "inputs.working-directory": str(project),
        "runner.temp": str(tmp_path / "temp"),
    }
    target = tmp_path / "temp/linkwright/bin"
    target.mkdir(parents=True, exist_ok=True)
    if not (target / "linkwright").exists():
        (target / "linkwright").symlink_to(BIN / "linkwright")
    step = _steps()[1]

    def evaluated(text: str) -> str:
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda match: values[match[1]], text)

    env = {name: evaluated(value) for name, value in step["env"].items()}
    env["GITHUB_STEP_SUMMARY"] = str(tmp_path / "summary.md")
    return execute(
        "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], cwd=project, env=env
    )


def test_action(project: Path, tmp_path: Path) -> None:
    assert _act(project, "check", "", tmp_path).status == 4
    assert _act(project, "generate", "--no-cache", tmp_path).status == 0
    assert _act(project, "check", "--full", tmp_path).status == 0
    shutil.copy(project / "specs/shop.yaml", project / "specs/new.yaml")
    with (project / "specs/new.yaml").open("a") as stream:
        stream.write("  # moved\n")
    ran = _act(project, "diff", "specs/shop.yaml specs/new.yaml", tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert (tmp_path / "summary.md").read_text().startswith("# No change")
    assert _act(project, "check; touch x", "", tmp_path).status == 2
    assert _act(project, "check", "$(touch x) `touch x`; touch x", tmp_path).status == 2
    assert not (project / "x").exists()


def test_action_puts_no_input_into_its_scripts() -> None:
    for step in _steps():
        assert "${{" not in step["run"]


def test_make(project: Path) -> None:
    text = _example("make").replace("src/clients", "src/shop_app/clients")
    (project / "Makefile").write_text(text)
    lock = "src/shop_app/clients/linkwright.lock"
    for target in ("clients", "clients-check", lock):
        ran = _run("make", target, cwd=project)
        assert ran.status == 0, ran.out + ran.err
    before = files_of(project)
    assert "up to date" in _run("make", lock, cwd=project).out
    assert files_of(project) == before
    (project / "specs/shop.yaml").write_text(SMALL_SPEC.replace("listItems", "findItems"))
    os.utime(project / "specs/shop.yaml", (2e9, 2e9))
    assert _run("make", "clients-check", cwd=project).status == 2  # of make
    assert "files written" in _run("make", lock, cwd=project).out


@pytest.mark.parametrize("licence", [None, "mit", "apache-2.0 or MIT"])
def test_init_then_everything_works(licence: str | None, tmp_path: Path) -> None:
    (tmp_path / "src/my_shop").mkdir(parents=True)
    (tmp_path / "src/my_shop/__init__.py").touch()
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/shop-api.yaml").write_text(SMALL_SPEC)
    before = '[project]\nname = "my-shop"  # mine\nversion = "1"\n\n[tool.ruff]\nline-length = 20\n'
    (tmp_path / "pyproject.toml").write_text(before)
    options = () if licence is None else ("--license", licence)
    ran = _run("linkwright", "init", "--spec", "specs/shop-api.yaml", *options, cwd=tmp_path)
    assert ran.status == 0, ran.err
    assert (tmp_path / "pyproject.toml").read_text().startswith(before)
    assert _run("linkwright", "generate", cwd=tmp_path).status == 0
    client = tmp_path / "src/my_shop/clients/shop_api/client.py"
    second = client.read_text().splitlines()[1]
    spelled = {"mit": "MIT", "apache-2.0 or MIT": "Apache-2.0 OR MIT"}.get(licence or "")
    assert second == (f"# SPDX-License-Identifier: {spelled}" if spelled else second)
    assert ("SPDX" in second) == (licence is not None)
    assert _run("linkwright", "check", "--full", cwd=tmp_path).status == 0
    assert _run("ruff", "check", ".", cwd=tmp_path).status == 0
    assert _run("black", "--check", ".", cwd=tmp_path).status == 0
    if licence is None:
        (tmp_path / "src/my_shop/clients/mine.py").write_text("import nothing_of_this_name\n")
        ran = _run("mypy", "src", cwd=tmp_path)
        assert ran.status == 0, ran.out
        (tmp_path / "src/my_shop/clients/mine.py").unlink()
    attributes = (tmp_path / ".gitattributes").read_text()
    assert attributes == "src/my_shop/clients/** linguist-generated=true text eol=lf\n"
    again = _run("linkwright", "init", cwd=tmp_path)
    assert again.status == 2
    assert "already" in again.err


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    "before",
    [
        "[tool]\nmypy = {strict = true, overrides = [{module = 'z.*', ignore_errors = true}]}\n",
        "[tool.mypy]\noverrides = [\n  {module = 'z.*'}, # mine\n]\n",
        "[tool]\nruff = {line-length = 20}\ncoverage = {}\nblack = {line-length = 20}\nmypy = {}\n",
        "[tool.black]\nextend-exclude = '''\n^/clients/\n'''\n[tool.ruff]\n",
    ],
)
def test_init_keeps_what_is_there_in_any_form(before: str, end: str, tmp_path: Path) -> None:
    config, attributes = tmp_path / "pyproject.toml", tmp_path / ".gitattributes"
    for path, text in ((config, before), (attributes, "*.txt text\n")):
        path.write_bytes(text.replace("\n", end).encode())
    ran = run("init", cwd=tmp_path)
    assert ran.status == 0, ran.err
    tool = tomllib.loads(config.read_bytes().decode())["tool"]
    assert tool["linkwright"] == {"output": "clients"}
    assert {"module": "clients.*", "ignore_errors": True} in tool["mypy"]["overrides"]
    assert tool["ruff"]["extend-exclude"] == ["clients"]
    for name, table in tomllib.loads(before)["tool"].items():
        for key, value in table.items():
            kept = tool[name][key]
            assert (kept[: len(value)] if key == "overrides" else kept) == value
    for path in (config, attributes):
        content = path.read_bytes()
        assert content.count(end.encode()) == content.count(b"\n")


def test_init_writes_nothing_where_tables_cannot_be_added(tmp_path: Path) -> None:
    config = tmp_path / "pyproject.toml"
    config.write_text(
        "[tool]\nruff.line-length = 2\nmypy.strict = true\ncoverage.run.branch = true\n"
    )
    before = files_of(tmp_path)
    ran = run("init", cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert "cannot add to" in ran.err
    assert files_of(tmp_path) == before


def test_init_says_which_files_the_tools_read_instead(tmp_path: Path) -> None:
    for name in ("mypy.ini", "ruff.toml", ".coveragerc"):
        (tmp_path / name).touch()
    ran = run("init", cwd=tmp_path)
    assert ran.status == 0, ran.err
    assert "note: mypy reads mypy.ini only: add [mypy-clients.*] with ignore_errors" in ran.out
    assert "note: ruff reads ruff.toml only: add extend-exclude" in ran.out
    assert "note: coverage reads .coveragerc only: add omit = clients/*" in ran.out
    assert "added [tool.linkwright], black\n" in ran.out
    tool = tomllib.loads((tmp_path / "pyproject.toml").read_text())["tool"]
    assert sorted(tool) == ["black", "linkwright"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--license", "my own"), "no SPDX"),
        (("--out", "/etc"), "below the project"),
        (("--out", "../x"), "below the project"),
        (("none",), "is no folder"),
        (("--spec", "a/api.yaml", "--spec", "b/api.yaml"), "want the provider name 'api'"),
        (("--spec", "facade.yaml"), "cannot be the name of a provider's package"),
    ],
)
def test_init_refuses(arguments: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    ran = python("-m", "linkwright", "init", *arguments, cwd=tmp_path)
    assert ran.status == 2
    assert reason in ran.err
    assert list(tmp_path.iterdir()) == []
