"""Writing on a real file system."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from linkwright.emit import staging
from linkwright.emit.disk import WriteResult, write
from linkwright.emit.errors import EditedOutput, ForeignFolder, LockError
from linkwright.emit.lock import LOCK_NAME, Lock, digests, read_lock
from linkwright.emit.state import inspect
from linkwright.emit.tree import OutputTree

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


@pytest.fixture(params=["exchange", "two renames", "file by file"])
def _ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way to swap folders that a system may leave us."""
    if request.param != "exchange":
        monkeypatch.setattr(staging, "_exchange", _cannot)
    if request.param == "file by file":
        rename = Path.rename

        def refuse(self: Path, target: Path) -> Path:
            if target.name == "old":
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            return rename(self, target)

        monkeypatch.setattr(Path, "rename", refuse)


def _cannot(*_: Path) -> bool:
    return False


def _signature(root: Path) -> dict[str, tuple[int, ...]]:
    return {
        str(path): (*(status := path.lstat())[:2], status.st_mtime_ns, status.st_ctime_ns)
        for path in (root, *root.rglob("*"))
    }


def test_first_time_with_parents(tmp_path: Path) -> None:
    target = tmp_path / "a/b/clients"
    mask = os.umask(0o027)
    try:
        result = _write(target, OLD)
    finally:
        os.umask(mask)
    assert result == WriteResult(tuple(sorted(_full(OLD))), (), ())
    assert _content(target) == _full(OLD)
    assert os.listdir(target.parent) == ["clients"]
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (target, target / "p/a.py")]
    assert modes == [0o750, 0o640]


@pytest.mark.usefixtures("_ways")
def test_into_an_empty_folder(tmp_path: Path) -> None:
    target = tmp_path / "clients"
    target.mkdir(mode=0o775)
    target.chmod(0o775)
    _write(target, OLD)
    assert _content(target) == _full(OLD)
    assert stat.S_IMODE(target.stat().st_mode) == 0o775
    assert os.listdir(tmp_path) == ["clients"]


@pytest.mark.usefixtures("_ways")
def test_update(folder: Path) -> None:
    before = {name: (folder / name).stat() for name in ("keep.py", "p/a.py")}
    result = _write(folder, NEW)
    assert result == WriteResult(
        ("__init__.py", LOCK_NAME, "r/c.py"), ("q/b.py",), ("keep.py", "p/a.py")
    )
    assert _content(folder) == _full(NEW)
    assert not (folder / "q").exists()
    assert os.listdir(folder.parent) == ["clients"]
    for name, status in before.items():
        after = (folder / name).stat()
        assert (after.st_mtime_ns, after.st_ino) == (status.st_mtime_ns, status.st_ino)
        assert after.st_nlink == 1


def test_nothing_to_do_touches_nothing(folder: Path) -> None:
    before = _signature(folder.parent)
    time.sleep(0.02)
    result = _write(folder, OLD)
    assert result == WriteResult((), (), tuple(sorted(_full(OLD))))
    assert _write(folder, OLD, force=True) == result
    assert _signature(folder.parent) == before


def test_checkout_with_crlf_is_left_alone(folder: Path) -> None:
    for path in OLD.files.keys() | {LOCK_NAME}:
        (folder / path).write_bytes((folder / path).read_bytes().replace(b"\n", b"\r\n"))
    before = _signature(folder.parent)
    assert not _write(folder, OLD).written
    assert _signature(folder.parent) == before
    assert _write(folder, NEW).unchanged == ("keep.py", "p/a.py")


def test_only_the_lock_changes(folder: Path) -> None:
    lock = Lock(generator="2", tools={}, inputs={}, files=digests(OLD))
    assert write(folder, OLD, lock, force=False).written == (LOCK_NAME,)
    assert read_lock(folder) == lock


def test_lock_of_another_tree(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not describe"):
        write(tmp_path / "clients", NEW, _lock(OLD), force=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("_ways")
def test_what_is_not_ours_is_carried_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.py").write_text("x")
    (folder / "_custom/deep").mkdir(parents=True)
    (folder / "_custom/deep/mine.py").write_text("mine")
    (folder / "q/__pycache__").mkdir()
    (folder / "q/__pycache__/b.pyc").write_text("cache")
    (folder / "notes.txt").write_text("notes")
    (folder / "tool").write_text("#!/bin/sh")
    (folder / "tool").chmod(0o755)
    (folder / "linked").symlink_to(tmp_path / "outside")
    (folder / "dangling").symlink_to("../../nowhere")
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    os.utime(folder / "notes.txt", ns=(1, 2))
    os.utime(folder / "_custom/deep", ns=(1, 3))
    (folder / "_custom/deep").chmod(0o550)
    inode = (folder / "notes.txt").stat().st_ino
    result = _write(folder, NEW)
    assert result.removed == ("q/b.py",)
    assert (folder / "_custom/deep/mine.py").read_text() == "mine"
    assert stat.S_IMODE((folder / "_custom/deep").stat().st_mode) == 0o550
    assert (folder / "_custom/deep").stat().st_mtime_ns == 3
    assert (folder / "q/__pycache__/b.pyc").read_text() == "cache"
    assert (folder / "notes.txt").stat().st_mtime_ns == 2
    assert (folder / "notes.txt").stat().st_ino == inode
    assert os.access(folder / "tool", os.X_OK)
    assert (folder / "linked").readlink() == tmp_path / "outside"
    assert (folder / "dangling").readlink() == Path("../../nowhere")
    assert (folder / "empty").is_dir()
    assert (folder / "pipe").is_fifo()
    assert (tmp_path / "outside/x.py").read_text() == "x"
    assert os.listdir(folder.parent) == ["clients"]


def test_without_hard_links(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    (folder / "linked").symlink_to("nowhere")
    os.utime(folder / "keep.py", ns=(10**18, 10**18))
    _write(folder, NEW)
    assert (folder / "keep.py").stat().st_mtime_ns == 10**18
    assert (folder / "linked").readlink() == Path("nowhere")
    assert inspect(folder, _lock(NEW)).extra == ("linked",)


@pytest.mark.parametrize("path", ["__init__.py", "q/b.py"])
def test_edited_file(folder: Path, path: str) -> None:
    (folder / path).write_text("edited")
    before = _signature(folder)
    with pytest.raises(EditedOutput, match=path) as caught:
        _write(folder, NEW)
    assert caught.value.paths == (path,)
    assert _signature(folder) == before
    assert os.listdir(folder.parent) == ["clients"]
    _write(folder, NEW, force=True)
    assert _content(folder) == _full(NEW)


def test_edited_into_what_would_be_written(folder: Path) -> None:
    (folder / "__init__.py").write_bytes(NEW.files["__init__.py"])
    assert "__init__.py" in _write(folder, NEW).unchanged


def test_edited_back_is_no_reason_to_write(folder: Path) -> None:
    (folder / "__init__.py").write_text("edited")
    with pytest.raises(EditedOutput):
        _write(folder, OLD)


def test_missing_files_come_back(folder: Path) -> None:
    (folder / "p/a.py").unlink()
    (folder / "p").rmdir()
    assert _write(folder, OLD).written == ("p/a.py",)
    assert _content(folder) == _full(OLD)


@pytest.mark.usefixtures("_ways")
@pytest.mark.parametrize(
    "kind", ["file", "link", "folder", "empty folder", "file for folder", "link for folder", "case"]
)
def test_foreign_entry_in_the_way(folder: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/c.py").write_text("precious")
    named = "r/c.py"
    if kind == "file for folder":
        (folder / "r").write_text("mine")
        named = "r"
    elif kind == "link for folder":
        (folder / "r").symlink_to(tmp_path / "outside")
        named = "r"
    else:
        (folder / "r").mkdir()
    if kind == "file":
        (folder / named).write_text("mine")
    elif kind == "link":
        (folder / named).symlink_to(tmp_path / "outside/c.py")
    elif kind == "folder":
        (folder / "r/c.py/deep").mkdir(parents=True)
        (folder / "r/c.py/deep/mine").touch()
        named = "r/c.py/deep/mine"
    elif kind == "empty folder":
        (folder / named).mkdir()
    elif kind == "case":
        named = "r/C.py"
        (folder / named).write_text("mine")
    before = _signature(folder)
    with pytest.raises(EditedOutput) as caught:
        _write(folder, NEW)
    assert named in caught.value.paths
    assert _signature(folder) == before
    _write(folder, NEW, force=True)
    assert _content(folder) == _full(NEW)
    assert not (folder / "r").is_symlink()
    assert (tmp_path / "outside/c.py").read_text() == "precious"


def test_other_spelling_beside_our_own_file_is_no_obstacle(folder: Path) -> None:
    (folder / "KEEP.py").write_text("mine")
    if (folder / "keep.py").read_text() == "mine":
        pytest.skip("the file system knows one spelling only")
    _write(folder, NEW)
    assert (folder / "KEEP.py").read_text() == "mine"


def test_foreign_file_with_the_very_content_is_adopted(folder: Path) -> None:
    (folder / "r").mkdir()
    (folder / "r/c.py").write_bytes(NEW.files["r/c.py"])
    assert "r/c.py" in _write(folder, NEW).unchanged


def test_file_becomes_folder_and_back(tmp_path: Path) -> None:
    target = tmp_path / "clients"
    trees = [OutputTree.of({"a": b"1"}), OutputTree.of({"a/b": b"2"})]
    for tree in (*trees, *trees):
        _write(target, tree)
        assert _content(target) == _full(tree)


def test_our_links_elsewhere_are_not_written_through(folder: Path, tmp_path: Path) -> None:
    os.link(folder / "__init__.py", tmp_path / "second name")
    _write(folder, NEW)
    assert (tmp_path / "second name").read_bytes() == OLD.files["__init__.py"]


def test_foreign_folder(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/main.py").write_text("mine")
    with pytest.raises(ForeignFolder) as caught:
        _write(tmp_path / "src", OLD)
    assert caught.value.folder == tmp_path / "src"
    assert os.listdir(tmp_path) == ["src"]
    _write(tmp_path / "src", OLD, force=True)
    assert _content(tmp_path / "src") == {**_full(OLD), "main.py": b"mine"}


def test_caches_left_by_another_branch_are_not_foreign(tmp_path: Path) -> None:
    (tmp_path / "clients/p/__pycache__").mkdir(parents=True)
    (tmp_path / "clients/p/__pycache__/a.pyc").touch()
    _write(tmp_path / "clients", OLD)
    assert (tmp_path / "clients/p/__pycache__/a.pyc").exists()


def test_unusable_lock(folder: Path) -> None:
    (folder / LOCK_NAME).write_text("<<<<<<< HEAD")
    with pytest.raises(LockError):
        _write(folder, NEW)
    _write(folder, NEW, force=True)
    # Nobody knows any more whose it is.
    assert _content(folder) == {**_full(NEW), "q/b.py": b"b\n"}


def test_lock_that_points_outside(folder: Path) -> None:
    (folder.parent / "precious").write_text("x")
    content = (folder / LOCK_NAME).read_text().replace('"q/b.py"', '"../precious"')
    (folder / LOCK_NAME).write_text(content)
    with pytest.raises(LockError, match="portable"):
        _write(folder, NEW)
    _write(folder, NEW, force=True)
    assert (folder.parent / "precious").exists()
