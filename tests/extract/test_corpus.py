"""Real documentation sets: every line accounted for, and documents that generate."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from linkwright.diagnostics import Collector
from linkwright.extract import extract
from linkwright.extract.disk import load_pages
from linkwright.extract.document import to_yaml

from .shared import CORPUS, needs_corpus

SETS = sorted(p for p in (CORPUS / "docs").glob("*") if (p / "truth.json").exists())


@needs_corpus
@pytest.mark.parametrize("folder", SETS, ids=lambda p: p.name)
def test_real_pages_are_understood_to_the_last_line(folder: Path) -> None:
    pages = load_pages([folder / "docs", folder / "README.md"], Collector()).pages
    result = extract(pages)
    for page in result.report.pages:
        assert page.dialect or page.page == "README.md", page.page
        assert "not-understood" not in page.ignored, (page.page, page.ignored)
    text = to_yaml(result.document)
    assert yaml.load(text, yaml.CSafeLoader) == result.document
    assert to_yaml(extract(pages).document) == text


def test_there_are_sets_where_there_is_a_corpus() -> None:
    assert bool(SETS) is (CORPUS / "docs").is_dir()
