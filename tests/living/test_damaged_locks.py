"""A damaged lock: `check` and the vendored `_verify.py` say the same, end alike, and look nowhere else."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwright.cli import main
from linkwright.emit.errors import LockError
from linkwright.emit.lock import LOCK_NAME, digest, read_lock
from linkwright.emit.state import inspect
from tests.helpers import SMALL_SPEC, Ran, run

_CONFIG = """\
[tool.linkwright]
output = "src/clients"
[tool.linkwright.providers.shop]
spec = "specs/shop.yaml"
"""
Table = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose output is right, and a file beside it that is nobody's business."""
    root = tmp_path_factory.mktemp("damaged")
    project = root / "project"
    (project / "specs").mkdir(parents=True)
    (project / "specs/shop.yaml").write_text(SMALL_SPEC)
    (project / "pyproject.toml").write_text(_CONFIG)
    (root / "secret").write_text("canary")
    assert run("generate", cwd=project).status == 0
    return project


@pytest.fixture
def project(made: Path) -> Iterator[Path]:
    """That project; its lock is put back afterwards."""
    lock = made / "src/clients" / LOCK_NAME
    before = lock.read_bytes()
    yield made
    if lock.is_dir() and not lock.is_symlink():
        lock.rmdir()
    else:
        lock.unlink(missing_ok=True)
    lock.write_bytes(before)


def _check(project: Path) -> Ran:
    command = ["check", "--config", str(project / "pyproject.toml")]
    result = CliRunner().invoke(main, command)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Ran(result.exit_code, result.stdout, result.stderr)


def _verify(project: Path) -> Ran:
    path = project / "src/clients/_verify.py"
    spec = importlib.util.spec_from_file_location("verify_of_the_project", path)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status: int = module.main([])
    return Ran(status, out.getvalue(), err.getvalue())


def _message(ran: Ran) -> str:
    """What was said, without where the lock is and what helps; characters spelled alike."""
    first, *others = ran.err.splitlines()
    assert all(line.startswith("  help: ") for line in others)
    plain = first.encode("ascii", "backslashreplace").decode()
    return re.sub(r"/\S*/src/clients", "CLIENTS", plain)


#: Where names of opened files go; an audit hook cannot be taken back, so it rests without.
_NOTES: list[list[str]] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _NOTES and event in ("open", "os.listdir", "os.scandir"):
        name = arguments[0]
        if isinstance(name, (str, bytes, os.PathLike)):
            _NOTES[-1].append(os.path.realpath(os.fsdecode(cast("str", name))))


sys.addaudithook(_note)


@contextmanager
def _kept_inside(project: Path) -> Generator[None]:
    """Whatever is opened meanwhile lies in the project, or is Python's."""
    opened: list[str] = []
    _NOTES.append(opened)
    try:
        yield
    finally:
        _NOTES.pop()
    # A configuration may lie in any folder above.
    above = {str(parent / "pyproject.toml") for parent in project.parents}
    outside = [
        path
        for path in opened
        if (path.startswith((str(project.parent), "/etc")) and path not in above)
        and not Path(path).is_relative_to(project)
    ]
    assert outside == []


def _files(**more: object) -> Callable[[Table], Table]:
    return lambda lock: lock | {"files": lock["files"] | more}


def _inputs(**more: object) -> Callable[[Table], Table]:
    return lambda lock: lock | {"inputs": lock["inputs"] | more}


_DIGEST = digest(b"canary")
#: What became of the lock, the exit status, and the message.
_DAMAGE: list[tuple[bytes | Callable[[Table], object], int, str]] = [
    (b"", 2, "not valid JSON; was a merge conflict"),
    (b"<<<<<<< ours\n{}\n", 2, "not valid JSON"),
    (b"\xff\xfe", 2, "not valid JSON"),
    (b"[" * 100_000, 2, "not valid JSON"),
    (b'{"format": ' + b"9" * 5_000 + b"}", 2, "not valid JSON"),
    (b"[]", 2, "no lock of linkwright"),
    (b"null", 2, "no lock of linkwright"),
    (lambda _: {}, 2, "no lock of linkwright"),
    (lambda lock: lock | {"format": True}, 2, "no lock of linkwright"),
    (lambda lock: lock | {"format": 0}, 2, "no lock of linkwright"),
    (lambda lock: lock | {"format": "1"}, 2, "no lock of linkwright"),
    (lambda lock: lock | {"format": 1.5}, 2, "no lock of linkwright"),
    (lambda _: {"format": 2}, 6, "its format 2 is of a newer linkwright"),
    (lambda lock: lock | {"format": 2, "files": 3}, 6, "its format 2 is of a newer"),
    (lambda lock: lock | {"generator": "99.0"}, 6, "made by linkwright 99.0, this is"),
    (lambda lock: lock | {"generator": "99.0", "tools": 1}, 2, "no table 'tools'"),
    (lambda lock: lock | {"generator": None}, 2, "does not say which linkwright"),
    (lambda lock: lock | {"generator": "9" * 5_000}, 2, "does not say which linkwright"),
    (lambda lock: lock | {"tools": 26}, 2, "no table 'tools'"),
    (lambda lock: lock | {"tools": {"black": 26}}, 2, "'tools' holds something other than text"),
    (lambda lock: lock | {"inputs": None}, 2, "no table 'inputs'"),
    (lambda lock: {k: v for k, v in lock.items() if k != "files"}, 2, "no table 'files'"),
    (_inputs(config=12), 2, "'inputs' holds something other than text"),
    (_inputs(**{"spec:shop:../../../secret": _DIGEST}), 2, "out of the folder of its document"),
    (_inputs(**{"spec:shop:/etc/passwd": _DIGEST}), 2, "out of the folder of its document"),
    (_files(**{"shop/client.py": 12}), 2, "'files' holds something other than text"),
    (_files(**{"shop/client.py": "00"}), 2, "no digest of 'shop/client.py'"),
    (_files(**{"shop/client.py": _DIGEST.upper()}), 2, "no digest of"),
    (_files(**{"../../../secret": _DIGEST}), 2, "not a portable relative path: '../../../secret'"),
    (_files(**{"/etc/passwd": _DIGEST}), 2, "not a portable relative path: '/etc/passwd'"),
    (_files(**{"": _DIGEST}), 2, "not a portable relative path: ''"),
    (_files(**{"a\x1b[31m\n.py": _DIGEST}), 2, r"'a\x1b[31m\n.py'"),
    (_files(**{"é.py": _DIGEST}), 2, r"'\xe9.py'"),
    (_files(**{"shop/aux.py": _DIGEST}), 2, "reserved on Windows"),
    (_files(**{"a" * 300: _DIGEST}), 2, "longer than 200 characters"),
    (_files(**{"Linkwright.lock": _DIGEST}), 2, "the lock does not hold itself"),
    (_files(**{"_custom/mine.py": _DIGEST}), 2, "belongs to the user or a tool"),
]


@pytest.mark.parametrize(
    ("damage", "status", "message"), _DAMAGE, ids=[message for _, _, message in _DAMAGE]
)
def test_both_say_the_same(
    damage: bytes | Callable[[Table], object], status: int, message: str, project: Path
) -> None:
    path = project / "src/clients" / LOCK_NAME
    path.write_bytes(_damaged(damage, path.read_bytes()))
    with _kept_inside(project):
        ran, told = _check(project), _verify(project)
    assert (ran.status, ran.out) == (status, "")
    assert (told.status, told.out) == (status, "")
    assert message in _message(told)
    assert _message(told) == _message(ran)


def _damaged(damage: bytes | Callable[[Table], object], content: bytes) -> bytes:
    if isinstance(damage, bytes):
        return damage
    return json.dumps(damage(json.loads(content))).encode()


@pytest.mark.parametrize("kind", ["nothing", "link", "folder", "pipe"])
def test_only_a_regular_file_is_a_lock(kind: str, project: Path) -> None:
    path = project / "src/clients" / LOCK_NAME
    content = path.read_bytes()
    path.unlink()
    if kind == "link":
        (project / "lock").write_bytes(content)
        path.symlink_to(project / "lock")
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    ran, told = _check(project), _verify(project)
    assert ran.status == told.status == (4 if kind == "nothing" else 2)
    assert _message(told) == _message(ran)


def test_generate_says_it_too_and_can_be_forced(made: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(made, tmp_path / "project"))
    path = project / "src/clients" / LOCK_NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    config = ["--config", str(project / "pyproject.toml")]
    result = CliRunner().invoke(main, ["generate", *config])
    assert result.exit_code == 2
    assert "not valid JSON" in result.stderr
    assert "give --force" in result.stderr
    assert path.read_bytes() == whole[:-200]
    assert CliRunner().invoke(main, ["generate", "--force", *config]).exit_code == 0
    assert path.read_bytes() == whole


_ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 3),
    st.floats(),
    st.text(max_size=5),
    st.just(_DIGEST),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
_KEYS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["../x", "../../../secret", "/etc/passwd", "shop/client.py", "a//b", "a/./b"]),
    st.sampled_from(["spec:shop", "spec:shop:../../../secret", "spec:shop:a/../../b", "C:\\x"]),
)


@st.composite
def _mutations(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A change of the text, or of the values in it."""
    if draw(st.booleans()):
        at, length = draw(st.floats(0, 1)), draw(st.integers(0, 40))
        new = draw(st.one_of(st.binary(max_size=4), st.sampled_from([b"", b"{", b'"', b"9" * 99])))
        cut = draw(st.booleans())

        def spoiled(content: bytes) -> bytes:
            start = int(at * len(content))
            return content[:start] + new + (b"" if cut else content[start + length :])

        return spoiled
    changes = draw(st.dictionaries(st.sampled_from(["format", "generator", "tools"]), _ODD))
    entries = draw(st.dictionaries(_KEYS, _ODD, max_size=2))
    table = draw(st.sampled_from(["tools", "inputs", "files"]))

    def replaced(content: bytes) -> bytes:
        lock: Table = json.loads(content)
        lock[table] |= entries
        return json.dumps(lock | changes).encode()

    return replaced


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mutation=_mutations())
def test_whatever_is_in_it(mutation: Callable[[bytes], bytes], made: Path) -> None:
    folder = made / "src/clients"
    path = folder / LOCK_NAME
    before = path.read_bytes()
    try:
        path.write_bytes(mutation(before))
        with _kept_inside(made):
            told = _verify(made)
            try:
                lock = read_lock(folder)
            except LockError:
                lock = None
            assert lock is not None or told.status in (2, 6)
            if told.status in (2, 6):
                ran = _check(made)
                assert (ran.status, ran.out) == (told.status, "")
                assert _message(ran) == _message(told)
            elif lock is not None:
                assert {line for line in told.out.splitlines() if "stale" not in line} == {
                    f"{kind}: {name}"
                    for kind, names in asdict(inspect(folder, lock)).items()
                    for name in names
                }
    finally:
        path.write_bytes(before)
