"""Which paths an output may hold."""

from __future__ import annotations

import pytest

from linkwright.emit.paths import ignored, visible
from linkwright.emit.tree import OutputTree


def test_sorted_whatever_the_order_of_insertion() -> None:
    tree = OutputTree.of({"b.py": b"2", "a/z.py": b"", "a/_x-1.y.py": b"1"})
    assert list(tree.files) == ["a/_x-1.y.py", "a/z.py", "b.py"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a.py",
        "a/",
        "a//b.py",
        ".",
        "..",
        "../a.py",
        "a/../b.py",
        "a/./b.py",
        "a\\b.py",
        "C:a.py",
        "a.py:stream",
        ".hidden",
        "a/.git/config",
        "-rf",
        "a b.py",
        "a\nb.py",
        "a.py\n",
        "a\0.py",
        "ä.py",
        "ﬁeld.py",
        "a.",
        "con",
        "CON.py",
        "a/nul.tar.gz",
        "aux/a.py",
        "lpt1.md",
        "a" * 201,
        "linkwright.lock",
        "Linkwright.LOCK",
        "_custom/a.py",
        "a/__pycache__/b.py",
        "a.pyc",
    ],
)
def test_refused_path(path: str) -> None:
    with pytest.raises(ValueError, match=r"path|reserved|lock|belongs"):
        OutputTree.of({path: b""})


@pytest.mark.parametrize("path", ["a" * 200, "console.py", "com10.py", "a/linkwright.lock", "a..b"])
def test_accepted_path(path: str) -> None:
    assert list(OutputTree.of({path: b""}).files) == [path]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("User.py", "user.py"),
        ("A/x.py", "a/y.py"),
        ("a/B/x.py", "a/b/y.py"),
        ("a", "a/b.py"),
        ("A", "a/b.py"),
        ("a/b/c", "a/b"),
    ],
)
def test_paths_that_cannot_stand_side_by_side(one: str, other: str) -> None:
    for files in ({one: b"", other: b""}, {other: b"", one: b""}):
        with pytest.raises(ValueError, match=r"differ only in case|both a file and a folder"):
            OutputTree.of(files)


def test_ignored() -> None:
    assert all(map(ignored, ["_custom", "a/_custom/b/c.py", "a.pyc", "a/.DS_Store"]))
    assert not any(map(ignored, ["custom/a.py", "a/_custom.py", "a.py", ".git/config"]))


def test_visible_spells_out_what_a_terminal_would_obey() -> None:
    assert visible("a\tb\n") == "a\tb\n"
    assert visible("é\x1b[31m\r\u202e\u2028\x85\ud800") == r"é\x1b[31m\r\u202e\u2028\x85\ud800"
    assert visible("a\tb\n", keep="") == r"a\tb\n"
