"""Whole commands and first imports, each against the least it could be. Run by `make bench`."""

from __future__ import annotations

from pathlib import Path

from .pairs import PYTHON, ROOT, compare

SPECS = sorted((ROOT / "specs" / "providers").glob("*.yaml"))


def test_generating_five_providers_cold(tmp_path: Path) -> None:
    """Against the model generator alone, by its own command, on the same five files."""
    out = tmp_path / "clients"
    commands = [
        f"{Path(PYTHON).parent}/datamodel-codegen --input {spec} --output {tmp_path}/{spec.stem}.py"
        for spec in SPECS
    ]
    pair = compare(
        "generate, cold, against models only",
        [PYTHON, "-m", "linkwright", "generate", "--out", str(out)],
        ["sh", "-ec", "\n".join(commands)],
        at_most=1.0,
        runs=3,
        before=["rm", "-rf", str(out)],
        cwd=tmp_path,
    )
    assert pair.ratio <= 1.0


def test_generating_again_with_nothing_to_do(tmp_path: Path) -> None:
    """Against importing yaml, which any tool that reads specs has to."""
    command = [
        str(Path(PYTHON).parent / "linkwright"),
        "generate",
        "--out",
        str(tmp_path / "clients"),
    ]
    pair = compare(
        "generate, nothing to do, against import yaml",
        command,
        [PYTHON, "-c", "import yaml"],
        at_most=3.0,
        runs=15,
        cwd=tmp_path,
    )
    assert pair.ratio <= 3.0


def test_importing_and_constructing_a_client() -> None:
    """Against importing the two libraries it is built on."""
    pair = compare(
        "import clients.powens; Powens(...), against import httpx2, pydantic",
        [PYTHON, "-c", "import clients.powens; clients.powens.Powens(token='x')"],
        [PYTHON, "-c", "import httpx2, pydantic"],
        at_most=1.15,
        runs=15,
        env={"PYTHONPATH": str(ROOT / "generated")},
    )
    assert pair.ratio <= 1.15
