"""The lock file: stable bytes, and nothing believed that looks odd."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from linkwright.emit.lock import LOCK_NAME, Lock, LockError, digest, read_lock

if TYPE_CHECKING:
    from pathlib import Path

LOCK = Lock(
    generator="1.0.0",
    tools={"black": "26.10.0"},
    inputs={"powens": digest(b"spec"), "ключ": digest(b"")},
    files={"b.py": digest(b"b"), "a.py": digest(b"a")},
)


def test_round_trip(tmp_path: Path) -> None:
    content = LOCK.to_bytes()
    (tmp_path / LOCK_NAME).write_bytes(content)
    assert read_lock(tmp_path) == LOCK
    assert content.isascii()
    assert b"\r" not in content
    assert content.endswith(b"}\n")
    assert content.index(b"a.py") < content.index(b"b.py")


def test_order_of_entries_does_not_show() -> None:
    swapped = dict(sorted(LOCK.files.items()))
    other = Lock(generator="1.0.0", tools=LOCK.tools, inputs=LOCK.inputs, files=swapped)
    assert other.to_bytes() == LOCK.to_bytes()


def test_crlf_checkout(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).write_bytes(LOCK.to_bytes().replace(b"\n", b"\r\n"))
    assert read_lock(tmp_path) == LOCK


def test_absent(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert read_lock(tmp_path) is None
    assert read_lock(tmp_path / "nowhere") is None
    assert read_lock(tmp_path / "file") is None


VALID = json.loads(LOCK.to_bytes())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not valid JSON"),
        (b"<<<<<<< HEAD\n{}\n", "merge conflict"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "no lock of linkwright"),
        (b"{}", "no lock of linkwright"),
        ({"lockfileVersion": 3, "packages": {}}, "no lock of linkwright"),
        (VALID | {"format": 2}, "newer linkwright"),
        (VALID | {"format": True}, "no lock of linkwright"),
        (VALID | {"format": 0}, "no lock of linkwright"),
        (VALID | {"generator": None}, "which linkwright"),
        (VALID | {"tools": []}, "no table 'tools'"),
        (VALID | {"inputs": {"a": 1}}, "other than text"),
        (VALID | {"files": {"../a.py": digest(b"")}}, "portable"),
        (VALID | {"files": {"/etc/passwd": digest(b"")}}, "portable"),
        (VALID | {"files": {"_custom/a.py": digest(b"")}}, "belongs to the user"),
        (VALID | {"files": {"a.py": "00"}}, "no digest of"),
    ],
)
def test_refused(tmp_path: Path, content: bytes | dict[str, object], message: str) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (tmp_path / LOCK_NAME).write_bytes(data)
    with pytest.raises(LockError, match=message):
        read_lock(tmp_path)


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_only_a_regular_file_is_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / LOCK_NAME
    if kind == "link":
        (tmp_path / "real").write_bytes(LOCK.to_bytes())
        path.symlink_to("real")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    with pytest.raises(LockError, match="not a regular file"):
        read_lock(tmp_path)


def test_reading_a_lock_loads_no_hashing_and_no_writing() -> None:
    code = (
        "import sys, linkwright.emit.lock as lock, pathlib; lock.read_lock(pathlib.Path('.'));"
        "print(*{'hashlib', 'ctypes', 'shutil', 'difflib', 'fcntl'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
