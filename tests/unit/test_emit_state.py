"""What a folder differs in from its lock and from a tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from linkwright.emit.errors import OutputError
from linkwright.emit.lock import LOCK_NAME, Lock, digests
from linkwright.emit.state import FolderState, diff, inspect
from linkwright.emit.tree import OutputTree

if TYPE_CHECKING:
    from pathlib import Path

TREE = OutputTree.of({"a.py": b"1\n2\n3\n", "p/b.py": b"b\n", "p/c.bin": b"\0\r\n\xff"})
LOCK = Lock(generator="1", tools={}, inputs={}, files=digests(TREE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "clients"
    for path, content in {**TREE.files, LOCK_NAME: LOCK.to_bytes()}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def test_clean(folder: Path) -> None:
    assert inspect(folder, LOCK).clean
    assert diff(folder, TREE) == ""


def test_edited_missing_extra(folder: Path) -> None:
    (folder / "a.py").write_text("1\nX\n3\n")
    (folder / "p/b.py").unlink()
    (folder / "p/new").mkdir()
    (folder / "p/new/x\ny.py").touch()
    assert inspect(folder, LOCK) == FolderState(("a.py",), ("p/b.py",), ("p/new/x\ny.py",))
    assert diff(folder, TREE) == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1,3 @@\n 1\n-X\n+2\n 3\n"
        "new: p/b.py\n"
        "dropped: p/new/x\\ny.py\n"
    )


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    assert inspect(tmp_path / "no", LOCK) == FolderState((), tuple(sorted(LOCK.files)), ())


def test_caches_custom_code_and_empty_folders_do_not_count(folder: Path) -> None:
    for path in ["__pycache__/a.pyc", "p/_custom/mine.py", ".mypy_cache/x/y", "p/.DS_Store"]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    (folder / "p/old.pyc").touch()
    (folder / "empty").mkdir()
    assert inspect(folder, LOCK).clean
    assert diff(folder, TREE) == ""


def test_a_folder_called_like_bytecode_is_looked_into(folder: Path) -> None:
    (folder / "x.pyc").mkdir()
    (folder / "x.pyc/y.py").touch()
    assert inspect(folder, LOCK).extra == ("x.pyc/y.py",)


def test_line_endings_of_a_checkout_are_no_edit(folder: Path) -> None:
    (folder / "a.py").write_bytes(b"1\r\n2\r\n3\r\n")
    assert inspect(folder, LOCK).clean
    assert diff(folder, TREE) == ""
    (folder / "a.py").write_bytes(b"1\r2\r3\r")
    assert inspect(folder, LOCK).edited == ("a.py",)


@pytest.mark.parametrize("kind", ["link to the same content", "dangling link", "folder", "pipe"])
def test_what_is_no_file_is_edited(folder: Path, tmp_path: Path, kind: str) -> None:
    path = folder / "a.py"
    path.rename(tmp_path / "elsewhere")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / ("elsewhere" if "same" in kind else "nowhere"))
    assert inspect(folder, LOCK) == FolderState(("a.py",), (), ())
    what = "a folder" if kind == "folder" else "not a regular file"
    assert diff(folder, TREE) == f"edited: a.py is {what}\n"


def test_linked_folders_are_not_entered(folder: Path, tmp_path: Path) -> None:
    (folder / "p").rename(tmp_path / "p")
    (folder / "p").symlink_to(tmp_path / "p")
    (folder / "loop").symlink_to(".")
    assert inspect(folder, LOCK) == FolderState((), ("p/b.py", "p/c.bin"), ("loop", "p"))


def test_diff_of_hostile_and_binary_content(folder: Path) -> None:
    (folder / "a.py").write_bytes("1\n\x1b]0;x\x07\u202e\u2028\t\r3".encode())
    (folder / "p/b.py").write_bytes(b"\xff")
    (folder / "p/c.bin").write_bytes(b"\0")
    assert diff(folder, TREE) == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,3 @@\n 1\n"
        "-\\x1b]0;x\\x07\\u202e\\u2028\t\\r3\n\\ No newline at end of file\n+2\n+3\n"
        "Binary files a/p/b.py and b/p/b.py differ\n"
        "Binary files a/p/c.bin and b/p/c.bin differ\n"
    )


def test_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for look in (lambda: inspect(tmp_path / "file", LOCK), lambda: diff(tmp_path / "file", TREE)):
        with pytest.raises(OutputError, match=r"cannot read .*file"):
            look()
