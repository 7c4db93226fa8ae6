"""How much there is to review: lines of the output, against openapi-generator's. `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .pairs import ROOT
from .peers import PEERS

_SPECS = sorted((ROOT / "specs" / "providers").glob("*.yaml"))


def _lines(folder: Path) -> tuple[int, int]:
    """Files and lines of Python."""
    files = [path for path in folder.rglob("*.py") if "__pycache__" not in path.parts]
    return len(files), sum(path.read_bytes().count(b"\n") for path in files)


def test_lines_against_openapi_generator(tmp_path: Path) -> None:
    """Five providers, synchronous and asynchronous, with runtime and facade, against five clients.

    What tests and documentation openapi-generator writes besides is left out.
    """
    python = next(peer for peer in PEERS if peer.name == "openapi-generator").ready()
    if python is None:
        pytest.skip("openapi-generator cannot be had here")
    theirs = files = 0
    for spec in _SPECS:
        out = tmp_path / spec.stem
        command = [str(python.parent / "openapi-generator-cli"), "generate", "-g", "python"]
        subprocess.run(
            [*command, "-i", str(spec), "-o", str(out), "--package-name", spec.stem],
            check=True,
            capture_output=True,
            timeout=300,
        )
        count, lines = _lines(out / spec.stem)
        files, theirs = files + count, theirs + lines
    own, ours = _lines(ROOT / "generated" / "clients")
    sys.stdout.write(
        f"\nfive providers, with runtime and facade: {own} files, {ours:,} lines"
        f"\nopenapi-generator for the same five: {files} files, {theirs:,} lines"
        f"\nratio of lines {ours / theirs:.2f}\n"
    )
    assert ours < theirs
