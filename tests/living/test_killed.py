"""`linkwright generate` and the cache, killed in the midst: old or new, and the next run mends it."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from linkwright.cache import Cache, key
from linkwright.cli import main
from tests.dying import dies_at, steps_of
from tests.helpers import SMALL_SPEC, files_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="dies in forks")

_CONFIG = """\
[tool.linkwright]
output = "src/clients"
[tool.linkwright.providers.shop]
spec = "shop.yaml"
"""


def _generate(project: Path) -> None:
    command = ["generate", "--jobs", "1", "--config", str(project / "pyproject.toml")]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr


def _telling(steps: list[str]) -> list[int]:
    """Where one kind of step follows another for the first and for the last time, and the end."""
    pairs = list(enumerate(zip(["", *steps], steps, strict=False)))
    first = {pair: n for n, pair in reversed(pairs)}
    last = {pair: n for n, pair in pairs}
    return sorted({*first.values(), *last.values(), len(steps)})


def test_generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From configuration to output; `tests/unit/test_emit_kill.py` tries each step of writing."""
    monkeypatch.setenv("LINKWRIGHT_CACHE", str(tmp_path / "cache"))
    before, after = tmp_path / "before", tmp_path / "after"
    text = SMALL_SPEC.replace("listItems", "findItems").replace("Item:", "Thing:")
    for project, spec in ((before, SMALL_SPEC), (after, text.replace("/Item'", "/Thing'"))):
        if project is after:
            shutil.copytree(before, after)
        project.mkdir(exist_ok=True)
        (project / "pyproject.toml").write_text(_CONFIG)
        (project / "shop.yaml").write_text(spec)
        _generate(project)
    old, new = (files_of(project / "src/clients") for project in (before, after))
    assert old != new

    def start(number: int | str) -> Path:
        project = tmp_path / str(number)
        shutil.copytree(before, project)
        shutil.copy(after / "shop.yaml", project)
        return project

    steps = steps_of(partial(_generate, start("whole")))
    outcomes: list[bool] = []
    for count in _telling(steps):
        project = start(count)
        assert dies_at(count, partial(_generate, project)) == (count < len(steps))
        found = files_of(project / "src/clients")
        assert found in (old, new)
        outcomes.append(found == new)
        _generate(project)
        assert files_of(project / "src/clients") == new
        assert [path.name for path in (project / "src").iterdir()] == ["clients"]
        shutil.rmtree(project)
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


def test_the_cache(tmp_path: Path) -> None:
    """What was kept before stays, and what was being kept is there or is not."""
    names = [key(str(number)) for number in range(3)]
    count, died = 0, True
    while died:
        folder = tmp_path / str(count)
        Cache(folder).keep({names[0]: b"before" * 99})
        more = dict.fromkeys(names, b"after" * 99)
        died = dies_at(count, partial(Cache(folder).keep, more))
        cache = Cache(folder)
        assert cache.get(names[0]) in (b"before" * 99, b"after" * 99)
        assert all(cache.get(name) in (None, b"after" * 99) for name in names[1:])
        cache.keep(more)
        assert all(cache.get(name) == b"after" * 99 for name in names)
        count += 1
    assert count > 10
