"""The JSON Schemas that editors use describe what the reader takes: all of it, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from linkwright.mapping.values import VERBS
from linkwright.resources import specs
from tests.helpers import REPO

FACADES = specs() / "facades"
FOLDERS = (FACADES / "connections", REPO / "tests" / "cases" / "facade" / "two_carriers" / "facade")
FILES = [path for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))]


def _schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FACADES / f"{name}.schema.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_files_that_are_taken_fit_the_schema(path: Path) -> None:
    schema = _schema("facade" if path.name == "facade.yaml" else "provider")
    Draft202012Validator.check_schema(schema)
    document = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8"))))
    validator: Any = Draft202012Validator(schema)
    problems = [problem.message[:300] for problem in validator.iter_errors(document)]
    assert problems == []


@pytest.mark.parametrize("case", ["facade_written"])
def test_files_that_are_refused_for_their_form_do_not_fit(case: str) -> None:
    folder = REPO / "tests" / "cases" / "refused" / case / "facade"
    for name in ("facade.yaml", "old_mail.yaml"):
        schema = _schema("facade" if name == "facade.yaml" else "provider")
        document = json.loads(json.dumps(yaml.safe_load((folder / name).read_text("utf-8"))))
        validator: Any = Draft202012Validator(schema)
        assert not validator.is_valid(document)


def test_the_schema_knows_every_verb_and_no_other() -> None:
    choices = _schema("provider")["$defs"]["value"]["anyOf"]
    verbs = {choice["required"][0] for choice in choices if choice.get("required")} | {"hook"}
    assert verbs == set(VERBS)
