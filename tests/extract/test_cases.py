"""Case folders: pages in, exactly this document and this account of every line out.

A folder below `tests/extract/cases` is a case. It holds `pages/**`, maybe `endpoints.yaml`, and what
must come out: `expected.yaml`, and `report.txt` with the counts and the lines that were ignored.
`LINKWRIGHT_SNAP=1` rewrites these two, and refuses to where `CI` is set.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from linkwright.diagnostics import Collector
from linkwright.extract import Endpoint, Extraction, extract
from linkwright.extract.disk import load_pages
from linkwright.extract.document import to_yaml
from linkwright.extract.endpoints import read_endpoints
from linkwright.source.load import load

CASES = sorted(p for p in (Path(__file__).parent / "cases").iterdir() if p.is_dir())


def _run(case: Path) -> Extraction:
    pages = load_pages([case / "pages"], Collector()).pages
    endpoints: tuple[Endpoint, ...] = ()
    if (case / "endpoints.yaml").exists():
        document = load(case / "endpoints.yaml", Collector())
        endpoints = read_endpoints(document, Collector())
    return extract(pages, endpoints=endpoints, title=case.name)


def _report(result: Extraction) -> str:
    lines = [result.report.table(), ""]
    for page in result.report.pages:
        lines.append(
            f"{page.page}: {page.dialect or 'no dialect'}, {page.role or 'no page of one'}"
        )
        for rule, ranges in page.ignored.items():
            shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges)
            lines.append(f"  ignored, {rule}: {shown}")
    return "\n".join([*lines, *result.report.remarks]) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    result = _run(case)
    actual = {"expected.yaml": to_yaml(result.document), "report.txt": _report(result)}
    if os.environ.get("LINKWRIGHT_SNAP"):
        assert not os.environ.get("CI"), "expectations are not rewritten in CI"
        for name, text in actual.items():
            (case / name).write_text(text, "utf-8")
    for name, text in actual.items():
        assert text == (case / name).read_text("utf-8"), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_line_is_used_or_listed_as_ignored(case: Path) -> None:
    result = _run(case)
    for page in result.report.pages:
        text = (case / "pages" / page.page).read_text("utf-8")
        filled = sum(1 for line in text.split("\n") if line.strip())
        ignored = {
            n for ranges in page.ignored.values() for a, b in ranges for n in range(a, b + 1)
        }
        blank_used = sum(page.used.values()) + len(ignored) - filled
        assert blank_used >= 0
        assert "not-understood" not in page.ignored, page.ignored
