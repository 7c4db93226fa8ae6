"""Old names of clients: beside other providers, in the modules where they were, in `_custom`.

And code that uses no old name at all, which is told nothing.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.helpers import REPO, execute, python, run

BASE = (REPO / "tests/living/changes/base.yaml").read_text()
_CONFIG = """\
[tool.linkwright]
output = "clients"
"""
_PROVIDER = """\
[tool.linkwright.providers.{name}]
spec = "{name}.yaml"
"""


def _called(client: str) -> str:
    return BASE.replace("title: Acme,", f"title: Acme, x-linkwright-name: {client},")


def _generate(root: Path, **documents: str) -> dict[str, str]:
    """Generate, and tell of the kinds of changes of clients what was before."""
    providers = "".join(_PROVIDER.format(name=name) for name in documents)
    (root / "pyproject.toml").write_text(_CONFIG + providers)
    for name, text in documents.items():
        (root / f"{name}.yaml").write_text(text)
    ran = run("generate", "--report", "report.json", cwd=root)
    assert ran.status == 0, ran.err
    changes = json.loads((root / "report.json").read_text())["changes"]
    return {c["before"]: c["kind"] for c in changes if c["kind"].startswith("client-")}


def _mypy(root: Path, *paths: str) -> str:
    tool = Path(sys.executable).parent / "mypy"
    return execute(str(tool), "--strict", *paths, cwd=root, timeout=600).out


def test_a_client_wins_against_an_old_name_of_another_one(tmp_path: Path) -> None:
    _generate(tmp_path, old=_called("Acme"))
    told = _generate(tmp_path, old=_called("AcmeLegacy"), new=_called("Acme"))
    assert told == {"Acme": "client-renamed"}
    code = "import clients; print(clients.Acme.__module__); print(clients.old.Acme.__name__)"
    ran = python("-W", "ignore", "-c", code, cwd=tmp_path)
    assert ran.out == "clients.new.client\nAcmeLegacy\n", ran.err


def test_two_clients_that_swap_names(tmp_path: Path) -> None:
    _generate(tmp_path, one=_called("Left"), two=_called("Right"))
    told = _generate(tmp_path, one=_called("Right"), two=_called("Left"))
    assert told == {"Left": "client-renamed", "Right": "client-renamed"}
    code = (
        "import clients; names = clients.__all__; assert len(names) == len(set(names)); "
        "print(clients.Left.__module__, clients.AsyncRight.__module__)"
    )
    ran = python("-W", "error", "-c", code, cwd=tmp_path)
    assert ran.out == "clients.two.client clients.one.aio.client\n", ran.err
    assert _mypy(tmp_path, "clients/__init__.py").startswith("Success")


_RENAMED = (
    _called("AcmeBank")
    .replace("tags: [payments]", "tags: [transfers]")
    .replace("name: payments,", "name: transfers,")
    .replace("name: limit,", "name: limit, x-linkwright-name: size,")
    .replace("owner: {", "owner: {x-linkwright-name: holder, ")
)


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose client, resource, argument and field got other names."""
    root = tmp_path_factory.mktemp("renamed")
    _generate(root, acme=BASE)
    assert _generate(root, acme=_RENAMED) == {"Acme": "client-alias-kept"}
    return root


@pytest.fixture
def project(renamed: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(renamed, tmp_path / "project"))


_MODULES = """
from clients.acme.aio import AsyncAcme as Second
from clients.acme.aio.client import AsyncAcme
from clients.acme.client import Acme

client: Acme = Acme(key="x")
other: AsyncAcme = Second(key="x")
"""


def test_the_modules_where_it_was_know_the_old_name(project: Path) -> None:
    (project / "use.py").write_text(_MODULES)
    ran = python("-W", "always", "use.py", cwd=project)
    assert ran.status == 0, ran.err
    for line, prefix in ((2, "Async"), (3, "Async"), (4, "")):
        text = f"use.py:{line}: DeprecationWarning: {prefix}Acme is now called {prefix}AcmeBank"
        assert text in ran.err
    assert _mypy(project, "use.py", "clients").startswith("Success")
    wrong = "from clients.acme.client import Nothing"
    assert "cannot import name 'Nothing'" in python("-c", wrong, cwd=project).err


@pytest.mark.parametrize("place", ["..client", ".."])
def test_a_class_of_ones_own_may_bear_the_old_name(place: str, project: Path) -> None:
    own = project / "clients/acme/_custom"
    own.mkdir()
    text = f"from {place} import Acme as Generated\n\nclass Acme(Generated):\n    mine = True\n"
    (own / "__init__.py").write_text(text)
    code = "from clients.acme import AcmeBank; print(AcmeBank.mine)"
    ran = python("-W", "always", "-c", code, cwd=project)
    assert ran.out == "True\n", ran.err
    assert "Acme is now called AcmeBank: clients.acme._custom.Acme should be, too" in ran.err
    # The present name has it before the old one.
    (own / "__init__.py").write_text(f"{text}\nclass AcmeBank(Acme):\n    mine = 2\n")
    assert python("-c", code, cwd=project).out == "2\n"


def test_a_method_with_an_old_argument_is_a_coroutine_function(project: Path) -> None:
    code = """
import asyncio, inspect
from unittest import mock
from clients.acme import AsyncAcmeBank
client = AsyncAcmeBank(key="x")
assert inspect.iscoroutinefunction(client.accounts.list)
double = mock.create_autospec(client.accounts)
assert inspect.iscoroutinefunction(double.list)
double.list.return_value = 3
assert asyncio.run(double.list(size=1)) == 3
"""
    ran = python("-W", "error", "-c", code, cwd=project)
    assert ran.status == 0, ran.err


def test_code_without_old_names_is_told_nothing(project: Path) -> None:
    code = """
import inspect
from unittest import mock
from clients import *
client = AcmeBank(key="x")
names = dict(inspect.getmembers(client))
assert "payments" not in names
assert "transfers" in names
mock.create_autospec(client)
"""
    ran = python(
        "-W",
        "error",
        "-c",
        code,
        cwd=project,
    )
    assert ran.status == 0, ran.err
    code = "import clients\nfor _ in 1, 2: clients.Acme"
    told = python("-W", "always", "-c", code, cwd=project).err
    assert told.count("DeprecationWarning: Acme is now called AcmeBank") == 2


def test_old_fields_in_what_pydantic_takes_names_for(project: Path) -> None:
    code = """
import warnings
from clients.acme import models

models.Account(id="7", state="open")

class Own(models.Account):
    def __init__(self, **data):
        super().__init__(**data)

account = Own(id="7", state="open", holder="me")
assert account.is_set("owner")
for use in (
    lambda: account.model_copy(update={"owner": "you"}).holder == "you",
    lambda: models.Account.model_construct(id="7", owner="you").holder == "you",
    lambda: account.model_dump(include={"id", "owner"}) == {"id": "7", "holder": "me"},
    lambda: "holder" not in account.model_dump(exclude={"owner": True}),
    lambda: "me" not in account.model_dump_json(exclude={"owner"}),
):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert use(), use.__code__.co_firstlineno
    assert "owner is now called holder" in str(told[0].message), told
    assert told[0].filename == "<string>"
try:
    account.model_copy(update={"owner": 1, "holder": 2})
except TypeError:
    print("twice")
"""
    ran = python("-c", code, cwd=project)
    assert ran.out == "twice\n", ran.err
