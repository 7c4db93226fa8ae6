"""Docs and examples are executed, and say what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from linkwright.diagnostics import Collector
from linkwright.openapi.keywords import ANYWHERE, KEYWORDS
from linkwright.openapi.overlay import apply_overlay
from linkwright.settings import from_file
from linkwright.source.library import Library
from linkwright.source.load import parse
from tests.helpers import python, run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"<!-- run: tour -->\n```python\n(.*?)```", re.S)


def test_the_tour_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    assert len(blocks) == 4
    namespace: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), namespace)
    printed = capsys.readouterr().out
    assert "404" in printed
    assert "No such connection" not in printed  # bodies stay out of messages


def test_the_first_call_runs() -> None:
    script = ROOT / "docs" / "examples" / "first_call.py"
    done = subprocess.run(
        [sys.executable, str(script), str(ROOT / "generated")],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "GET /2.0/users/me/connections?expand=connector" in done.stdout
    assert "webauthRequired" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_extension_is_documented_and_no_other() -> None:
    known = {w for k in KEYWORDS.values() for w in k.read | k.silent} | ANYWHERE
    read = {w for w in known if w.startswith("x-linkwright-")}
    page = (ROOT / "docs" / "extensions.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `(x-linkwright-[a-z]+)", page, re.M))
    assert documented == read


def test_the_examples_of_documents_are_right(tmp_path: Path) -> None:
    """The overlay applies to such a document, and the configuration is read."""
    page = (ROOT / "docs" / "documents.md").read_text("utf-8")
    blocks = dict(re.findall(r"<!-- run: (\w+) -->\n```\w+\n(.*?)```", page, re.S))
    out = Collector()
    (tmp_path / "linkwright.toml").write_text(blocks["config"])
    (provider,) = from_file(tmp_path / "linkwright.toml", None, out).providers
    assert [s.operation_id for s in provider.exclude] == ["delete*"]
    document = b"""{"paths": {"/accounts/{id}": {"get": {}}, "/x": {"get": {"x-internal": true}}},
        "components": {"schemas": {"Account": {"properties": {}}}}}"""
    library = Library(parse(document, "ledger.yaml", out), out)
    apply_overlay(library, parse(blocks["overlay"].encode(), "o.yaml", out), out)
    assert out.found == []


def test_the_renaming_on_the_page_of_names_is_right(tmp_path: Path) -> None:
    """What the overlay renames goes on working, and each line warns as its comment says."""
    page = (ROOT / "docs" / "naming.md").read_text("utf-8")
    overlay = _block(page, "renaming", "yaml")
    code = _block(page, "renamed", "python")
    (tmp_path / "acme.yaml").write_text((ROOT / "tests/living/changes/base.yaml").read_text())
    config = '[tool.linkwright]\noutput = "clients"\n[tool.linkwright.providers.acme]\nspec = "acme.yaml"\n'
    (tmp_path / "pyproject.toml").write_text(config)
    assert run("generate", cwd=tmp_path).status == 0
    (tmp_path / "names.yaml").write_text(overlay)
    (tmp_path / "pyproject.toml").write_text(config + 'overlays = ["names.yaml"]\n')
    ran = run("generate", cwd=tmp_path)
    assert ran.status == 0, ran.err
    (tmp_path / "use.py").write_text(f"{_BEFORE_RENAMED}{code}")
    ran = python("-W", "always::DeprecationWarning", "use.py", cwd=tmp_path)
    assert ran.status == 0, ran.err
    told = re.findall(r"use\.py:\d+: DeprecationWarning: (.*)\n +(.*)", ran.err)
    assert [text for text, _ in told] == [line.partition("  # ")[2] for _, line in told]
    assert [line for _, line in told] == code.splitlines()


_BEFORE_RENAMED = """
from clients.acme import Acme, models, operations
from clients.testing import FakeApi

fake = FakeApi()
fake.on(operations.GET_ACCOUNT, {"id": "7", "state": "open", "owner": "me"})
fake.on(operations.LIST_ACCOUNTS, {"accounts": []})
client = Acme(key="x", http_client=fake.http_client())
"""


def _block(page: str, name: str, language: str) -> str:
    found = re.search(rf"<!-- run: {name} -->\n```{language}\n(.*?)```", page, re.S)
    assert found
    return found[1]


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert phony
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert {line.split()[0] for line in done.stdout.splitlines()} == set(phony[1].split())


def test_the_commands_of_the_readme_are_targets() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)$", readme, re.M):
        assert re.search(rf"^{target}:", makefile, re.M)
