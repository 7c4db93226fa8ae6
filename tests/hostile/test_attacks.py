"""Attacks from the disk and the command line: nothing outside is touched, and all is said in peace."""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

import pytest

from tests.helpers import SMALL_SPEC, said
from tests.hostile.attacks import ALL, GENERATE, Attack
from tests.hostile.checks import flaws_of_messages
from tests.hostile.jail import MEMORY, Jail


@pytest.fixture(scope="session")
def output(jail: Jail, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output for the document that every folder holds."""
    folder = tmp_path_factory.mktemp("output")
    (folder / "spec.yaml").write_text(SMALL_SPEC)
    assert jail.run("generate", folder, *GENERATE).status == 0
    return folder / "clients"


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: ascii(attack.name))
def test_attack(attack: Attack, tmp_path: Path, jail: Jail, output: Path) -> None:
    """It ends as it should, soon, and writes nothing but what it is for."""
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "canary").write_text("x")
    (folder / "spec.yaml").write_text(SMALL_SPEC)
    if attack.generated:
        shutil.copytree(output, folder / "clients")
    with pytest.MonkeyPatch.context() as context:
        context.chdir(folder)
        attack.prepare(folder)
    before = _snapshot(tmp_path)
    ran = jail.run("generate", folder, *attack.command)
    messages = said(ran.err)
    assert ran.status in attack.statuses, f"exit status {ran.status}\n{messages[-4_000:]}"
    assert flaws_of_messages(messages, refused=False) == [], messages[:4_000]
    assert flaws_of_messages(ran.out, refused=False) == [], ran.out[:4_000]
    assert ran.memory < MEMORY, f"{ran.memory >> 20} MiB"
    assert jail.affords(ran.seconds, folder), f"{ran.seconds:.1f} s"
    after = _snapshot(tmp_path)
    wanted = ("clients", *attack.writes) if ran.status == 0 else ()
    allowed = tuple(f"case/{name}" for name in wanted)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert {path for path in changed if not path.startswith(allowed)} == set()
    package = folder / "clients" / "acme"
    if attack.command[0] == "generate" and ran.status == 0 and package.is_dir():
        used = jail.run("use", folder, "acme")
        assert used.status == 0, used.err[-4_000:]


def _snapshot(root: Path) -> dict[str, tuple[int, ...]]:
    """Everything below a folder, links as links; what the jail notes is left out."""
    found: dict[str, tuple[int, ...]] = {}
    for path in root.rglob("*"):
        if not re.fullmatch(r"case\.\w+\.(out|err)", path.name):
            status = path.lstat()
            own = () if stat.S_ISDIR(status.st_mode) else (status.st_size, status.st_mtime_ns)
            found[str(path.relative_to(root))] = (status.st_mode, *own)
    return found
