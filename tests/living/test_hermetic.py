"""Builds with declared inputs and outputs: the documented command by itself, and Bazel's own run."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.helpers import REPO, SMALL_SPEC, differences, execute, files_of

PAGE = (REPO / "docs" / "integrations.md").read_text("utf-8")
#: A document with a part in a file of its own.
_WHOLE = SMALL_SPEC.replace("'#/components/schemas/Item'", "'parts/item.yaml'")
_PART = "type: object\nproperties: {name: {type: string}}\n"

_WATCHED = """
import os, sys
allowed = tuple(sys.argv.pop(1).split(os.pathsep))
def hook(event, args):
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname"):
        sys.stderr.write(f"network: {event} {args}"); sys.stderr.flush(); os._exit(90)
    if event == "open" and isinstance(args[0], (str, bytes)):
        path, mode, flags = os.fsdecode(args[0]), args[1], args[2]
        writes = (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and path != os.devnull and not os.path.abspath(path).startswith(allowed):
            sys.stderr.write(f"writes: {path}"); sys.stderr.flush(); os._exit(91)
sys.addaudithook(hook)
from linkwright.cli import main
main()
"""


def _example(name: str) -> str:
    found = re.search(rf"<!-- try: {name} -->\n```\w+\n(.*?)```", PAGE, re.S)
    assert found, f"docs/integrations.md has no example {name}"
    return found[1]


@cache
def _without_network() -> tuple[str, ...]:
    """A command in front of which there is no network, where the system lets one have that."""
    for prefix in (("unshare", "-n"), ("unshare", "-rn")):
        try:
            if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
                return prefix
        except OSError:
            break
    return ()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Read-only documents."""
    root = tmp_path / "sources"
    (root / "specs/parts").mkdir(parents=True)
    (root / "specs/bank.yaml").write_text(_WHOLE)
    (root / "specs/ledger.yaml").write_text(SMALL_SPEC)
    (root / "specs/parts/item.yaml").write_text(_PART)
    return root


def _command(out: Path) -> tuple[list[str], dict[str, str]]:
    """The documented one, by this interpreter, watched."""
    words = _example("hermetic").split()
    assert words[:2] == ["env", "-i"]
    env = dict(word.split("=", 1) for word in words[2 : words.index("linkwright")])
    assert env == {"PATH": "/usr/bin:/bin", "LINKWRIGHT_CACHE": "off"}
    arguments = words[words.index("linkwright") + 1 :]
    command = [*_without_network(), sys.executable, "-B", "-c", _WATCHED, str(out), *arguments]
    return command, {**env, "PYTHONPATH": str(REPO / "generator")}


def _run(command: list[str], env: dict[str, str], cwd: Path) -> None:
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_documented_command(sources: Path) -> None:
    """Nothing in the environment, no network, no writes elsewhere."""
    out = sources / "bazel-out"
    (out / "clients").mkdir(parents=True)  # as Bazel makes it
    for path in (sources / "specs").rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = files_of(sources)
    _run(*_command(out), cwd=sources)
    made = files_of(out / "clients")
    assert {"bank/client.py", "ledger/client.py"} <= made.keys()
    assert {p for p in files_of(sources) if not p.startswith("bazel-out/")} == before.keys()
    assert [p.name for p in out.iterdir()] == ["clients"]


def test_links_to_the_sources(sources: Path, tmp_path: Path) -> None:
    """Sandboxes put links in the place of inputs; the output is the same."""
    _run(*_command(sources / "bazel-out"), cwd=sources)
    sandbox = tmp_path / "sandbox"
    for path in (sources / "specs").rglob("*.yaml"):
        link = sandbox / path.relative_to(sources)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
    _run(*_command(sandbox / "bazel-out"), cwd=sandbox)
    one, other = (files_of(root / "bazel-out/clients") for root in (sources, sandbox))
    assert differences(one, other) == ""


def _needed(name: str, seen: set[str]) -> Iterator[importlib.metadata.Distribution]:
    """A distribution and whatever it needs."""
    if name in seen:
        return
    seen.add(name)
    found = importlib.metadata.distribution(name)
    yield found
    for text in found.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield from _needed(requirement.name, seen)


def _install(packages: Path) -> None:
    """What `pip install --target` makes of linkwright, from what is installed here."""
    for distribution in _needed("linkwright", set()):
        for file in distribution.files or ():
            source, target = Path(str(file.locate())), packages / str(file)
            # Of linkwright itself the checkout is newer than what was installed of it.
            if ".." in file.parts or file.suffix == ".pyc" or file.parts[0] == "linkwright":
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    leave_out = shutil.ignore_patterns("__pycache__")
    for name in ("generator/linkwright", "templates", "specs"):
        target = packages / "linkwright" / ("" if "/" in name else name)
        shutil.copytree(REPO / name, target, ignore=leave_out, dirs_exist_ok=True)
    (packages / "linkwright.pth").unlink(missing_ok=True)


@pytest.mark.skipif(shutil.which("bazel") is None, reason="there is no bazel on the PATH")
def test_bazel(sources: Path, tmp_path: Path) -> None:
    """The documented rule, in Bazel's sandbox, without network."""
    plain = Path(shutil.copytree(sources, tmp_path / "plain"))
    _run(*_command(plain / "bazel-out"), cwd=plain)
    tools = sources / "tools"
    _install(tools / "packages")
    interpreter = str(Path(sys.executable).resolve())
    script = _example("bazel-script").replace("python3", interpreter)
    files = {
        "WORKSPACE": "",
        "BUILD": _example("bazel-use"),
        "tools/BUILD": _example("bazel-build"),
        "tools/linkwright.bzl": _example("bazel-rule"),
        "tools/linkwright.sh": script,
    }
    for path, text in files.items():
        (sources / path).write_text(text)
    (tools / "linkwright.sh").chmod(0o755)
    bazel = ("bazel", f"--output_user_root={tmp_path / 'out'}", "--batch", "--nohome_rc")
    build = ("build", "--spawn_strategy=sandboxed", "--sandbox_default_allow_network=false")
    ran = execute(*bazel, *build, "//:clients", cwd=sources, env={"PYTHONPATH": ""}, timeout=600)
    assert ran.status == 0, ran.err
    assert "linux-sandbox" in ran.err or sys.platform != "linux"
    assert "FAILED" not in ran.err
    made = files_of(sources / "bazel-bin/clients")
    assert differences(files_of(plain / "bazel-out/clients"), made) == ""
    for root, _, names in os.walk(tmp_path / "out"):  # which Bazel makes read-only
        for name in (root, *(os.path.join(root, n) for n in names)):  # noqa: PTH118
            if not os.path.islink(name):  # noqa: PTH114
                os.chmod(name, 0o755)  # noqa: PTH101
