"""Processes that are killed at their n-th step on the disk, wherever Python can fork.

A step is whatever the interpreter announces to audit hooks about files (opening, making, moving,
linking, removing, changing, locking, calls of the C library), and what it announces nothing about:
every write into a file, half way through as well, and syncing. What happens between two steps
happens in memory.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import IO, Any

__all__ = ["dies_at", "steps_of"]

_SILENT = (
    "write",
    "writev",
    "pwrite",
    "fsync",
    "fdatasync",
    "sendfile",
    "copy_file_range",
    "close",
)
_ABOUT_FILES = ("os.", "shutil.", "ctypes.", "fcntl.")
_OTHERS = frozenset(
    {"os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.putenv", "os.unsetenv", "os.kill"}
)
Step = Callable[[str], None]


def dies_at(count: int, action: Callable[[], object]) -> bool:
    """Run an action in a fork that kills itself right before a step, counted from 0.

    Returns:
        Whether it was killed; if not, the action came to its end.
    """
    left = count

    def step(_: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    status = _forked(step, action)
    assert status in (0, -signal.SIGKILL), f"the action failed, {status}"
    return status != 0


def steps_of(action: Callable[[], object]) -> list[str]:
    """What `dies_at` counts in an action, in order; the action is run in a fork."""
    reading, writing = os.pipe()
    names: list[str] = []

    def told() -> None:
        action()
        os.write(writing, "\n".join(tuple(names)).encode())

    status = _forked(names.append, told)
    os.close(writing)
    with open(reading, encoding="ascii") as stream:  # noqa: PTH123
        found = stream.read().split()
    assert status == 0
    return found


def _forked(step: Step, action: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        try:
            _watch(step)
            action()
            os._exit(0)
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(1)  # a failure of the action, which must not go on as a second test run
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _watch(step: Step) -> None:
    """From now on, and to the end of this process, each step is told of before it is done."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            flags = arguments[2] or 0
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                step(event)
        elif event.startswith(_ABOUT_FILES) and event not in _OTHERS:
            step(event)

    for name in _SILENT:
        if (call := getattr(os, name, None)) is not None:
            setattr(os, name, _told(step, name, call))
    io.open = _opened(step, io.open)
    builtins.open = io.open
    sys.addaudithook(hook)


def _told(step: Step, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **options: Any) -> Any:
        step(name)
        return call(*arguments, **options)

    return wrapped


def _opened(step: Step, ordinary: Callable[..., IO[Any]]) -> Callable[..., Any]:
    class Torn(io.FileIO):
        """A file that is written in two halves."""

        def write(self, data: Any, /) -> int:
            whole = memoryview(data).cast("B")
            done = 0
            for end in (len(whole) // 2, len(whole)):
                step("half")
                while done < end:
                    done += super().write(whole[done:end])
            return done

    def opening(
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        if not set(mode) & set("wxa+"):
            return ordinary(file, mode, buffering, encoding, errors, newline, closefd, opener)
        raw = Torn(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if "b" in mode and buffering == 0:
            return raw
        binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, encoding, errors, newline)

    return opening
