"""The tutorial of `docs/facades.md`, done as it says."""

from __future__ import annotations

import re
from pathlib import Path

from linkwright.mapping.values import VERBS
from tests.helpers import REPO, python, run

PAGE = (REPO / "docs" / "facades.md").read_text("utf-8")
FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.S)
RUN = re.compile(r"<!-- run -->\n```python\n(.*?)```", re.S)
FAILS = re.compile(r"<!-- fails: (\w+) -> (\w+) -->\n```\n(\w+): (.*?)\n```", re.S)


def test_the_tutorial_works_and_breaks_where_it_says_so(tmp_path: Path) -> None:
    files = FILE.findall(PAGE)
    assert len(files) == 6
    for name, text in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    made = run("generate", "--config", "linkwright.toml", cwd=tmp_path, timeout=120)
    assert (made.status, made.err) == (0, ""), made.err
    (program,) = RUN.findall(PAGE)
    ran = python("-c", program, cwd=tmp_path)
    assert (ran.out, ran.err) == ("7 moving True\n", "")
    ((old, new, code, message),) = FAILS.findall(PAGE)
    swift = tmp_path / "swift.yaml"
    swift.write_text(swift.read_text().replace(old, new))
    broken = run("generate", "--config", "linkwright.toml", cwd=tmp_path, timeout=120)
    assert broken.status == 2
    assert f"error[{code}]: {message}" in broken.err
    assert "post/swift.yaml:" in broken.err
    assert "swift.yaml:" in broken.err


def test_every_verb_is_documented() -> None:
    table = PAGE[PAGE.index("## The language") :]
    for verb in VERBS:
        assert f"{{{verb}: " in table, verb
