"""Only what changed is done again: the cache, jobs, watching, and runs with nothing to do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linkwright.cache import Cache, default_cache, key
from linkwright.commands import watch as watch_module
from linkwright.commands.generate import Options
from linkwright.diagnostics import Collector
from linkwright.settings import from_file
from tests.helpers import REPO, SMALL_SPEC, Ran, differences, files_of, python, run

_CONFIG = '[tool.linkwright]\noutput = "clients"\n' + "".join(
    f'[tool.linkwright.providers.{name}]\nspec = "{name}.yaml"\n' for name in ("bank", "shop")
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two providers, not generated yet."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text(_CONFIG)
    for name in ("bank", "shop"):
        (root / f"{name}.yaml").write_text(SMALL_SPEC)
    return root


#: Progress is shown from the first moment on: how long that takes is the machine's mood.
_EAGER = """
from linkwright import cli, progress
progress._PATIENCE = 0
cli.main()
"""


def _generate(project: Path, *arguments: str, cache: Path | str = "off") -> Ran:
    """Run, and keep what is said about progress."""
    done = subprocess.run(
        [sys.executable, "-c", _EAGER, "generate", *arguments],
        cwd=project,
        env={**os.environ, "LINKWRIGHT_CACHE": str(cache), "PYTHONPATH": str(REPO / "generator")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _change(project: Path, name: str = "shop") -> None:
    text = SMALL_SPEC.replace("description: Items.", "description: All items.")
    (project / f"{name}.yaml").write_text(text.replace("listItems", "findItems"))


def _stamps(root: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in root.rglob("*")
        if path.is_file()
    }


def test_only_the_changed_provider_is_done_again(project: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert "reading bank, shop" in _generate(project, cache=cache).err
    before = _stamps(project / "clients")
    _change(project)
    ran = _generate(project, cache=cache)
    assert "reading shop\n" in ran.err
    assert "bank" not in ran.err
    after = _stamps(project / "clients")
    touched = {path for path in after if after[path] != before.get(path)}
    shared = {"linkwright.lock", "linkwright.names.json"}
    assert touched - shared
    assert {path.split("/")[0] for path in touched - shared} == {"shop"}


def test_the_cache_gives_the_same_bytes(project: Path, tmp_path: Path) -> None:
    """Cold, warm, after a deletion, and without."""
    results: list[dict[str, bytes]] = []
    for cache in (tmp_path / "cache", tmp_path / "cache", "off"):
        shutil.rmtree(project / "clients", ignore_errors=True)
        assert _generate(project, cache=cache).status == 0
        results.append(files_of(project / "clients"))
    shutil.rmtree(tmp_path / "cache")
    _change(project)
    assert _generate(project, cache=tmp_path / "cache").status == 0
    assert differences(results[0], results[1]) == ""
    assert differences(results[0], results[2]) == ""


def test_checkouts_share_the_cache(project: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    other = Path(shutil.copytree(project, tmp_path / "other"))
    here = _generate(project, "--config", "pyproject.toml", cache=cache)
    there = _generate(other, "--config", "pyproject.toml", cache=cache)
    assert "reading" in here.err
    assert "reading" not in there.err
    assert differences(files_of(project / "clients"), files_of(other / "clients")) == ""


def test_damaged_entries_count_as_absent(project: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert _generate(project, cache=cache).status == 0
    expected = files_of(project / "clients")
    for number, path in enumerate(sorted(cache.rglob("??/*"))):
        content = path.read_bytes()
        damaged = (b"", content[: len(content) // 2], content.replace(b"def ", b"xyz "), b"\0")
        path.write_bytes(damaged[number % 4])
    shutil.rmtree(project / "clients")
    assert _generate(project, cache=cache).status == 0
    assert differences(expected, files_of(project / "clients")) == ""


def test_warnings_are_said_again(project: Path, tmp_path: Path) -> None:
    """What comes out of the cache is not silent about what it lacks."""
    text = SMALL_SPEC.replace("{name: {type: string}}", "{name: {type: string, nullable: true}}")
    (project / "bank.yaml").write_text(
        text.replace("tags: [items]", "tags: [items]\n      x-internal: true")
    )
    told: list[list[str]] = []
    for _ in range(2):
        shutil.rmtree(project / "clients", ignore_errors=True)
        ran = _generate(project, "--verbose", cache=tmp_path / "cache")
        assert ran.status == 0, ran.err
        lines = ran.err.splitlines()
        told.append([line for line in lines if not line.startswith("linkwright: ")])
    assert told[0] == told[1]
    assert any("warning[" in line for line in told[0])


@pytest.mark.parametrize("jobs", ["1", "2", "7"])
def test_jobs_change_nothing(jobs: str, project: Path) -> None:
    assert _generate(project).status == 0
    expected = files_of(project / "clients")
    shutil.rmtree(project / "clients")
    assert _generate(project, "--jobs", jobs).status == 0
    assert differences(expected, files_of(project / "clients")) == ""


def test_jobs_are_a_positive_number(project: Path) -> None:
    assert _generate(project, "--jobs", "0").status == 2


@pytest.mark.parametrize("command", ["generate", "check"])
def test_nothing_to_do_touches_nothing_and_needs_no_cache(command: str, project: Path) -> None:
    assert _generate(project).status == 0
    before = _stamps(project)
    ran = run(command, cwd=project)
    assert (ran.status, ran.out) == (0, f"{project}/clients is up to date\n")
    assert _stamps(project) == before


_LOADED = """
import sys
from linkwright.__main__ import main
main()
heavy = {"click", "jinja2", "yaml", "black", "asyncio"} & sys.modules.keys()
print(" ".join(sorted(heavy)))
"""


@pytest.mark.parametrize("command", ["check", "generate"])
def test_nothing_to_do_loads_next_to_nothing(command: str, project: Path) -> None:
    """What `make bench` measures, held here by what it is made of."""
    assert _generate(project).status == 0
    assert python("-c", _LOADED, command, cwd=project) == Ran(
        0, f"{project / 'clients'} is up to date\n\n", ""
    )


def test_nobody_need_listen(project: Path) -> None:
    assert _generate(project).status == 0
    reader, writer = os.pipe()
    os.close(reader)
    for way, output, status in ((">&-", None, 0), ("", writer, 1)):
        done = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m linkwright check {way}"],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(REPO / "generator")},
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (status, b"")
    os.close(writer)


def test_what_is_not_ours_is_found_by_check_and_left_by_generate(project: Path) -> None:
    assert _generate(project).status == 0
    (project / "clients" / "mine.py").write_text("")
    assert run("check", cwd=project).status == 5
    assert run("generate", cwd=project).out == f"{project / 'clients'} is up to date\n"


@pytest.fixture
def watching(project: Path) -> Iterator[subprocess.Popen[str]]:
    """`generate --watch`, which ends with the test."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "linkwright", "generate", "--watch"],
        cwd=project,
        env={**os.environ, "LINKWRIGHT_CACHE": "off", "PYTHONPATH": str(REPO / "generator")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.kill()
    process.wait(10)


def _until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen")


def test_watch(project: Path, watching: subprocess.Popen[str]) -> None:
    """Changes are taken up, mistakes are waited out, and Ctrl-C is a good end."""
    client = project / "clients/shop/resources/items.py"
    _until(client.exists)
    time.sleep(1)  # it has to begin to watch
    (project / "shop.yaml").write_text("openapi: [")
    time.sleep(2)
    _change(project)
    _until(lambda: "def find(" in client.read_text())
    watching.send_signal(signal.SIGINT)
    out, _ = watching.communicate(timeout=30)
    assert watching.returncode == 0, out
    assert "E102" in out
    assert "changed: shop.yaml\n" in out
    assert "Traceback" not in out


def test_watching_the_configuration(project: Path, watching: subprocess.Popen[str]) -> None:
    """It is an input as well: what it names anew is generated, and its mistakes are waited out."""
    _until((project / "clients/shop/resources/items.py").exists)
    time.sleep(1)  # it has to begin to watch
    config = project / "pyproject.toml"
    for text in ("[tool.linkwright", "[tool.linkwright]\nproviders = 3\n"):
        config.write_text(text)
        time.sleep(2)
    config.unlink()
    time.sleep(2)
    (project / "more.yaml").write_text(SMALL_SPEC)
    config.write_text(_CONFIG + '[tool.linkwright.providers.more]\nspec = "more.yaml"\n')
    _until((project / "clients/more/resources/items.py").exists)
    watching.send_signal(signal.SIGINT)
    out, _ = watching.communicate(timeout=30)
    assert watching.returncode == 0, out
    assert "not valid TOML" in out
    assert "changed: pyproject.toml\n" in out
    assert "Traceback" not in out


def test_what_is_saved_while_it_is_generated_is_a_change(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = project / "pyproject.toml"
    runs: list[str] = []
    given: list[Options] = []

    def run_once(_project: object, _folder: object, options: Options) -> None:
        runs.append((project / "shop.yaml").read_text())
        given.append(options)
        if len(runs) > 1:
            raise KeyboardInterrupt
        _change(project)

    monkeypatch.setattr("linkwright.commands.generate.run", run_once)
    found = from_file(config, None, Collector())
    options = Options(report=project / "report.md", force=True)
    watch_module.watch(lambda: (found, project / "clients"), config, options)
    assert given == [options, Options(report=options.report)]  # forced once
    assert "listItems" in runs[0]
    assert "findItems" in runs[1]
    assert "changed: " in capsys.readouterr().err


def test_entries_survive_only_as_they_were_put_in(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    name = key("a", "b")
    assert key("a", "b") != key("ab", "")
    assert cache.get(name) is None
    cache.keep({name: b"content\nwith lines"})
    assert cache.get(name) == b"content\nwith lines"
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700


def test_old_entries_are_pruned(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    old, new = key("old"), key("new")
    cache.keep({old: b"1"})
    for path in (*tmp_path.glob("??/*"), tmp_path / "pruned"):
        os.utime(path, (1, 1))
    cache.keep({new: b"2"})
    assert (cache.get(old), cache.get(new)) == (None, b"2")


def test_a_folder_that_others_can_write_to_is_not_believed(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    Cache(folder).keep({key("a"): b"1"})
    folder.chmod(0o777)
    assert Cache(folder).get(key("a")) is None


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWRIGHT_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    default_cache().keep({key("a"): b"1"})
    assert list((tmp_path / "linkwright").glob("??/*"))
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    default_cache().keep({key("a"): b"1"})  # no home: no cache, and no error
    assert not (tmp_path / "none").exists()
