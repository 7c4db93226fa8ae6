"""Several things moved at once: what each change of a report is said to come from.

A folder below `tests/living/causes` holds a `case.yaml` about the providers `acme` and `bank`, both
made of `changes/base.yaml`:

* `moved`: what else moved: `generator`, `templates`, `config`, `config:acme`, `facades:0` (inputs),
  `black` (a tool);
* `documents`: by provider, what is new in its document, as a merge patch;
* `overlays`: by provider, its new overlay;
* `edits`: what differs in the generated files, as `[side, path, before, after]`;
* `edited`: top-level folders of the old output that were changed by hand;

and `causes.json`, the causes by change. `LINKWRIGHT_SNAP=1` rewrites it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from linkwright.commands.sides import Side, changes_between, of_project
from linkwright.config import Project, Provider
from linkwright.report.text import as_markdown
from linkwright.workers import Workers
from tests.helpers import REPO
from tests.living.test_changes import merged

CASES = REPO / "tests" / "living" / "causes"
BASE = (REPO / "tests" / "living" / "changes" / "base.yaml").read_text()
ALL = sorted(path for path in CASES.iterdir() if path.is_dir())


def _side(folder: Path, case: dict[str, Any]) -> Side:
    folder.mkdir()
    providers: list[Provider] = []
    for name in ("acme", "bank"):
        document, overlay = folder / f"{name}.yaml", folder / f"{name}.overlay.yaml"
        patch = case.get("documents", {}).get(name, {})
        document.write_text(yaml.safe_dump(merged(yaml.safe_load(BASE), patch)) if patch else BASE)
        actions = case.get("overlays", {}).get(name, [])
        head = {"overlay": "1.0.0", "info": {"title": "Ours", "version": "1"}}
        overlay.write_text(yaml.safe_dump(head | {"actions": actions}))
        providers.append(Provider(name, document, (overlay,) if actions else ()))
    with Workers(1) as workers:
        return of_project(Project(tuple(providers), None), workers, lambda _: None)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Side:
    """What both sides have in common."""
    return _side(tmp_path_factory.mktemp("causes") / "plain", {})


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_case(case: Path, plain: Side, tmp_path: Path) -> None:
    given: dict[str, Any] = yaml.safe_load((case / "case.yaml").read_text())
    old = replace(plain, edited=frozenset(given.get("edited", ())))
    new = _side(tmp_path / "new", given)
    for what in given.get("moved", ()):
        if what == "black":
            new = replace(new, tools={**new.tools, what: "0"})
        else:
            new = replace(new, inputs={**new.inputs, what: "0"})
    sides = {"old": old, "new": new}
    for side, path, before, after in given.get("edits", ()):
        text = sides[side].files[path]
        assert before in text, f"{path} has no {before!r}"
        files = {**sides[side].files, path: text.replace(before, after) if before else text + after}
        sides[side] = replace(sides[side], files=files)
    changes = changes_between(sides["old"], sides["new"])
    found = json.dumps({f"{c.kind} {c.path}": c.causes for c in changes}, indent=1) + "\n"
    expected = case / "causes.json"
    if os.environ.get("LINKWRIGHT_SNAP") and not os.environ.get("CI"):
        expected.write_text(found)
    assert found == expected.read_text()
    rows = as_markdown(changes).count("| one of: ")
    assert rows == sum(1 for change in changes if len(change.causes) > 1)
