"""Beside the clients of others, in one run. Run by `make bench`; prints a table, asserts little."""

from __future__ import annotations

import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .bench_calls import ANSWER
from .pairs import PYTHON, ROOT
from .peers import BUILD, LENDING, LENDING_ANSWER, PEERS, measured
from .provider import answering

_ROUNDS = 5
_OURS = (
    "from clients.powens import Powens\nclient = Powens(token='t', base_url='{origin}/2.0')",
    "client.connections.get(7)",
)
_LENDING = (
    "from clients.lending import Lending\nclient = Lending(auth_header='x', base_url='{origin}')",
    "client.companies.get('c')",
)


@dataclass
class _Row:
    """One client and what its rounds found."""

    name: str
    python: Path | str
    setup: str
    call: str
    path: Path
    codat: bool = False
    found: list[list[float]] = field(default_factory=list[list[float]])

    def median(self, column: int) -> float:
        return statistics.median(one[column] for one in self.found)


def _lending() -> Path:
    """Our client of the real document of Codat Lending; 156 operations."""
    if not LENDING.exists():
        pytest.skip("../shared/corpus is not here")
    out = BUILD / "ours"
    command = [PYTHON, "-m", "linkwright", "generate", "--spec", str(LENDING), "--name", "lending"]
    subprocess.run(
        [*command, "--out", str(out / "clients")], check=True, capture_output=True, timeout=300
    )
    return out


def test_peers() -> None:
    """Time to the first answer of a process, and of a later call, for one GET over loopback."""
    rows = [
        _Row("linkwright, Powens", PYTHON, *_OURS, ROOT / "generated"),
        _Row("linkwright, Codat Lending", PYTHON, *_LENDING, _lending(), codat=True),
    ]
    for peer in PEERS:
        python = peer.ready()
        if python is not None:
            home = python.parents[1]
            rows.append(_Row(peer.name, python, peer.setup, peer.call, home, peer.codat))
    with answering(ANSWER) as powens, answering(LENDING_ANSWER) as codat:
        for turn in range(_ROUNDS + 1):
            for row in rows:
                origin = codat if row.codat else powens
                found = measured(row.python, row.setup, row.call, origin, row.path)
                if turn:
                    row.found.append(found)
    sys.stdout.write("\n| client | to the first answer | a later call |\n| --- | --- | --- |\n")
    for row in rows:
        first, later = row.median(0), row.median(1)
        sys.stdout.write(f"| {row.name} | {first:.2f} s | {later * 1e6:.0f} us |\n")
    pairs = zip(rows[1].found, rows[0].found, strict=True)
    ratio = statistics.median(lending[0] / powens[0] for lending, powens in pairs)
    sys.stdout.write(f"\nCodat Lending against Powens: ratio {ratio:.2f} (at most 1.5)\n")
    assert ratio <= 1.5
