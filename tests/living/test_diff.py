"""`linkwright diff` and `generate --report` as commands: exit statuses, forms, places, causes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.helpers import REPO, SMALL_SPEC, run

_COSMETIC = SMALL_SPEC.replace("      operationId", "      summary: All items\n      operationId")
_ADDITIVE = SMALL_SPEC.replace("properties: {", "properties: {size: {type: integer}, ")
_BREAKING = SMALL_SPEC.replace("operationId: listItems", "operationId: findItems")
_STATUS = [
    (SMALL_SPEC, 0, "none"),
    (f"# a remark\n{SMALL_SPEC}", 0, "none"),
    (_COSMETIC, 4, "cosmetic"),
    (_ADDITIVE, 3, "additive"),
    (_BREAKING, 1, "breaking"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the document before."""
    (tmp_path / "old.yaml").write_text(SMALL_SPEC)
    return tmp_path


@pytest.mark.parametrize(("text", "status", "verdict"), _STATUS)
def test_exit_statuses(text: str, status: int, verdict: str, folder: Path) -> None:
    (folder / "new.yaml").write_text(text)
    ran = run("diff", "old.yaml", "new.yaml", "--json", cwd=folder)
    assert (ran.status, json.loads(ran.out)["verdict"]) == (status, verdict)


@pytest.mark.parametrize(
    ("least", "statuses"),
    [
        ("cosmetic", (4, 3, 1)),
        ("additive", (0, 3, 1)),
        ("breaking", (0, 0, 1)),
        ("never", (0, 0, 0)),
    ],
)
def test_what_counts_can_be_chosen(least: str, statuses: tuple[int, ...], folder: Path) -> None:
    for text, status in zip((_COSMETIC, _ADDITIVE, _BREAKING), statuses, strict=True):
        (folder / "new.yaml").write_text(text)
        ran = run("diff", "--fail-on", least, "old.yaml", "new.yaml", cwd=folder)
        assert ran.status == status


def test_markdown_names_change_cause_and_place(folder: Path) -> None:
    (folder / "new.yaml").write_text(_BREAKING)
    ran = run("diff", "old.yaml", "new.yaml", cwd=folder)
    assert ran.out.startswith("# Breaking changes\n")
    row = next(line for line in ran.out.splitlines() if "operation-renamed" in line)
    assert row.startswith("| `new.items.find` | operation-renamed: ")
    assert "`items.list` → `items.find`" in row
    assert row.endswith("| spec | new.yaml:7:5 |")


def test_what_is_gone_has_its_place_before(folder: Path) -> None:
    (folder / "old.yaml").write_text(_ADDITIVE)
    (folder / "new.yaml").write_text(SMALL_SPEC)
    ran = run("diff", "old.yaml", "new.yaml", "--json", cwd=folder)
    (gone,) = [c for c in json.loads(ran.out)["changes"] if c["kind"] == "field-removed"]
    assert gone["path"] == "new.models.Item.size"
    line = _ADDITIVE[: _ADDITIVE.index("size")].count("\n") + 1
    assert (gone["place"]["side"], gone["place"]["file"]) == ("old", "old.yaml")
    assert gone["place"]["line"] == line


@pytest.mark.parametrize(
    ("text", "message"),
    [("openapi: [", "E102"), ("openapi: 3.1.0\n", "E203")],
)
def test_bad_input(text: str, message: str, folder: Path) -> None:
    (folder / "new.yaml").write_text(text)
    ran = run("diff", "old.yaml", "new.yaml", cwd=folder)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_a_path_that_is_nothing(folder: Path) -> None:
    (folder / "new.txt").write_text("x")
    ran = run("diff", "old.yaml", "new.txt", cwd=folder)
    assert (ran.status, ran.out) == (2, "")
    assert "new.txt" in ran.err
    assert run("diff", "old.yaml", "none.yaml", cwd=folder).status == 2


def test_generated_folders_are_compared_without_documents(folder: Path) -> None:
    for name, text in (("a", SMALL_SPEC), ("b", _ADDITIVE)):
        (folder / "shop.yaml").write_text(text)
        assert run("generate", "--spec", "shop.yaml", "--out", name, cwd=folder).status == 0
    ran = run("diff", "a", "b", "--json", cwd=folder)
    assert ran.status == 3
    (change,) = json.loads(ran.out)["changes"]
    assert (change["kind"], change["causes"], change["place"]) == ("field-added", ["spec"], None)
    assert run("diff", "a", "a", cwd=folder).status == 0


def test_edits_by_hand_are_their_own_cause(folder: Path) -> None:
    assert run("generate", "--spec", "old.yaml", "--out", "a", cwd=folder).status == 0
    shutil.copytree(folder / "a", folder / "b")
    client = folder / "b/old/client.py"
    client.write_text(client.read_text().replace("timeout: float = 60.0", "timeout: float = 5.0"))
    ran = run("diff", "a", "b", "--json", cwd=folder)
    assert ran.status == 1
    assert [c["causes"] for c in json.loads(ran.out)["changes"]] == [["edit"]]


def test_report_of_generate(folder: Path) -> None:
    command = ("generate", "--spec", "shop.yaml", "--out", "out", "--report", "report.json")
    (folder / "shop.yaml").write_text(SMALL_SPEC)
    assert run(*command, cwd=folder).status == 0
    first = json.loads((folder / "report.json").read_text())
    assert {c["kind"] for c in first["changes"]} >= {"provider-added"}
    assert first["verdict"] == "additive"
    (folder / "shop.yaml").write_text(_BREAKING)
    assert run(*command, cwd=folder).status == 0
    second = json.loads((folder / "report.json").read_text())
    # The old name goes on as an alias, so that nothing breaks.
    assert second["verdict"] == "additive"
    renamed = next(c for c in second["changes"] if c["kind"] == "operation-alias-kept")
    assert renamed["causes"] == ["spec"]
    assert renamed["place"]["file"] == "shop.yaml"
    assert run(*command, cwd=folder).status == 0
    assert json.loads((folder / "report.json").read_text())["changes"] == []


def test_report_in_markdown_cannot_be_broken_by_a_document(folder: Path) -> None:
    """Text of a document stays in its cell, and commands no terminal."""
    hostile = "x`|</td>\\n| \\x1b[31m <script>"
    (folder / "new.yaml").write_text(
        SMALL_SPEC.replace(
            "{name: {type: string}}",
            f'{{name: {{type: string}}, kind: {{type: string, enum: ["a", "{hostile}"]}}}}',
        ).replace("[items]", "[items]")
    )
    ran = run("diff", "old.yaml", "new.yaml", cwd=folder)
    assert ran.status == 3
    assert "\x1b" not in ran.out
    for line in ran.out.splitlines():
        if line.startswith("| `"):
            assert line.replace("\\|", "").count("|") == 5


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Pages of last week, and of today."""
    case = next(path for path in sorted((REPO / "tests/extract/cases").iterdir()) if _pages(path))
    for name in ("old", "new"):
        shutil.copytree(_pages(case)[0].parent, tmp_path / name)
    return tmp_path


def _pages(case: Path) -> list[Path]:
    return sorted(case.rglob("*.md"))


def test_documentation_that_is_the_same(docs: Path) -> None:
    ran = run("diff", "old", "new", cwd=docs)
    assert (ran.status, ran.out.splitlines()[0]) == (0, "# No change")


def test_documentation_moved_but_says_the_same(docs: Path) -> None:
    page = _pages(docs / "new")[0]
    page.write_text(page.read_text() + "\nA remark that changes nothing.\n")
    ran = run("diff", "--json", "old", "new", cwd=docs)
    changes = json.loads(ran.out)["changes"]
    assert ran.status == 4
    assert "page-changed" in {c["kind"] for c in changes}
    assert {c["verdict"] for c in changes} == {"cosmetic"}
    assert {tuple(c["causes"]) for c in changes if c["kind"].startswith("page-")} == {
        ("documentation",)
    }


def test_documentation_against_a_document(docs: Path) -> None:
    extracted = run("extract", "old", "-o", "api.yaml", cwd=docs)
    assert extracted.status == 0, extracted.err
    ran = run("diff", "api.yaml", "new", cwd=docs)
    assert ran.status == 0, ran.out


def test_a_document_with_a_title_of_its_own(docs: Path) -> None:
    """Pages have none, and the name of their folder is no news."""
    assert run("extract", "old", "-o", "api.yaml", cwd=docs).status == 0
    document = (docs / "api.yaml").read_text()
    (docs / "api.yaml").write_text(re.sub("(?m)^  title: .*$", "  title: The bank", document))
    ran = run("diff", "api.yaml", "new", cwd=docs)
    assert (ran.status, ran.out.splitlines()[0]) == (0, "# No change")


def test_what_the_pages_say_anew_is_judged(docs: Path) -> None:
    page = next(page for page in _pages(docs / "new") if page.stem == "Boat")
    rows = page.read_text()
    row = next(line for line in rows.splitlines() if "**Draught**" in line)
    page.write_text(rows.replace(row, f"{row}\n{row.replace('Draught', 'Beam')}"))
    ran = run("diff", "old", "new", cwd=docs)
    assert (ran.status, ran.out.splitlines()[0]) == (3, "# Additive changes")
    ran = run("diff", "--fail-on", "breaking", "old", "new", cwd=docs)
    assert ran.status == 0
    ran = run("diff", "new", "old", cwd=docs)
    assert (ran.status, ran.out.splitlines()[0]) == (1, "# Breaking changes")


def test_a_generated_folder_against_what_it_was_made_of(folder: Path) -> None:
    """Neither layout nor licence is a change; the provider is called as in the output."""
    config = '[tool.linkwright]\noutput = "out"\nlicense = "MIT"\n'
    config += '[tool.linkwright.providers.bank]\nspec = "old.yaml"\n'
    (folder / "clients.toml").write_text(config)
    assert run("generate", "--config", "clients.toml", cwd=folder).status == 0
    for one, other in (("out", "old.yaml"), ("old.yaml", "out"), ("clients.toml", "out")):
        ran = run("diff", one, other, cwd=folder)
        assert (ran.status, ran.out.splitlines()[0]) == (0, "# No change")
    (folder / "old.yaml").write_text(_ADDITIVE)
    ran = run("diff", "--json", "out", "old.yaml", cwd=folder)
    assert [c["path"] for c in json.loads(ran.out)["changes"]] == ["bank.models.Item.size"]


def test_pages_without_operations_are_bad_input(folder: Path) -> None:
    (folder / "page.md").write_text("# Nothing\n")
    ran = run("diff", "old.yaml", "page.md", cwd=folder)
    assert (ran.status, ran.out) == (2, "")
    assert "no operation is documented here" in ran.err
