"""Bad input: one clear error with a place, exit status 2, no traceback, nothing written, no waiting.

Each input is given to a process of its own, which may take five seconds.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import REPO, SMALL_SPEC, Ran, execute, files_of, run

_SECONDS = 5
_DEEP = 10_000
_PAIR = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
_ONE = "paths:\n  /a:\n    get:\n      operationId: a\n"
_DONE = "      responses: {'204': {description: Done.}}\n"
_DEFAULT = f"{_PAIR}{_ONE}      parameters: [{{name: q, in: query, required: true, schema: "
_BOMB = "".join(f"x-{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))

#: Content of a file, by what is wrong with it.
_REFUSED: dict[str, str | bytes] = {
    "empty": "",
    "only a comment": "# nothing here\n",
    "not YAML": "openapi: [\n",
    "text": "It was a dark and stormy night.\n",
    "binary": bytes(range(256)) * 4,
    "a list": "[1, 2]\n",
    "null": "null\n",
    "two documents": f"{SMALL_SPEC}---\n{SMALL_SPEC}",
    "duplicate keys": f"{_PAIR}{_ONE}{_DONE}      operationId: b\n",
    "no openapi": "info: {title: T, version: '1'}\npaths: {}\n",
    "openapi of another kind": "openapi: [3.1.0]\n",
    "swagger": "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n",
    "info is null": "openapi: 3.1.0\ninfo:\npaths: {}\n",
    "paths is a list": f"{_PAIR}paths: []\n",
    "operation is null": f"{_PAIR}paths: {{/a: {{get: }}}}\n",
    "ref to nothing": f"{_PAIR}paths: {{/a: {{$ref: '#/components/pathItems/A'}}}}\n",
    "ref to a file": f"{_PAIR}paths: {{/a: {{$ref: 'other.yaml#/A'}}}}\n",
    "ref to a parent": f"{_PAIR}paths: {{/a: {{$ref: '../../etc/passwd'}}}}\n",
    "ref to the web": f"{_PAIR}paths: {{/a: {{$ref: 'http://127.0.0.1:9/a'}}}}\n",
    "ref to a file URL": f"{_PAIR}paths: {{/a: {{$ref: 'file:///etc/passwd'}}}}\n",
    "ref to an absolute path": f"{_PAIR}paths: {{/a: {{$ref: '/dev/zero'}}}}\n",
    "ref to a list": f"{_PAIR}paths: {{/a: {{$ref: []}}}}\n",
    "ref to itself": f"{_PAIR}paths: {{/a: {{$ref: '#/paths/~1a'}}}}\n",
    "deep flow": f"{_PAIR}x: {'[' * _DEEP}{']' * _DEEP}\n",
    "deep flow mappings": f"{_PAIR}x: {'{a: ' * _DEEP}{'}' * _DEEP}\n",
    "deep flow, never closed": f"{_PAIR}x: {'[' * _DEEP}",
    "deep block": f"{_PAIR}x:\n{''.join(' ' * n + 'a:' + chr(10) for n in range(1, 2_000))}",
    "deep block lists": f"{_PAIR}x:\n  {'- ' * _DEEP}a\n",
    "alias bomb": f"{_PAIR}x-0: &a0 [lol]\n{_BOMB}",
    "alias to itself": f"{_PAIR}x: &a [*a]\n",
    "alias in a circle": f"{_PAIR}paths: &p {{/a: {{get: *p}}}}\n",
    "alias to nothing": f"{_PAIR}paths: *p\n",
    "merge of a scalar": f"{_PAIR}paths: {{<<: 1}}\n",
    "merge of itself": f"{_PAIR}paths: &p {{<<: *p}}\n",
    "python object": f"{_PAIR}x: !!python/object/apply:os.system ['touch pwned']\n",
    "huge decimal": f"{_PAIR}x: {'9' * 100_000}\n",
    "huge hexadecimal": f"{_DEFAULT}{{default: 0x{'f' * 10_000}}}}}]\n{_DONE}",
    "huge octal": f"{_DEFAULT}{{default: 0o{'7' * 10_000}}}}}]\n{_DONE}",
    "surrogate in a name": f'{_PAIR}paths: {{"/\\uD800": {{}}}}\n',
    "NUL": f"{_PAIR}paths: \0\n",
    "control character": f"{_PAIR}paths: \x07\n",
    "UTF-16 without a mark": SMALL_SPEC.encode("utf-16-le"),
    "UTF-16 cut off": SMALL_SPEC.encode("utf-16")[:-1],
    "UTF-32": SMALL_SPEC.encode("utf-32"),
    "latin-1": SMALL_SPEC.replace("Small", "Fußball").encode("latin-1"),
    "not a number": f"{_DEFAULT}{{type: number, default: .nan}}}}]\n{_DONE}",
    "infinity": f"{_DEFAULT}{{type: number, default: -.inf}}}}]\n{_DONE}",
    "more than a float holds": f"{_DEFAULT}{{type: number, default: 1e999}}}}]\n{_DONE}",
    "const that is not a number": f"{_DEFAULT}{{const: .nan}}}}]\n{_DONE}",
    "key of a megabyte": f"{SMALL_SPEC}x-{'k' * 1_000_000}: 1\n",
    "surrogate in prose": SMALL_SPEC.replace("Items.", '"\\uD800 Items."'),
    "complex key": f"{_PAIR}paths: {{? [a] : b}}\n",
    "composed of itself": (
        f"{_PAIR}{_ONE}      responses: {{'200': {{description: D, content: "
        "{application/json: {schema: {$ref: '#/components/schemas/A'}}}}}\n"
        "components: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}, {}]}}}\n"
    ),
}
CONTENTS = {
    name: content.encode() if isinstance(content, str) else content
    for name, content in _REFUSED.items()
}

#: What is odd and has one meaning, and is generated.
GOOD_CONTENTS: dict[str, bytes] = {
    "byte order mark": b"\xef\xbb\xbf" + SMALL_SPEC.encode(),
    "UTF-16 with a mark": SMALL_SPEC.encode("utf-16"),
    "CRLF": SMALL_SPEC.replace("\n", "\r\n").encode(),
    "key as long as YAML allows": f"{SMALL_SPEC}x-{'k' * 1_000}: 1\n".encode(),
    "operations of one name": f"{_PAIR}{_ONE}{_DONE}    put:\n      operationId: A\n{_DONE}".encode(),
    "astral escape": SMALL_SPEC.replace("Items.", '"\\U0001F600 Items."').encode(),
}


def generate(folder: Path, *arguments: str | Path) -> Ran:
    """Generate from `spec.yaml` in a folder unless arguments say otherwise."""
    given = arguments or ("--spec", "spec.yaml", "--name", "shop")
    return run("generate", *given, "--out", "out", cwd=folder)


def refused(folder: Path, *arguments: str | Path) -> Ran:
    """Like `generate`, for what must be refused without any waiting."""
    given = arguments or ("--spec", "spec.yaml", "--name", "shop")
    return run("generate", *given, "--out", "out", cwd=folder, timeout=_SECONDS)


def assert_refused(ran: Ran, folder: Path, *, place: str = "spec.yaml", errors: int = 1) -> None:
    """One error that names a place; exit status 2; no traceback; nothing beside the input."""
    assert "Traceback" not in ran.err, ran.err[-2_000:]
    assert ran.status == 2, ran
    assert ran.out == ""
    assert len(re.findall(r"^error\[E\d{3}\]: ", ran.err, re.M)) == errors, ran.err
    assert re.search(rf"^  --> {re.escape(place)}(:[1-9]\d*:[1-9]\d*)?$", ran.err, re.M), ran.err
    assert len(ran.err) < 2_000, "an error is short, whatever the input"
    assert not any(path.name.startswith(("out", ".out", "pwned")) for path in folder.iterdir())


@pytest.mark.parametrize("name", CONTENTS)
def test_content_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes(CONTENTS[name])
    ran = refused(tmp_path)
    assert_refused(ran, tmp_path)
    assert re.search(r"^  --> spec\.yaml:\d+:\d+$", ran.err, re.M), "content has a position"


@pytest.mark.parametrize("name", GOOD_CONTENTS)
def test_odd_content_is_accepted(name: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes(GOOD_CONTENTS[name])
    ran = generate(tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert (tmp_path / "out/shop/client.py").is_file()


def _missing(spec: Path) -> None:
    spec.unlink(missing_ok=True)


def _folder(spec: Path) -> None:
    spec.mkdir()


def _fifo(spec: Path) -> None:
    os.mkfifo(spec)


def _loop(spec: Path) -> None:
    spec.symlink_to("spec.yaml")


def _dangling(spec: Path) -> None:
    spec.symlink_to("nowhere")


def _device(spec: Path) -> None:
    spec.symlink_to("/dev/zero")


def _too_large(spec: Path) -> None:
    with spec.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)


@pytest.mark.parametrize(
    "make",
    [_missing, _folder, _fifo, _loop, _dangling, _device, _too_large],
    ids=lambda m: m.__name__,
)
def test_what_is_no_file_is_refused(make: Callable[[Path], None], tmp_path: Path) -> None:
    """Nothing is waited for and nothing endless is read."""
    make(tmp_path / "spec.yaml")
    assert_refused(refused(tmp_path), tmp_path)


def test_long_file_name_is_refused(tmp_path: Path) -> None:
    name = "x" * 300 + ".yaml"
    ran = refused(tmp_path, "--spec", name, "--name", "shop")
    assert_refused(ran, tmp_path, place=name)


@pytest.mark.parametrize("what", ["spec", "config"])
def test_file_without_read_permission(what: str, tmp_path: Path) -> None:
    """Refused with its name, and with what the system says."""
    name = {"spec": "spec.yaml", "config": "linkwright.toml"}[what]
    (tmp_path / name).write_text(SMALL_SPEC)
    (tmp_path / name).chmod(0)
    ran = _unprivileged(["generate", f"--{what}", name, "--out", "out"], tmp_path)
    assert "cannot be read: " in ran.err
    assert_refused(ran, tmp_path, place=name)


def test_output_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    tmp_path.chmod(0o555)
    arguments = ["generate", "--spec", "spec.yaml", "--name", "shop", "--out", "out"]
    ran = _unprivileged(arguments, tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert re.fullmatch(r"error: cannot write out: Permission denied \(.*\)\n", ran.err), ran.err
    assert files_of(tmp_path) == {"spec.yaml": SMALL_SPEC.encode()}


def _unprivileged(arguments: list[str], folder: Path) -> Ran:
    """Run the command so that modes of files count: root may read and write everything else."""
    command = [sys.executable, "-m", "linkwright", *arguments]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("runs as root, and there is no setpriv to give up what root may do")
        powers = "-dac_override,-dac_read_search"
        command = [setpriv, f"--bounding-set={powers}", f"--inh-caps={powers}", *command]
    return execute(*command, cwd=folder, timeout=_SECONDS)


#: Configurations by what is wrong with them.
CONFIGS = {
    "not TOML": "[tool.linkwright\n",
    "no table": "[tool.other]\n",
    "tool is no table": "tool = 1\n",
    "not a table": "[tool]\nlinkwright = 1\n",
    "unknown option": "[tool.linkwright]\ncolour = 'red'\n",
    "output of another kind": "[tool.linkwright]\noutput = 1\n",
    "no providers": "[tool.linkwright]\nproviders = {}\n",
    "provider without spec": "[tool.linkwright.providers.a]\n",
    "unknown bundled spec": "[tool.linkwright.providers.a]\nspec = 'bundled:paypal'\n",
    "provider name": "[tool.linkwright.providers.'../a']\nspec = 'spec.yaml'\n",
    "keyword as a name": "[tool.linkwright.providers.class]\nspec = 'spec.yaml'\n",
    "device as a name": "[tool.linkwright.providers.con]\nspec = 'spec.yaml'\n",
    "accept of an error": "[tool.linkwright]\naccept = [{code='E301', message='x', reason='x'}]\n",
    "accept without reason": "[tool.linkwright]\naccept = [{code='W201', message='x'}]\n",
    "accept of another kind": "[tool.linkwright]\naccept = 'W201'\n",
}


@pytest.mark.parametrize("name", CONFIGS)
def test_config_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    (tmp_path / "linkwright.toml").write_text(CONFIGS[name])
    assert_refused(
        refused(tmp_path, "--config", "linkwright.toml"), tmp_path, place="linkwright.toml"
    )


def test_unreadable_config_on_the_way_up(tmp_path: Path) -> None:
    """A `pyproject.toml` that was found, not named, gets the same clear error."""
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.linkwright]\n# \xff\n")
    assert_refused(
        generate(tmp_path, "--verbose"), tmp_path, place=str(tmp_path / "pyproject.toml")
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a spec, and output made from it in `out`."""
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    assert generate(tmp_path).status == 0
    return tmp_path


def test_output_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    (tmp_path / "out").write_text("mine")
    ran = generate(tmp_path)
    assert (ran.status, ran.err) == (2, "error: cannot write to out: it is not a folder\n")
    assert (tmp_path / "out").read_text() == "mine"


def test_output_that_is_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SMALL_SPEC)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    ran = generate(tmp_path)
    assert ran.status == 3
    assert "out is not empty and was not written by linkwright\n  help: " in ran.err
    assert files_of(tmp_path / "out") == {"thesis.txt": b"mine"}
    assert generate(tmp_path, "--spec", "spec.yaml", "--name", "shop", "--force").status == 0
    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"


def test_edited_output_is_kept_unless_forced(shop: Path) -> None:
    """Exit status 3 names the file; `--force` gives what a first run gives; other files stay."""
    clean = files_of(shop / "out")
    (shop / "out/shop/client.py").write_text("# better\n")
    (shop / "out/shop/notes.txt").write_text("mine")
    (shop / "out/_custom").mkdir()
    (shop / "out/_custom/more.py").write_text("mine = 1\n")
    edited = files_of(shop / "out")
    ran = generate(shop)
    assert (ran.status, ran.out) == (3, "")
    assert "shop/client.py" in ran.err
    assert "--force" in ran.err
    assert "notes.txt" not in ran.err
    assert files_of(shop / "out") == edited
    forced = generate(shop, "--spec", "spec.yaml", "--name", "shop", "--force")
    assert forced.status == 0
    extra = {"shop/notes.txt": b"mine", "_custom/more.py": b"mine = 1\n"}
    assert files_of(shop / "out") == clean | extra


def test_missing_output_is_written_again(shop: Path) -> None:
    clean = files_of(shop / "out")
    (shop / "out/shop/client.py").unlink()
    assert generate(shop).status == 0
    assert files_of(shop / "out") == clean


def test_refused_input_leaves_the_output_alone(shop: Path) -> None:
    clean = files_of(shop / "out")
    (shop / "spec.yaml").write_text("openapi: [")
    assert generate(shop).status == 2
    assert files_of(shop / "out") == clean


def test_killed_at_any_moment(shop: Path) -> None:
    """A run that is killed leaves the old output or the new one; the next run succeeds."""
    old = files_of(shop / "out")
    (shop / "spec.yaml").write_text(SMALL_SPEC.replace("listItems", "findItems"))
    begun = time.monotonic()
    shutil.copytree(shop, shop.parent / "timed", dirs_exist_ok=True)
    assert generate(shop.parent / "timed").status == 0
    new, whole = files_of(shop.parent / "timed" / "out"), time.monotonic() - begun
    assert old != new
    for step in range(1, 11):
        _killed_after(shop, whole * step / 10)
        now = files_of(shop / "out")
        assert now in (old, new), f"a mixture, killed after {step} tenths"
    assert generate(shop).status == 0
    assert files_of(shop / "out") == new
    assert sorted(path.name for path in shop.iterdir()) == ["out", "spec.yaml"]


def _killed_after(folder: Path, seconds: float) -> None:
    arguments = ["generate", "--spec", "spec.yaml", "--name", "shop", "--out", "out"]
    process = subprocess.Popen(
        [sys.executable, "-m", "linkwright", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPO / "generator")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
