"""Dying at any moment, and running twice at once."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from linkwright.emit import staging
from linkwright.emit.disk import recover, write
from linkwright.emit.lock import LOCK_NAME, Lock, digests
from linkwright.emit.state import inspect
from linkwright.emit.tree import OutputTree
from tests.dying import dies_at

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in forks")

_SMALL = ("a.py", "p/b.py")


def _tree(version: int, *names: str) -> OutputTree:
    own = f"only{version}/x.py"
    return OutputTree.of({name: f"{name} {version}\n".encode() for name in (*names, own)})


def _lock(tree: OutputTree) -> Lock:
    return Lock(generator="1", tools={}, inputs={}, files=digests(tree))


def _write(folder: Path, tree: OutputTree) -> None:
    write(folder, tree, _lock(tree), force=False)


def _holds(folder: Path, tree: OutputTree) -> bool:
    state = inspect(folder, _lock(tree))
    lock = (folder / LOCK_NAME).read_bytes()
    return state.clean and lock == _lock(tree).to_bytes()


def _no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: Path) -> bool:
        return False

    monkeypatch.setattr(staging, "_exchange", cannot)


def _no_renames(monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if target.name == "old":
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return rename(self, target)

    _no_exchange(monkeypatch)
    monkeypatch.setattr(Path, "rename", refuse)


@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_dying_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    old, new = _tree(1, *_SMALL), _tree(2, *_SMALL)
    if way == "two renames":
        _no_exchange(monkeypatch)
    outcomes: list[bool] = []
    repaired = 0
    count = 0
    died = True
    while died:
        folder = tmp_path / str(count) / "clients"
        _write(folder, old)
        (folder / "_custom").mkdir()
        (folder / "_custom/mine.py").write_text("mine")
        died = dies_at(count, partial(_write, folder, new))
        if not folder.exists():
            assert way == "two renames"
            assert recover(folder)
            repaired += 1
        assert _holds(folder, old) or _holds(folder, new)
        assert (folder / "_custom/mine.py").read_text() == "mine"
        outcomes.append(_holds(folder, new))
        _write(folder, new)
        assert _holds(folder, new)
        assert (folder / "_custom/mine.py").read_text() == "mine"
        assert os.listdir(folder.parent) == ["clients"]
        count += 1
    assert outcomes == sorted(outcomes)  # first always the old, then always the new
    assert {outcomes[0], outcomes[-1]} == {False, True}
    assert bool(repaired) == (way == "two renames")


def test_dying_at_every_step_of_the_first_run(tmp_path: Path) -> None:
    tree = _tree(1, *_SMALL)
    count = 0
    died = True
    while died:
        folder = tmp_path / str(count) / "clients"
        died = dies_at(count, partial(_write, folder, tree))
        assert not folder.exists() or _holds(folder, tree)
        _write(folder, tree)
        assert _holds(folder, tree)
        assert os.listdir(folder.parent) == ["clients"]
        count += 1
    assert count > 20


def test_dying_where_no_folder_can_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_renames(monkeypatch)
    old, new = _tree(1, *_SMALL), _tree(2, *_SMALL)
    count = 0
    died = True
    while died:
        folder = tmp_path / str(count) / "clients"
        _write(folder, old)
        died = dies_at(count, partial(_write, folder, new))
        for path in folder.rglob("*.py"):
            name = path.relative_to(folder).as_posix()
            assert path.read_bytes() in (old.files.get(name), new.files.get(name))
        _write(folder, new)
        assert _holds(folder, new)
        assert os.listdir(folder.parent) == ["clients"]
        count += 1


#: The same by the system's own account, where it may be asked for.
_WRITES = ",".join(
    f"?{call}"  # where there is one of this name
    for call in (
        "write pwrite64 ftruncate fsync flock mkdir mkdirat rename renameat renameat2 link linkat "
        "symlinkat unlink unlinkat rmdir chmod fchmod fchmodat utimensat"
    ).split()
)
_ONCE = """
import json, sys
from pathlib import Path
from linkwright.emit.disk import write
from linkwright.emit.lock import Lock, digests
from linkwright.emit.tree import OutputTree
tree = OutputTree.of({path: text.encode() for path, text in json.loads(sys.argv[2]).items()})
lock = Lock(generator="1", tools={}, inputs={}, files=digests(tree))
write(Path(sys.argv[1]), tree, lock, force=False)
"""


def _traced(folder: Path, tree: OutputTree, log: Path, *inject: str) -> int:
    """Writes in a process whose system calls are traced; its exit status."""
    files = json.dumps({path: content.decode() for path, content in tree.files.items()})
    tracer = ("strace", "-f", "-qq", "-o", str(log), "-e", f"trace={_WRITES}", *inject)
    return subprocess.run(
        [*tracer, sys.executable, "-c", _ONCE, str(folder), files],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # only what we write
        timeout=60,
    ).returncode


def _can_trace() -> bool:
    command = ["strace", "-f", "-qq", "-e", f"trace={_WRITES}", "true"]
    try:
        return subprocess.run(command, capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@pytest.mark.parametrize("first", [True, False], ids=["first run", "later run"])
def test_killed_at_every_system_call_that_writes(tmp_path: Path, first: bool) -> None:
    if not _can_trace():
        pytest.skip("no strace, or it may not trace")
    old, new = _tree(1, *_SMALL), _tree(2, *_SMALL)
    log = tmp_path / "log"

    def start(name: str) -> Path:
        folder = tmp_path / name / "clients"
        folder.parent.mkdir()
        if not first:
            _write(folder, old)
        return folder

    assert _traced(start("whole"), new, log) == 0
    calls = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.M)
    assert {"write", "mkdir", "rename" if first else "renameat2"} <= set(calls)
    outcomes: list[bool] = []
    for number, call in enumerate(calls):
        folder = start(str(number))
        # Each system call is counted by itself.
        when = calls[: number + 1].count(call)
        status = _traced(folder, new, log, "-e", f"inject={call}:signal=KILL:when={when}")
        assert status == -signal.SIGKILL
        outcomes.append(folder.exists() and _holds(folder, new))
        assert outcomes[-1] or (_holds(folder, old) if not first else not folder.exists())
        _write(folder, new)
        assert _holds(folder, new)
        assert os.listdir(folder.parent) == ["clients"]
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


def test_killed_at_random(tmp_path: Path) -> None:
    names = [f"p{number % 7}/m{number}.py" for number in range(60)]
    trees = [_tree(1, *names), _tree(2, *names)]
    folder = tmp_path / "clients"
    _write(folder, trees[0])
    dice = random.Random(20260729)
    for _ in range(30):
        child = os.fork()
        if child == 0:
            try:
                while True:
                    for tree in reversed(trees):
                        _write(folder, tree)
            finally:
                os._exit(1)
        time.sleep(dice.uniform(0.005, 0.05))
        os.kill(child, signal.SIGKILL)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        recover(folder)
        assert any(_holds(folder, tree) for tree in trees)
        assert os.listdir(tmp_path) == ["clients"]
    for tree in trees:
        _write(folder, tree)
        assert _holds(folder, tree)


_WRITER = """
import sys
from pathlib import Path
from test_emit_kill import _tree, _write
print("ready", flush=True)
for turn in range(int(sys.argv[2])):
    _write(Path(sys.argv[1]), _tree(int(sys.argv[3]) + turn % 2, *sys.argv[4:]))
"""


def _writer(folder: Path, turns: int, version: int, *names: str) -> subprocess.Popen[bytes]:
    paths = [str(Path(__file__).parent), *sys.path]
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder), str(turns), str(version), *names],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def test_runs_at_once(tmp_path: Path) -> None:
    names = [f"p{number % 7}/m{number}.py" for number in range(30)]
    folder = tmp_path / "clients"
    processes = [_writer(folder, 20, version, *names) for version in (1, 3, 5)]
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert any(_holds(folder, _tree(version, *names)) for version in range(1, 7))
    assert os.listdir(tmp_path) == ["clients"]
