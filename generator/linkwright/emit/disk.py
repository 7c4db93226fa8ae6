"""Writing the output folder: all of it or none of it, and nothing of the user's is lost."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import EditedOutput, EmitError, ForeignFolder, OutputError
from .guard import exclusive, has_leftovers
from .lock import digests
from .plan import Plan, make_plan
from .scan import scan
from .staging import build, leftovers, open_staging, settle, swap

if TYPE_CHECKING:
    from .lock import Lock
    from .tree import OutputTree

__all__ = ["EditedOutput", "ForeignFolder", "OutputError", "WriteResult", "recover", "write"]


# Interpreters and tools write their caches into the output whenever they like.
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a run did; relative paths, each sorted. The lock counts as a file.

    Attributes:
        written: Files that are new or have new content.
        removed: Files that were dropped.
        unchanged: Files of ours that were right already and were not touched.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]


def write(folder: Path, tree: OutputTree, lock: Lock, *, force: bool) -> WriteResult:
    """Makes a folder hold a tree and its lock, beside whatever else the user keeps in it.

    The new folder is built beside the old one and takes its place in one step, so whoever kills
    this process finds the old output or the new one (exceptions: `staging.swap`). File contents are
    not synced one by one; after a power cut the lock's digests tell what was lost.

    If everything is right already, nothing at all is touched.

    Args:
        folder: The output folder; made with its parents if it is not there.
        tree: What it shall hold.
        lock: The record of just this tree.
        force: Overwrite what was edited or stands in the way; other foreign files stay.

    Raises:
        EditedOutput: Work done by hand would be lost.
        ForeignFolder: The folder is not ours.
        LockError: The lock in the folder is unusable.
        OutputError: The folder is unsuitable, changes meanwhile, is being written by another run
            for a minute, or cannot be written. It is as it was before.
        ValueError: The lock is not of this tree.
    """
    if lock.files != digests(tree):
        raise ValueError("the lock does not describe the tree")
    try:
        target = _suitable(folder)
        if not has_leftovers(target):
            if plan := _idle_plan(target, tree, lock):
                return _result(plan)
            target.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(target):
            _recover(target)
            for _ in range(_ATTEMPTS):
                with suppress(FileNotFoundError):  # gone since it was listed
                    plan = make_plan(target, tree, lock, force=force)
                    if plan.idle or _replace(target, plan):
                        return _result(plan)
        raise OutputError(f"{folder} keeps changing while it is being written")
    except OSError as error:
        raise _refusal("write", folder, error) from error
    except RecursionError as error:  # the standard library makes folders one inside the other
        raise OutputError(f"cannot write to {folder}: it is nested too deep") from error


def recover(folder: Path) -> bool:
    """Repairs what an interrupted run left, so that the folder can be inspected. `write` does too.

    Returns:
        Whether there was anything to repair.

    Raises:
        OutputError: It cannot be repaired, or another run is at work and does not end.
    """
    try:
        target = _suitable(folder)
        if not has_leftovers(target):
            return False
        with exclusive(target):
            _recover(target)
            return True
    except OSError as error:
        raise _refusal("repair", folder, error) from error


def _idle_plan(target: Path, tree: OutputTree, lock: Lock) -> Plan | None:
    """Finds out that there is nothing to do without the guard, which is a write in itself."""
    try:
        plan = make_plan(target, tree, lock, force=False)
    except (EmitError, OSError):
        return None  # perhaps only because another run is at work: judged again under the guard
    return plan if plan.idle else None


def _recover(target: Path) -> None:
    for staging in leftovers(target):
        settle(staging, target)


def _replace(target: Path, plan: Plan) -> bool:
    staging = open_staging(target)
    try:
        build(staging, target, plan)
        # What was carried over must still be what is there, or a file saved just now is lost.
        if scan(target, everything=True) != plan.before:
            return False
        swap(staging, target, plan)
        return True
    finally:
        settle(staging, target)


def _result(plan: Plan) -> WriteResult:
    return WriteResult(tuple(plan.written), plan.removed, plan.unchanged)


def _suitable(folder: Path) -> Path:
    """Finds the real place of a folder and refuses those that cannot or must not be replaced."""
    try:
        # The last part stays as it is: a link there is refused, links above it are not.
        named = folder.name not in ("", "..")
        target = folder.parent.resolve() / folder.name if named else folder.resolve()
    except RuntimeError as error:  # a loop of links, before Python 3.13
        raise OutputError(f"cannot find {folder}: {error}") from error
    here: list[Path] = []
    for find in (Path.cwd, Path.home):
        with suppress(OSError, RuntimeError):  # no home, or a working directory that is gone
            here.append(find().resolve())
    reason = None
    if target.is_symlink():
        reason = "is a symbolic link; name the folder it leads to"
    elif os.path.lexists(target) and not target.is_dir():
        reason = "is not a folder"
    elif target == target.parent or any(path.is_relative_to(target) for path in here):
        reason = "is or holds the home or working directory; name a folder of its own"
    elif os.path.lexists(target / ".git"):
        reason = "is a Git repository; name a folder inside it"
    elif ".git" in target.parts:
        reason = "is inside of what Git keeps for itself"
    elif os.path.ismount(target):
        reason = "is a mount point; name a folder inside it"
    if reason:
        raise OutputError(f"cannot write to {folder}: it {reason}")
    return target


def _refusal(doing: str, folder: Path, error: OSError) -> OutputError:
    where = "" if error.filename is None else f" ({error.filename})"
    return OutputError(f"cannot {doing} {folder}: {error.strerror or error}{where}")
