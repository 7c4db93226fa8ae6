"""Code of one's own in `_custom`: found at import, never touched, and never reported."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers import SMALL_SPEC, Ran, files_of, python, run

_OWN = """\
from ..client import Shop as Generated

class Shop(Generated):
    def greeting(self):
        return f"hello from {type(self).__module__}"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project without code of its own."""
    root = tmp_path_factory.mktemp("made")
    (root / "shop.yaml").write_text(SMALL_SPEC)
    assert run("generate", "--spec", "shop.yaml", "--out", "clients", cwd=root).status == 0
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "project"))


def _customise(project: Path, text: str) -> Path:
    own = project / "clients/shop/_custom"
    own.mkdir()
    (own / "__init__.py").write_text(text)
    return own


def _use(project: Path, code: str) -> Ran:
    return python("-c", code, cwd=project)


def test_without_it_the_generated_class_is_given(project: Path) -> None:
    ran = _use(project, "import clients; print(clients.Shop.__module__)")
    assert (ran.out, ran.err) == ("clients.shop.client\n", "")


@pytest.mark.parametrize("path", ["clients.Shop", "clients.shop.Shop"])
def test_a_subclass_takes_the_place_of_the_client(path: str, project: Path) -> None:
    _customise(project, _OWN)
    ran = _use(project, f"import clients.shop; print({path}(token='x').greeting())")
    assert (ran.out, ran.err) == ("hello from clients.shop._custom\n", "")
    ran = _use(project, "from clients.shop import AsyncShop; print(AsyncShop.__module__)")
    assert ran.out == "clients.shop.aio.client\n"


def test_it_may_import_the_package_it_stands_in(project: Path) -> None:
    _customise(project, _OWN.replace("..client import", ".. import"))
    ran = _use(project, "from clients.shop import Shop; print(Shop(token='x').greeting())")
    assert (ran.out, ran.err) == ("hello from clients.shop._custom\n", "")


def test_what_is_no_subclass_is_refused(project: Path) -> None:
    _customise(project, "class Shop: ...\n")
    ran = _use(project, "from clients.shop import Shop")
    assert "TypeError: clients.shop._custom.Shop must be a subclass" in ran.err


def test_its_own_mistakes_are_not_hidden(project: Path) -> None:
    _customise(project, "import nothing_of_this_name\n")
    ran = _use(project, "from clients.shop import Shop")
    assert "ModuleNotFoundError: No module named 'nothing_of_this_name'" in ran.err


def test_it_is_never_touched_nor_reported(project: Path) -> None:
    own = _customise(project, _OWN)
    (own / "deep").mkdir()
    (own / "deep/data.bin").write_bytes(b"\0")
    before = files_of(own)
    stamp = (own / "__init__.py").stat().st_mtime_ns
    command = ("--spec", "shop.yaml", "--out", "clients")
    assert run("check", *command, cwd=project).status == 0
    (project / "shop.yaml").write_text(SMALL_SPEC.replace("listItems", "findItems"))
    for force in ((), ("--force",)):
        assert run("generate", *command, *force, cwd=project).status == 0
        assert files_of(own) == before
        assert (own / "__init__.py").stat().st_mtime_ns == stamp
    assert _use(project, "import clients._verify as v, sys; sys.exit(v.main([]))").status == 0
