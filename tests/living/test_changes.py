"""Each kind of change has a case: what happens to the documents, and the report on it.

A folder below `tests/living/changes` is called after its kind and holds

* `old.yaml`, `new.yaml`: what differs from `base.yaml` on either side, as a merge patch (RFC 7386;
  a list is replaced as a whole, `null` removes); a side without a file is `base.yaml` itself;
* `earlier.yaml`: what there was before either, whose names the old side keeps as aliases; the new
  side of a case called `...-alias-kept` keeps those of the old one;
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
from linkwright.names import NAMES_FILE, parse_names
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


def _document(patch: Path) -> str:
    base = (CASES / "base.yaml").read_text()
    if not patch.exists():
        return base
    return yaml.safe_dump(merged(yaml.safe_load(base), yaml.safe_load(patch.read_text())))


@cache
def _side(text: str, folder: Path, record: str = "") -> Side:
    """What is made of a document.

    Args:
        text: The document.
        folder: Where it is written to.
        record: Of the names that there were before.
    """
    path = folder / f"{hash((text, record))}.yaml"
    path.write_text(text)
    project = Project((Provider("acme", path),), None, release="1.0")
    names = parse_names(record.encode())[0] if record else None
    with Workers(1) as workers:
        return of_project(project, workers, lambda _: None, names)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where documents are written to."""
    return tmp_path_factory.mktemp("documents")


def _changes(case: Path, folder: Path) -> tuple[Change, ...]:
    earlier = case / "earlier.yaml"
    record = _side(_document(earlier), folder).files[NAMES_FILE] if earlier.exists() else ""
    sides = {"old": _side(_document(case / "old.yaml"), folder, record)}
    record = sides["old"].files[NAMES_FILE] if case.name.endswith("-alias-kept") else ""
    sides["new"] = _side(_document(case / "new.yaml"), folder, record)
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
    side = _side((CASES / "base.yaml").read_text(), folder)
    assert changes_between(side, side) == ()
    assert as_markdown(()) == "# No change\n\nThe generated Python API is the same.\n"
    assert json.loads(as_json(()))["release"] == "none"
