"""Runs with little or nothing to do, each against a run that does everything. `make bench`."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from .pairs import PYTHON, ROOT, compare

COMMAND = str(Path(PYTHON).parent / "linkwright")
_ROUNDS = 3


def _project(root: Path) -> None:
    specs = sorted((ROOT / "specs" / "providers").glob("*.yaml"))
    lines = ["[tool.linkwright]", 'output = "clients"', 'facades = ["connections"]']
    for spec in specs:
        (root / spec.name).write_bytes(spec.read_bytes())
        lines += [f"[tool.linkwright.providers.{spec.stem}]", f'spec = "{spec.name}"']
    (root / "pyproject.toml").write_text("\n".join(lines) + "\n")


def test_checking_with_nothing_to_do(tmp_path: Path) -> None:
    """Five configured providers, against importing yaml; nothing is touched."""
    _project(tmp_path)
    subprocess.run([COMMAND, "generate"], check=True, cwd=tmp_path, capture_output=True)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    for name in ("check", "generate"):
        pair = compare(
            f"{name}, nothing to do, five configured providers, against import yaml",
            [COMMAND, name],
            [PYTHON, "-c", "import yaml"],
            at_most=3.0,
            runs=15,
            cwd=tmp_path,
        )
        assert pair.ratio <= 3.0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_after_changing_one_of_five_documents(tmp_path: Path) -> None:
    """Each in turn gets another summary and a further field, against a run without a cache."""
    _project(tmp_path)
    env = {**os.environ, "LINKWRIGHT_CACHE": str(tmp_path / "cache")}

    def seconds(*arguments: str) -> float:
        begun = time.perf_counter()
        command = [COMMAND, "generate", *arguments]
        subprocess.run(command, check=True, cwd=tmp_path, capture_output=True, env=env)
        return time.perf_counter() - begun

    seconds()
    ratios: list[float] = []
    for number in range(_ROUNDS):
        full = seconds("--no-cache", "--force")
        for spec in sorted(tmp_path.glob("*.yaml")):
            text = spec.read_text("utf-8")
            changed = re.sub(
                r"( summary: )(?=[A-Z])", rf"\1{'Also ' * (number + 1)}", text, count=1
            )
            assert changed != text
            spec.write_text(changed, "utf-8")
            ratios.append(seconds() / full)
    ratio = statistics.median(ratios)
    sys.stdout.write(
        f"\nafter changing one of five documents, against a full run: median ratio {ratio:.2f}, "
        f"worst {max(ratios):.2f} (at most 0.4)\n"
    )
    assert ratio <= 0.4
