"""A report names places as everybody sees them, wherever the project was checked out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers import SMALL_SPEC, files_of, run

_CONFIG = """\
[tool.linkwright]
output = "src/clients"
[tool.linkwright.providers.shop]
spec = "specs/shop.yaml"
[tool.linkwright.providers.store]
spec = "../shared/store.yaml"
[tool.linkwright.providers.codat_expenses]
spec = "bundled:codat_expenses"
include = [{ path = "/companies" }]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with documents inside, outside and of linkwright's own."""
    root = tmp_path_factory.mktemp("reports")
    for folder in ("app/specs", "shared"):
        (root / folder).mkdir(parents=True)
    (root / "app/pyproject.toml").write_text(_CONFIG)
    (root / "app/specs/shop.yaml").write_text(SMALL_SPEC)
    (root / "shared/store.yaml").write_text(SMALL_SPEC)
    assert run("generate", cwd=root / "app").status == 0
    for name in ("app/specs/shop.yaml", "shared/store.yaml"):
        text = (root / name).read_text()
        (root / name).write_text(text.replace("{name: {", "{colour: {type: string}, name: {"))
    config = (root / "app/pyproject.toml").read_text()
    (root / "app/pyproject.toml").write_text(
        config.replace('path = "/companies"', 'path = "/companies/*"')
    )
    return root


def _report(root: Path, cwd: str, *arguments: str) -> str:
    ran = run("generate", "--report", root / "report.json", *arguments, cwd=root / cwd)
    assert ran.status == 0, ran.err
    return (root / "report.json").read_text()


def test_every_checkout_gives_the_same_report(made: Path, tmp_path: Path) -> None:
    first, second = (Path(shutil.copytree(made, tmp_path / name)) for name in ("a", "b/deeper"))
    report = _report(first, "app")
    assert str(tmp_path) not in report
    assert str(Path.home()) not in report
    assert _report(second, ".", "--config", "app/pyproject.toml") == report
    places = {c["place"]["file"] for c in json.loads(report)["changes"] if c["place"]}
    assert places == {"specs/shop.yaml", "../shared/store.yaml", "bundled:codat_expenses"}


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        ("none/report.md", "no such folder"),
        ("src", "or it is one"),
        ("src/clients/report.md", "inside the output"),
        ("src/clients/linkwright.lock", "inside the output"),
    ],
)
def test_a_report_that_cannot_be_written_is_said_first(
    report: str, reason: str, made: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(made, tmp_path / "a"))
    before = files_of(root)
    ran = run("generate", "--report", report, cwd=root / "app")
    assert (ran.status, ran.out) == (2, "")
    assert reason in ran.err
    assert files_of(root) == before
