"""Running a task in a forked child with limits, so that a hostile document harms nobody.

`python -m tests.hostile.jail` is a process that has everything imported. It reads tasks from
standard input, one JSON object a line, forks for each, and writes what became of it: hundreds of
documents are tried in the time that starting Python for each would take. `Jail` is its caller.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import cast

from tests.helpers import REPO

__all__ = ["MEMORY", "PACES", "Jail", "Outcome"]

#: What a document may cost at most, in the fixed work of the task `pace`: about five seconds of the
#: processor where nothing else runs, and more where others share it.
PACES = 22
#: What costs less than this is not held against it.
_CHEAP = 2
#: Where the kernel stops a child, in seconds of the processor.
_HARD_SECONDS = 20
MEMORY = 500 * 1024 * 1024
#: The wall clock's limit, for what waits instead of working.
_PATIENCE = 60
#: Where the kernel stops a child: above the limit, so that it is seen which was passed.
_HARD_MEMORY = 2 * MEMORY


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task.

    Attributes:
        status: Exit status; negative if a signal ended it.
        out: Standard output.
        err: Standard error.
        seconds: Processor time.
        memory: Bytes of memory at the highest.
    """

    status: int
    out: str
    err: str
    seconds: float
    memory: int


class Jail:
    """A context manager that runs tasks of `tests.hostile.tasks` one after the other."""

    def __enter__(self) -> Jail:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.jail"],
            cwd=REPO,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, task: str, folder: Path, *arguments: str) -> Outcome:
        """Run a task in a folder, which is its working directory, home and place for temporary files."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"task": task, "folder": str(folder), "arguments": arguments}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = cast("dict[str, object]", json.loads(self._process.stdout.readline()))
        said = {name: _decoded(Path(cast(str, answer.pop(name)))) for name in ("out", "err")}
        return Outcome(**said, **answer)  # type: ignore[arg-type]  # written by `_supervise`

    def affords(self, seconds: float, folder: Path) -> bool:
        """Tell whether what a task took is within the limit, as fast as the machine is now."""
        return seconds < _CHEAP or seconds < PACES * self.run("pace", folder).seconds


def _decoded(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _serve() -> None:
    # Imported here: the caller needs none of it.
    import gc

    from tests.hostile import tasks

    tasks.preload()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(_supervise(request)) + "\n")
        sys.stdout.flush()


def _supervise(request: Mapping[str, object]) -> dict[str, object]:
    folder = Path(cast(str, request["folder"]))
    said = {name: f"{folder}.{request['task']}.{name}" for name in ("out", "err")}
    child = os.fork()
    if child == 0:
        _child(request, folder, said)
    deadline = time.monotonic() + _PATIENCE
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.002)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "seconds": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss * 1024,
        **said,
    }


def _child(request: Mapping[str, object], folder: Path, said: Mapping[str, str]) -> None:
    status = 99
    try:
        os.setsid()
        os.chdir(folder)
        os.environ.update(HOME=str(folder), TMPDIR=str(folder), LINKWRIGHT_CACHE="off")
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(said[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        resource.setrlimit(resource.RLIMIT_CPU, (_HARD_SECONDS, _HARD_SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (_HARD_MEMORY, _HARD_MEMORY))
        from tests.hostile import tasks

        arguments = cast("list[str]", request["arguments"])
        status = tasks.perform(cast(str, request["task"]), arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve()
