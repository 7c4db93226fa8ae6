"""Case folders: a document in, exactly these files or exactly these messages out.

A folder below `tests/cases` is a case if it holds a `spec.yaml` or a `command.json`:

* `spec.yaml`: the document, about an API that does not exist.
* `command.json`: a list of arguments for `generate` instead of `--spec spec.yaml --name acme`.
* `expected/**`: every provider's package, as it must come out; and `warnings.txt`, if there are
  warnings; or
* `diagnostics.txt`: standard error, where the document is refused. Nothing is written then.

`LINKWRIGHT_SNAP=1` rewrites the expectations, and refuses to where `CI` is set: they have to be
read by somebody.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from linkwright.cli import main
from linkwright.diagnostics import CODES
from tests.helpers import GENERATED, REPO, differences, files_of, python, said

CASES = REPO / "tests" / "cases"
_EXPECTATIONS = ("expected/", "diagnostics.txt", "warnings.txt")
_DEFAULT = ["--spec", "spec.yaml", "--name", "acme"]


def _find() -> Iterator[Path]:
    for folder in sorted(path for path in CASES.rglob("*") if path.is_dir()):
        if (folder / "spec.yaml").exists() or (folder / "command.json").exists():
            yield folder


def _name(case: Path) -> str:
    return case.relative_to(CASES).as_posix()


ALL = list(_find())
ACCEPTED = [case for case in ALL if (case / "expected").is_dir()]


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to generate into, which does not exist yet."""
    # Many short runs in this one process: workers would cost more than they save.
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    return tmp_path / "clients"


@pytest.mark.parametrize("case", ALL, ids=_name)
def test_case(case: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The output or the messages are what the case says, to the byte."""
    monkeypatch.chdir(case)
    actual = _generate(case, output)
    if os.environ.get("LINKWRIGHT_SNAP"):
        _rewrite(case, actual)
    expected = files_of(case, below=_EXPECTATIONS)
    assert expected, f"{_name(case)} expects nothing; LINKWRIGHT_SNAP=1 writes what comes out"
    problem = differences(expected, actual)
    assert not problem, f"{_name(case)} came out differently:\n{problem}"


def _generate(case: Path, output: Path) -> dict[str, bytes]:
    """Run the command in a case's folder; what it gave, as the files of a case."""
    chosen = case / "command.json"
    arguments: list[str] = json.loads(chosen.read_bytes()) if chosen.exists() else _DEFAULT
    result = CliRunner().invoke(main, ["generate", "--verbose", *arguments, "--out", str(output)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    messages = said(result.stderr).strip()
    if result.exit_code == 0:
        # Facades are told by their way in, providers by their operations.
        packages = ("*/operations.py", "*/connecting.py")
        providers = [f.parent for pattern in packages for f in output.glob(pattern)]
        files = {
            f"expected/{provider.name}/{path}": content
            for provider in providers
            for path, content in files_of(provider).items()
        }
        return files | ({"warnings.txt": f"{messages}\n".encode()} if messages else {})
    assert result.exit_code == 2, result.output
    assert not list(output.parent.iterdir()), "something was written"
    return {"diagnostics.txt": f"{messages}\n".encode()}


def _rewrite(case: Path, actual: dict[str, bytes]) -> None:
    if os.environ.get("CI"):
        pytest.fail("expectations are not rewritten in CI: somebody has to read them")
    shutil.rmtree(case / "expected", ignore_errors=True)
    for name in ("diagnostics.txt", "warnings.txt"):
        (case / name).unlink(missing_ok=True)
    for path, content in actual.items():
        (case / path).parent.mkdir(parents=True, exist_ok=True)
        (case / path).write_bytes(content)


def test_every_code_has_a_case() -> None:
    """Each error and each warning is shown by at least one case."""
    said_so = {
        code
        for case in ALL
        for name in ("diagnostics.txt", "warnings.txt")
        if (case / name).exists()
        for code in re.findall(r"^(?:error|warning|note)\[(\w+)\]", (case / name).read_text(), re.M)
    }
    assert said_so == set(CODES)


def test_hostile_text_is_only_text() -> None:
    """The hostile case is, strings aside, the very code of its harmless twin."""
    hostile, harmless = (_code(CASES / "hostile" / name) for name in ("text", "twin"))
    assert hostile.keys() == harmless.keys()
    assert [
        p for p in hostile if _without_strings(hostile[p]) != _without_strings(harmless[p])
    ] == []


def test_hostile_values_survive() -> None:
    """What goes over the wire is in the code as it is in the document, to the character."""
    case = CASES / "hostile" / "text"
    document = yaml.safe_load((case / "spec.yaml").read_bytes())
    written = {
        node.value
        for tree in _code(case).values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    (path, item), (server,) = next(iter(document["paths"].items())), document["servers"]
    _, argument, fixed, choice = item["post"]["parameters"]
    thing = document["components"]["schemas"]["Thing"]
    (scheme,) = document["components"]["securitySchemes"].values()
    values = [path, server["url"], *document["components"]["securitySchemes"]]
    values += [server["variables"]["place"]["default"], argument["name"]]
    values += [argument["schema"]["default"], fixed["schema"]["const"], *choice["schema"]["enum"]]
    values += [*thing["properties"], *thing["properties"]["kind"]["enum"]]
    values += [scheme["x-linkwright-credential"]["prefix"], item["post"]["operationId"]]
    assert [value for value in values if value not in written] == []


def _code(case: Path) -> dict[str, ast.Module]:
    """The Python files of a case's expectation, parsed."""
    files = files_of(case / "expected")
    assert files, f"{_name(case)} has no expectation"
    return {path: ast.parse(text) for path, text in files.items() if path.endswith(".py")}


def _without_strings(tree: ast.Module) -> str:
    """Everything a module does and names, but not what its strings hold."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


_USE = """
import importlib, inspect, pkgutil, sys

name = sys.argv[1]
package = importlib.import_module(f"clients.{name}")
modules = [m.name for m in pkgutil.walk_packages(package.__path__, f"clients.{name}.")]
for module in modules:
    importlib.import_module(module)
operations = sys.modules[f"clients.{name}.operations"]
for operation in vars(operations).values():
    if type(operation).__name__.endswith("Operation"):
        for result in operation.results.values():
            result is None or result()
models = sys.modules[f"clients.{name}.models"]
for model in vars(models).values():
    if isinstance(model, type) and model.__module__ == models.__name__:
        hasattr(model, "model_json_schema") and model.model_json_schema()
for exported in (e for e in package.__all__ if e[0].isupper()):
    client_class = getattr(package, exported)
    wanted = inspect.signature(client_class).parameters.values()
    given = {p.name: "x" for p in wanted if p.default is p.empty}
    client = client_class(**given | {"base_url": "https://case.example"})
    for attribute in vars(client_class):
        assert attribute.startswith("_") or getattr(client, attribute)
"""


@pytest.fixture(scope="module")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one package `clients`: the runtime, and every accepted case as a provider."""
    root = tmp_path_factory.mktemp("assembled")
    package = root / "clients"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(GENERATED / "_runtime", package / "_runtime", ignore=ignore)
    (package / "__init__.py").write_text('"""All cases."""\n')
    for case in ACCEPTED:
        for provider, name in _packages(case).items():
            shutil.copytree(case / "expected" / provider, package / name, ignore=ignore)
    return root


def _packages(case: Path) -> dict[str, str]:
    """Packages of a case, and what they are called beside those of others.

    A facade and its providers know each other by name, so they keep theirs.
    """
    found = sorted(p.name for p in (case / "expected").iterdir())
    return {p: p if len(found) > 1 else f"{case.parent.name}_{case.name}" for p in found}


@pytest.mark.parametrize("case", ACCEPTED, ids=_name)
def test_golden_code_runs(case: Path, assembled: Path) -> None:
    """Every module can be imported, every model built and every client constructed."""
    for name in _packages(case).values():
        if not (assembled / "clients" / name / "operations.py").exists():
            continue  # a facade: `tests/facade` connects it
        ran = python("-W", "error", "-c", _USE, name, cwd=assembled)
        assert (ran.status, ran.err) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "checker",
    [("mypy", "--strict", "--no-error-summary"), ("basedpyright", "--level", "error")],
    ids=lambda checker: checker[0],
)
def test_golden_code_type_checks(checker: tuple[str, ...], assembled: Path) -> None:
    """Type checkers, at their strictest, find nothing in any case."""
    config = '{"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": ["clients"]}'
    (assembled / "pyrightconfig.json").write_text(config)
    name, *options = checker
    paths = ["clients"] if name == "mypy" else []
    env = {"PYTHONPATH": "", "MYPY_CACHE_DIR": str(assembled / ".mypy_cache")}
    options += ["--pythonpath", sys.executable] if name == "basedpyright" else []
    ran = python("-m", name, *options, *paths, cwd=assembled, env=env, timeout=300)
    assert ran.status == 0, ran.out + ran.err
