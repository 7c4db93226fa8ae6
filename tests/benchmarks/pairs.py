"""Timing one command against another, in turn, so that a machine's mood hits both alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PYTHON", "ROOT", "Pair", "compare"]

ROOT = Path(__file__).parents[2]
PYTHON = sys.executable
#: What is installed has its bytecode, so what is not must be allowed to keep its own.
_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / "build" / "bytecode")}


@dataclass(frozen=True)
class Pair:
    """What a comparison found: medians in seconds, and the median of the ratios, run by run."""

    ours: float
    theirs: float
    ratio: float


def compare(
    name: str,
    ours: Sequence[str],
    theirs: Sequence[str],
    *,
    at_most: float,
    runs: int,
    before: Sequence[str] = (),
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
) -> Pair:
    """Run two commands in turn, once to warm up and then `runs` times, and print the figures.

    Args:
        name: For the table.
        ours: Our command.
        theirs: What it is measured against.
        at_most: The bar, printed beside the ratio; the caller asserts it.
        runs: Counted runs of each.
        before: Run before each of our runs, not counted: what makes it cold again.
        env: Added to the environment.
        cwd: Where the commands run.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for command, kept in zip((ours, theirs), times, strict=True):
            if before and command is ours:
                subprocess.run(before, check=True, cwd=cwd)
            begun = time.perf_counter()
            subprocess.run(
                command,
                check=True,
                cwd=cwd,
                capture_output=True,
                env={**os.environ, **_BYTECODE, **(env or {})},
            )
            if turn:
                kept.append(time.perf_counter() - begun)
    pair = Pair(
        statistics.median(times[0]),
        statistics.median(times[1]),
        statistics.median(a / b for a, b in zip(*times, strict=True)),
    )
    sys.stdout.write(
        f"\n{name}: {pair.ours:.3f} s against {pair.theirs:.3f} s, "
        f"ratio {pair.ratio:.2f} (at most {at_most})\n"
    )
    return pair
