"""Each kind of change has a case: what happens to the documents, and the report on it.

A folder below `tests/living/changes` is called after its kind and holds

* `old.yaml`, `new.yaml`: what differs from `base.yaml` on either side, as a merge patch (RFC 7386;
  a list is replaced as a whole, `null` removes); a side without a file is `base.yaml` itself;
* `edits.json`: what differs in the generated files, as a list of `[side, path, before, after]`, for
  changes that no document makes; a path that is not there is made;
* `pages.json`: pages of documentation, by side and name;
* `report.json`: what `linkwright diff --json` says, without the files of places.

`LINKWRIGHT_SNAP=1` rewrites the reports.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

import pytest
import yaml

from linkwright.commands.sides import Side, changes_between, of_project
from linkwright.config import Project, Provider
from linkwright.report.catalogue import KINDS, Change, worst
from linkwright.report.text import as_json, as_markdown
from linkwright.workers import Workers
from tests.helpers import REPO

CASES = REPO / "tests" / "living" / "changes"
ALL = sorted(path for path in CASES.iterdir() if path.is_dir())


def merged(target: object, patch: object) -> object:
    if not isinstance(patch, dict):
        return patch
    result = dict(cast("dict[str, object]", target)) if isinstance(target, dict) else {}
    for key, value in cast("dict[str, object]", patch).items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def _document(case: Path, side: str) -> str:
    base = (CASES / "base.yaml").read_text()
    patch = case / f"{side}.yaml"
    if not patch.exists():
        return base
    return yaml.safe_dump(merged(yaml.safe_load(base), yaml.safe_load(patch.read_text())))


@cache
def _side(text: str, folder: Path, name: str) -> Side:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    with Workers(1) as workers:
        return of_project(Project((Provider("acme", path),), None), workers, lambda _: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where documents are written to."""
    return tmp_path_factory.mktemp("documents")


def _changes(case: Path, folder: Path) -> tuple[Change, ...]:
    sides = {
        side: _side(_document(case, side), folder, _name(case, side)) for side in ("old", "new")
    }
    edits = case / "edits.json"
    for side, path, before, after in json.loads(edits.read_text()) if edits.exists() else ():
        files = dict(sides[side].files)
        text = files.get(path, "")
        assert before in text, f"{path} has no {before!r}"
        files[path] = text.replace(before, after) if before else text + after
        # The remainder of a file that is emptied is a file that is gone.
        if not files[path]:
            del files[path]
        sides[side] = replace(sides[side], files=files)
    pages = case / "pages.json"
    for side, texts in json.loads(pages.read_text()).items() if pages.exists() else ():
        sides[side] = replace(sides[side], pages=texts)
    return changes_between(sides["old"], sides["new"])


def _name(case: Path, side: str) -> str:
    return f"{case.name}-{side}" if (case / f"{side}.yaml").exists() else "base"


def _without_files(report: str) -> str:
    document = json.loads(report)
    for change in document["changes"]:
        if change["place"]:
            del change["place"]["file"]
    return json.dumps(document, indent=1) + "\n"


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case: Path, folder: Path) -> None:
    changes = _changes(case, folder)
    report = _without_files(as_json(changes))
    expected = case / "report.json"
    if os.environ.get("LINKWRIGHT_SNAP") and not os.environ.get("CI"):
        expected.write_text(report)
    assert report == expected.read_text()
    found = [change for change in changes if change.kind == case.name]
    assert found, f"{case.name} is not among {sorted({c.kind for c in changes})}"
    # The change itself is the gravest of its case: the verdict of the folder is that of its kind.
    assert worst(changes) is KINDS[case.name].verdict
    rows = [line for line in as_markdown(changes).splitlines() if line.startswith("| `")]
    assert [row.replace("\\|", "").count("|") for row in rows] == [5] * len(changes)


def test_every_kind_has_a_case_and_every_case_a_kind() -> None:
    assert {case.name for case in ALL} == set(KINDS)
    assert len(KINDS) >= 40


def test_the_documented_table_is_the_catalogue() -> None:
    page = (REPO / "docs" / "changes.md").read_text("utf-8")
    rows = [line.split("|")[1:4] for line in page.splitlines() if line.startswith("| `")]
    documented = {row[0].strip(" `"): (row[1].strip(), row[2].strip()) for row in rows}
    assert documented == {
        kind.id: (kind.verdict.name.lower(), kind.meaning) for kind in KINDS.values()
    }


def test_the_same_is_no_change(folder: Path) -> None:
    side = _side((CASES / "base.yaml").read_text(), folder, "base")
    assert changes_between(side, side) == ()
    assert as_markdown(()) == "# No change\n\nThe generated Python API is the same.\n"
    assert json.loads(as_json(()))["release"] == "none"
