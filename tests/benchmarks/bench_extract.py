"""Real documentation sets against the specification behind them, and how fast they are read."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from linkwright.diagnostics import Collector
from linkwright.extract import Extraction, extract
from linkwright.extract.disk import load_pages
from linkwright.extract.document import to_yaml
from linkwright.extract.endpoints import read_endpoints
from linkwright.source.load import load
from tests.extract.shared import CORPUS, needs_corpus

SETS = sorted(p for p in (CORPUS / "docs").glob("*") if (p / "truth.json").exists())


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _extracted(folder: Path) -> Extraction:
    pages = load_pages([folder / "docs", folder / "README.md"], Collector()).pages
    overlay = folder / "overlay.json"
    endpoints = read_endpoints(load(overlay, Collector()), Collector()) if overlay.exists() else ()
    return extract(pages, endpoints=endpoints)


def _scored(folder: Path, mode: str, document: str) -> dict[str, Any]:
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    overlay = (folder / "overlay.json").exists()
    scored: dict[str, Any] = _scorer().score(
        truth, yaml.load(document, yaml.CSafeLoader), mode, readme=True, overlay=overlay
    )
    return scored


@needs_corpus
@pytest.mark.parametrize("folder", SETS, ids=lambda p: p.name)
def test_score(folder: Path) -> None:
    begun = time.process_time()
    document = to_yaml(_extracted(folder).document)
    seconds = time.process_time() - begun
    lines = sum(p.read_text("utf-8").count("\n") for p in (folder / "docs").rglob("*.md"))
    seen, raw = (_scored(folder, mode, document) for mode in ("visible", "raw"))
    sys.stdout.write(
        f"\n{folder.name}: visible {seen['overall']:.4f} (at least 0.985), raw {raw['overall']:.4f}, "
        f"{lines / seconds:,.0f} lines a second of processor time\n"
    )
    for metric, figures in seen["metrics"].items():
        if figures:
            other = raw["metrics"][metric]["f1"]
            sys.stdout.write(f"  {metric:24} F1 {figures['f1']:.3f}, raw {other:.3f}\n")
    assert seen["overall"] >= 0.985
    assert seen["metrics"]["operations"]["f1"] == 1.0


@needs_corpus
def test_the_mean_of_the_raw_scores() -> None:
    scores = [_scored(s, "raw", to_yaml(_extracted(s).document))["overall"] for s in SETS]
    mean = sum(scores) / len(scores)
    sys.stdout.write(f"\nraw, mean of {len(scores)} sets: {mean:.4f} (at least 0.90)\n")
    assert mean >= 0.90
