"""Deciding what happens to every file, before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import EditedOutput, ForeignFolder, LockError
from .lock import LOCK_NAME, Lock, read_lock
from .paths import ancestors, ignored
from .scan import Scan, intact, read, same, scan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .tree import OutputTree

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """From a folder as it is to the folder as it shall be. Paths are relative and sorted.

    Attributes:
        before: The folder as it was when the plan was made.
        unchanged: Our files that are already right.
        foreign: Files that are not ours and stay.
        written: Content by path of the files to write, with the lock.
        removed: Files to drop.
        folders: Every folder of the result, outer ones first.
        foreign_folders: Those of them in which we never wrote.
    """

    before: Scan
    unchanged: tuple[str, ...]
    foreign: tuple[str, ...]
    written: Mapping[str, bytes]
    removed: tuple[str, ...]
    folders: tuple[str, ...]
    foreign_folders: frozenset[str]

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.written or self.removed)


def make_plan(folder: Path, tree: OutputTree, lock: Lock, *, force: bool) -> Plan:
    """Compares a folder with what it shall hold.

    Only files of the old lock are dropped, and only as we wrote them, unless forced. A file that
    was edited into exactly what we would write is fine.

    Raises:
        EditedOutput: Edited or foreign files are in the way, and `force` is not set.
        ForeignFolder: There are files and no lock, and `force` is not set.
        LockError: The lock is unusable, and `force` is not set. Forced, no file counts as ours:
            those in the way are overwritten, all others stay.
        OSError: The folder cannot be read.
    """
    wanted = {**tree.files, LOCK_NAME: lock.to_bytes()}
    before = scan(folder, everything=True)
    owned = _owned(folder, before, force=force)
    owned_folders = {above for path in owned for above in ancestors(path)}
    in_the_way = _in_the_way(before, wanted)
    unchanged: list[str] = []
    foreign: list[str] = []
    # An empty folder of the user is in the way of a file as much as a full one.
    edited = [path for path in before.folders - owned_folders if path in wanted]
    for path, leaf in before.leaves.items():
        if path in wanted or path in owned:
            content = read(folder, path, leaf)
            if path in wanted and same(content, wanted[path]):
                unchanged.append(path)
            elif path != LOCK_NAME and not intact(content, owned.get(path)):
                edited.append(path)
        elif path in in_the_way:
            edited.append(path)
        else:
            foreign.append(path)
    if edited and not force:
        raise EditedOutput(edited)
    foreign_folders = {
        path
        for path in before.folders - owned_folders
        if wanted.keys().isdisjoint((path, *ancestors(path)))
    }
    parents = {above for path in (*foreign, *wanted) for above in ancestors(path)}
    return Plan(
        before=before,
        unchanged=tuple(sorted(unchanged)),
        foreign=tuple(sorted(foreign)),
        written={path: wanted[path] for path in sorted(wanted.keys() - set(unchanged))},
        removed=tuple(sorted(before.leaves.keys() - wanted.keys() - set(foreign))),
        folders=tuple(sorted(foreign_folders | parents)),
        foreign_folders=frozenset(foreign_folders),
    )


def _owned(folder: Path, before: Scan, *, force: bool) -> Mapping[str, str]:
    try:
        lock = read_lock(folder)
    except LockError:
        if not force:
            raise
        return {}
    if lock is not None:
        return lock.files
    # What tools leave behind does not make a folder foreign: after a branch is switched it is
    # often all that is left of an output.
    if not force and not all(map(ignored, before.leaves)):
        raise ForeignFolder(folder)
    return {}


def _in_the_way(before: Scan, wanted: Mapping[str, bytes]) -> set[str]:
    """The files in whose place, or above or below whose place, a wanted file has to stand."""
    files = {path.casefold(): path for path in wanted}
    places = files | {above.casefold(): above for path in wanted for above in ancestors(path)}
    present = before.leaves.keys() | before.folders

    def blocked(path: str, places: Mapping[str, str]) -> bool:
        # On a file system that knows one spelling only, the other cannot be present as well.
        exact = places.get(path.casefold())
        return exact is not None and (exact == path or exact not in present)

    return {
        path
        for path in before.leaves
        if blocked(path, places) or any(blocked(above, files) for above in ancestors(path))
    }
