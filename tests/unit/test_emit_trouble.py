"""Targets that are refused, runs that fail or are cut short, and runs that meet."""

from __future__ import annotations

import errno
import functools
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linkwright.emit import disk, guard, staging
from linkwright.emit.disk import WriteResult, recover, write
from linkwright.emit.errors import OutputError
from linkwright.emit.guard import exclusive, guard_path
from linkwright.emit.lock import LOCK_NAME, Lock, digests
from linkwright.emit.tree import OutputTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwright.emit.plan import Plan

OLD = OutputTree.of(
    {"__init__.py": b"# 1\n", "keep.py": b"k\n", "p/a.py": b"a\n", "q/b.py": b"b\n"}
)
NEW = OutputTree.of(
    {"__init__.py": b"# 2\n", "keep.py": b"k\n", "p/a.py": b"a\n", "r/c.py": b"c\n"}
)


def _lock(tree: OutputTree) -> Lock:
    return Lock(generator="1", tools={}, inputs={}, files=digests(tree))


def _write(folder: Path, tree: OutputTree, *, force: bool = False) -> WriteResult:
    return write(folder, tree, _lock(tree), force=force)


def _content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _full(tree: OutputTree) -> dict[str, bytes]:
    return {**tree.files, LOCK_NAME: _lock(tree).to_bytes()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "out/clients"
    _write(target, OLD)
    return target


def _cannot(*_: Path) -> bool:
    return False


def _signature(root: Path) -> dict[str, tuple[int, ...]]:
    return {
        str(path): (*(status := path.lstat())[:2], status.st_mtime_ns, status.st_ctime_ns)
        for path in (root, *root.rglob("*"))
    }


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("file", "not a folder"),
        ("link", "is a symbolic link"),
        ("dangling link", "is a symbolic link"),
        ("repository", "Git repository"),
        ("worktree", "Git repository"),
        ("working directory", "working directory"),
        ("above the working directory", "working directory"),
        ("home", "home"),
        ("root", "home or working directory"),
    ],
)
def test_unsuitable_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, message: str
) -> None:
    target = tmp_path / "target"
    if kind == "file":
        target.touch()
    elif "link" in kind:
        target.symlink_to("real")
        if kind == "link":
            (tmp_path / "real").mkdir()
    else:
        (target / "inner").mkdir(parents=True)
    if kind == "repository":
        (target / ".git").mkdir()
    elif kind == "worktree":
        (target / ".git").write_text("gitdir: elsewhere")
    elif "working" in kind:
        monkeypatch.chdir(target if kind.startswith("working") else target / "inner")
    elif kind == "home":
        monkeypatch.setenv("HOME", str(target))
    elif kind == "root":
        target = Path("/")
    before = _signature(tmp_path)
    spellings = [target, target.parent / "x/.." / target.name]
    for spelling in (*spellings, Path()) if kind == "working directory" else spellings:
        with pytest.raises(OutputError, match=message):
            _write(spelling, OLD, force=True)
    assert _signature(tmp_path) == before


def test_linked_parent_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    _write(tmp_path / "link/clients", OLD)
    assert _content(tmp_path / "real/clients") == _full(OLD)


def test_relative_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write(Path("clients"), OLD)
    assert _content(tmp_path / "clients") == _full(OLD)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder to work in, without the rights of root, who may write anywhere."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o777)
        is_root = os.geteuid() == 0
        if is_root:
            # The standard library itself may lie where only root can read: load what it takes.
            _write(root / "clients", OLD)
            _write(root / "clients", NEW)
            shutil.rmtree(root / "clients")
            os.seteuid(65534)
        try:
            yield root
        finally:
            if is_root:
                os.seteuid(0)
            root.chmod(0o700)


def test_read_only_parent(unprivileged: Path) -> None:
    parent = unprivileged / "parent"
    _write(parent / "clients", OLD)
    parent.chmod(0o555)
    assert not _write(parent / "clients", OLD).written
    with pytest.raises(OutputError, match="Permission denied"):
        _write(parent / "clients", NEW)
    with pytest.raises(OutputError, match="Permission denied"):
        _write(parent / "other", NEW)
    parent.chmod(0o755)
    assert _content(parent / "clients") == _full(OLD)
    assert os.listdir(parent) == ["clients"]


def test_read_only_folders_of_the_user(unprivileged: Path) -> None:
    folder = unprivileged / "clients"
    _write(folder, OLD)
    (folder / "_custom/x").mkdir(parents=True)
    (folder / "_custom/x/mine").touch()
    (folder / "_custom/x").chmod(0o555)
    (folder / "_custom").chmod(0o555)
    _write(folder, NEW)
    assert stat.S_IMODE((folder / "_custom").stat().st_mode) == 0o555
    assert (folder / "_custom/x/mine").exists()
    assert os.listdir(unprivileged) == ["clients"]
    (folder / "_custom").chmod(0o755)
    (folder / "_custom/x").chmod(0o755)


def test_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(disk, "build", refuse)
    with pytest.raises(OutputError, match="No space left"):
        _write(folder, NEW)
    assert _content(folder) == _full(OLD)
    assert os.listdir(folder.parent) == ["clients"]


@pytest.mark.parametrize("step", ["clients", "tree"])
def test_rename_fails(folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == step:
            raise PermissionError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(staging, "_exchange", _cannot)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        _write(folder, NEW)
    assert _content(folder) == _full(OLD)
    assert os.listdir(folder.parent) == ["clients"]


def test_staging_is_private(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []

    def look(place: Path, target: Path, plan: Plan) -> None:
        modes.append(stat.S_IMODE(place.stat().st_mode))
        staging.build(place, target, plan)

    monkeypatch.setattr(disk, "build", look)
    _write(folder, NEW)
    assert modes == [0o700]


def test_file_saved_while_writing_is_not_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.py").write_text("1")
    saves = iter([("mine.py", "22"), ("new.py", "3"), ("new.py", None)])

    def build_slowly(place: Path, target: Path, plan: Plan) -> None:
        name, text = next(saves, ("", ""))
        if text is None:
            (target / name).unlink()  # between listing and linking
        staging.build(place, target, plan)
        if text:
            (target / "temporary").write_text(text)
            (target / "temporary").rename(target / name)

    monkeypatch.setattr(disk, "build", build_slowly)
    _write(folder, NEW)
    assert _content(folder) == {**_full(NEW), "mine.py": b"22"}
    assert os.listdir(folder.parent) == ["clients"]


def test_folder_that_never_rests(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_and_touch(place: Path, target: Path, plan: Plan) -> None:
        staging.build(place, target, plan)
        (target / f"mine{time.monotonic_ns()}").touch()

    monkeypatch.setattr(disk, "build", build_and_touch)
    with pytest.raises(OutputError, match="keeps changing"):
        _write(folder, NEW)
    assert (folder / "__init__.py").read_bytes() == OLD.files["__init__.py"]


def test_guard_of_a_dead_run_blocks_nobody(folder: Path) -> None:
    guard_path(folder).touch()
    assert not _write(folder, OLD).written
    assert os.listdir(folder.parent) == ["clients"]


def test_waiting_ends(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "exclusive", functools.partial(exclusive, wait=0.1))
    with exclusive(folder):
        with pytest.raises(OutputError, match="another run is writing"):
            _write(folder, NEW)
        with pytest.raises(OutputError, match="another run is writing"):
            recover(folder)
        assert guard_path(folder).exists()
    assert _write(folder, NEW).written


def test_guard_removed_by_its_last_holder_is_taken_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = guard._lock  # pyright: ignore[reportPrivateUsage]  # the system call it wraps
    path = guard_path(folder)
    holders = iter([path])

    def lock_late(handle: int) -> bool:
        for held in holders:
            held.unlink()
        return lock(handle)

    monkeypatch.setattr(guard, "_lock", lock_late)
    with exclusive(folder):
        assert path.exists()
    assert not path.exists()


def test_guard_through_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    guard_path(folder).symlink_to(tmp_path / "victim")
    with pytest.raises(OutputError, match="cannot write"):
        _write(folder, NEW)
    assert not (tmp_path / "victim").exists()


def _leftover(folder: Path, digits: str, *entries: str, marker: bool = True) -> Path:
    place = folder.parent / f".clients.linkwright-{digits * 16}"
    place.mkdir()
    if marker:
        (place / ".linkwright-staging").touch()
    for entry in entries:
        (place / entry).mkdir()
        (place / entry / "file").write_text(entry)
    return place


def test_leftovers_are_removed_and_lookalikes_are_not(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim/.linkwright-staging").touch()
    (tmp_path / "victim").chmod(0o705)
    ours = [_leftover(folder, "0", "tree"), _leftover(folder, "1", marker=False)]
    (ours[0] / "tree/link").symlink_to(tmp_path / "victim")
    foreign = [
        _leftover(folder, "2", "tree", marker=False),
        _leftover(folder, "x", "tree"),
        folder.parent / f".clients.linkwright-{'3' * 16}",
        folder.parent / ".other.linkwright-0000000000000000",
    ]
    foreign[2].symlink_to(tmp_path / "victim")
    foreign[3].mkdir()
    assert recover(folder)
    assert not any(path.exists() for path in ours)
    assert all(path.exists() for path in foreign)
    assert (tmp_path / "victim/.linkwright-staging").exists()
    assert stat.S_IMODE((tmp_path / "victim").stat().st_mode) == 0o705
    assert _content(folder) == _full(OLD)


def test_nothing_to_recover(folder: Path, tmp_path: Path) -> None:
    before = _signature(folder.parent)
    assert not recover(folder)
    assert not recover(tmp_path / "no/where")
    assert _signature(folder.parent) == before


def test_interrupted_between_two_renames(folder: Path) -> None:
    place = _leftover(folder, "0", "tree")
    folder.rename(place / "old")
    assert recover(folder)
    assert _content(folder) == _full(OLD)
    assert os.listdir(folder.parent) == ["clients"]


def test_interrupted_and_made_anew(folder: Path) -> None:
    place = _leftover(folder, "0", "tree", "old")
    with pytest.raises(OutputError, match="move one of the two away"):
        _write(folder, NEW)
    assert (place / "old/file").read_text() == "old"
    assert _content(folder) == _full(OLD)
