"""Edited, missing, extra, stale, newer: told apart by `check` and by the vendored `_verify.py`."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linkwright import __version__
from tests.helpers import REPO, SMALL_SPEC, Ran, files_of, python, run

_CONFIG = """\
[tool.linkwright]
output = "src/clients"
[tool.linkwright.providers.shop]
spec = "specs/shop.yaml"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose output is right."""
    root = tmp_path_factory.mktemp("made")
    (root / "specs").mkdir()
    (root / "specs/shop.yaml").write_text(SMALL_SPEC)
    (root / "pyproject.toml").write_text(_CONFIG)
    assert run("generate", cwd=root).status == 0
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copytree(made, tmp_path / "project"))


def _lock(project: Path, **changes: object) -> None:
    path = project / "src/clients/linkwright.lock"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def _edit(project: Path) -> None:
    with (project / "src/clients/shop/client.py").open("a") as stream:
        stream.write("# mine\n")


def _remove(project: Path) -> None:
    (project / "src/clients/shop/client.py").unlink()


def _add(project: Path) -> None:
    (project / "src/clients/shop/more.py").touch()


def _move_on(project: Path) -> None:
    with (project / "specs/shop.yaml").open("a") as stream:
        stream.write("# a remark\n")


def _upgrade(project: Path) -> None:
    _lock(project, generator="99.0.1")


def _reformat(project: Path) -> None:
    _lock(project, format=99)


def _verify(project: Path, *arguments: str) -> Ran:
    return python("-m", "clients._verify", *arguments, cwd=project, env={"PYTHONPATH": "src"})


Spoil = Callable[[Path], None]
#: What was done, the exit status, and the message.
_WAYS: list[tuple[Spoil, int, str]] = [
    (_edit, 3, "edited: shop/client.py"),
    (_remove, 4, "missing: shop/client.py"),
    (_add, 5, "extra: shop/more.py"),
    (_move_on, 1, "stale: "),
    (_upgrade, 6, "newer: "),
    (_reformat, 6, "newer"),
]


def _name(value: object) -> str:
    return str(getattr(value, "__name__", ""))


def test_all_is_well(project: Path) -> None:
    assert run("check", cwd=project).status == 0
    assert _verify(project) == Ran(0, "", "")


@pytest.mark.parametrize(("spoil", "status", "message"), _WAYS, ids=_name)
def test_each_has_its_message_and_status(
    spoil: Spoil, status: int, message: str, project: Path
) -> None:
    spoil(project)
    before = files_of(project)
    for ran in (run("check", cwd=project), _verify(project)):
        assert ran.status == status
        assert message in ran.out + ran.err
        others = {"edited:", "missing:", "extra:", "stale:", "newer:"} - {
            f"{message.split(':')[0]}:"
        }
        assert [word for word in others if word in ran.out + ran.err] == []
    assert files_of(project) == before


def test_the_gravest_counts_and_all_are_said(project: Path) -> None:
    for spoil in (_move_on, _add, _edit):
        spoil(project)
    for ran in (run("check", cwd=project), _verify(project)):
        assert ran.status == 3
        for word in ("edited: shop/client.py", "extra: shop/more.py", "stale: "):
            assert word in ran.out + ran.err


def test_the_inputs_that_moved_are_named(project: Path) -> None:
    _move_on(project)
    assert "spec:shop" in run("check", cwd=project).err
    assert _verify(project).out == "stale: spec:shop\n"


def test_inputs_may_be_given_to_the_verifier(project: Path) -> None:
    (project / "pyproject.toml").unlink()
    _move_on(project)
    assert _verify(project).status == 0  # nothing says where the inputs are
    assert _verify(project, "spec:shop=specs/shop.yaml") == Ran(1, "stale: spec:shop\n", "")
    assert _verify(project, "spec:shop=specs/none.yaml").status == 1
    ran = _verify(project, "spec:bank=specs/shop.yaml")
    assert (ran.status, ran.out) == (2, "")
    assert "the lock has no input spec:bank" in ran.err


def test_configuration_of_another_output_is_none_of_its_business(project: Path) -> None:
    config = project / "pyproject.toml"
    config.write_text(_CONFIG.replace("src/clients", "src/others"))
    _move_on(project)
    assert _verify(project).status == 0


def test_a_provider_that_is_no_longer_configured(project: Path) -> None:
    config = project / "pyproject.toml"
    config.write_text(_CONFIG.replace("providers.shop", "providers.store"))
    assert _verify(project).out == "stale: spec:shop\nstale: spec:store\n"
    assert run("check", cwd=project).status == 1


@pytest.mark.parametrize(
    ("more", "stale"),
    [
        ('[tool.linkwright.providers.more]\nspec = "specs/shop.yaml"\n', "spec:more"),
        ('[tool.linkwright.providers.more]\nspec = "bundled:basiq"\n', "spec:more"),
        ('overlays = ["specs/shop.yaml"]\n', "overlays:shop:0"),
    ],
    ids=["provider", "bundled provider", "overlay"],
)
def test_an_input_that_is_new_or_gone(more: str, stale: str, project: Path) -> None:
    (project / "pyproject.toml").write_text(_CONFIG + more)
    assert _verify(project) == Ran(1, f"stale: {stale}\n", "")
    (project / "pyproject.toml").write_text(_CONFIG)
    digest = hashlib.sha256((project / "specs/shop.yaml").read_bytes()).hexdigest()
    old = json.loads((project / "src/clients/linkwright.lock").read_text())["inputs"]
    _lock(project, inputs={**old, stale: digest})
    assert _verify(project) == Ran(1, f"stale: {stale}\n", "")
    assert run("check", cwd=project).status == 1
    (project / "pyproject.toml").write_text(_CONFIG + more)
    assert _verify(project) == Ran(0, "", "")


def test_a_facade_that_is_new_or_gone(project: Path) -> None:
    config = project / "pyproject.toml"
    config.write_text(_CONFIG.replace('clients"\n', 'clients"\nfacades = ["f"]\n'))
    assert _verify(project) == Ran(1, "stale: facades:0\n", "")
    old = json.loads((project / "src/clients/linkwright.lock").read_text())["inputs"]
    _lock(project, inputs={**old, "facades:0": "0" * 64})
    assert _verify(project) == Ran(0, "", "")  # what is in the folder is not looked at
    config.write_text(_CONFIG)
    assert _verify(project) == Ran(1, "stale: facades:0\n", "")
    assert run("check", cwd=project).status == 1


def test_a_newer_record_of_names_is_said_to_be_newer(project: Path) -> None:
    path = project / "src/clients/linkwright.names.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    before = files_of(project)
    for command in (("generate", "--force"), ("check", "--full")):
        ran = run(*command, cwd=project)
        assert ran.status == 6
        assert "newer: " in ran.err
        assert "its format 99 is of a newer linkwright" in ran.err
        assert "upgrade linkwright" in ran.err
    assert files_of(project) == before


def test_configuration_is_an_input(project: Path) -> None:
    before = (project / "src/clients/linkwright.lock").read_bytes()
    with (project / "pyproject.toml").open("a") as stream:
        stream.write("[project]\nname = 'x'\n")
    assert run("check", cwd=project).status == 0
    assert (project / "src/clients/linkwright.lock").read_bytes() == before


def test_what_a_newer_generator_wrote_is_not_overwritten(project: Path) -> None:
    _upgrade(project)
    before = files_of(project)
    ran = run("generate", cwd=project)
    assert ran.status == 6
    assert f"made by linkwright 99.0.1, this is {__version__}" in ran.err
    assert files_of(project) == before
    assert run("generate", "--force", cwd=project).status == 0
    assert run("check", cwd=project).status == 0


def test_edited_output_is_refused_with_a_diff(project: Path) -> None:
    _edit(project)
    _move_on(project)
    before = files_of(project)
    ran = run("generate", cwd=project)
    assert ran.status == 3
    assert "--- a/shop/client.py\n+++ b/shop/client.py\n" in ran.err
    assert "-# mine\n" in ran.err
    assert "shop/errors.py" not in ran.err
    assert files_of(project) == before


def test_line_ends_of_a_checkout_do_not_matter(project: Path) -> None:
    """Git may turn every file into CRLF, inputs and outputs alike."""
    for path in project.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run("check", "--full", cwd=project).status == 0
    assert _verify(project).status == 0


def test_verifier_is_of_this_version() -> None:
    text = (REPO / "templates/package/_verify.py").read_text()
    assert f'\n_GENERATOR = "{__version__}"\n' in text
