"""The committed output works wherever it is put: it names neither itself nor its place.

Each time, in a process of its own: a client is constructed, models are imported, a value is
decoded, and a request is made against a stub transport.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from tests.helpers import GENERATED, Ran, python

#: `sys.argv` holds the packages to try, each with the name of its copy of the clients.
_USE = '''
import asyncio
import importlib
import sys
from datetime import datetime
from decimal import Decimal

import httpx2
from pydantic import TypeAdapter


def try_out(name: str) -> object:
    """Use one copy of the clients, and give its model of an account."""
    clients = importlib.import_module(name)
    models = importlib.import_module(f"{name}.powens.models")
    requests = []
    connection = {"id": 7, "id_connector": 3, "active": True, "created": "2026-01-31 09:30:00"}

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append((request.method, str(request.url), request.headers["authorization"]))
        return httpx2.Response(200, json={"connections": [connection]})

    transport = httpx2.MockTransport(answer)
    with httpx2.Client(transport=transport) as http:
        client = clients.Powens(token="secret", http_client=http)
        listed = client.connections.list()
    assert type(listed) is models.ConnectionsList
    assert [type(one) for one in listed.connections] == [models.Connection]
    assert [(one.id, one.created) for one in listed.connections] == [
        (7, datetime(2026, 1, 31, 9, 30))
    ]

    async def again() -> object:
        async with httpx2.AsyncClient(transport=transport) as http:
            return await clients.AsyncPowens(token="secret", http_client=http).connections.list()

    assert asyncio.run(again()) == listed
    url = "https://demo.biapi.pro/2.0/users/me/connections"
    assert requests == [("GET", url, "Bearer secret")] * 2, requests

    types = importlib.import_module(f"{name}._runtime.types")
    exact = TypeAdapter(types.DecimalNumber).validate_json("12.5")
    assert exact == Decimal("12.5")

    refused = httpx2.MockTransport(lambda request: httpx2.Response(404, content=b"{}"))
    with httpx2.Client(transport=refused) as http:
        try:
            clients.Powens(token="secret", http_client=http).connections.get(1)
        except clients.errors.NotFound as error:
            errors = importlib.import_module(f"{name}.powens.errors")
            assert type(error) is errors.PowensNotFound
        else:
            raise AssertionError("404 is no error")
    for exported in clients.__all__:
        assert getattr(clients, exported) is not None, exported
    return models.Connection


tried = [try_out(name) for name in sys.argv[1:]]
assert len(set(tried)) == len(tried), "copies share their classes"
'''


def _copy(target: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(GENERATED, target, ignore=ignore)


def _use(cwd: Path, *names: str, path: Path | None = None) -> Ran:
    env = {"PYTHONPATH": str(path or cwd), "PYTHONDONTWRITEBYTECODE": "1"}
    return python("-W", "error", "-c", _USE, *names, cwd=cwd, env=env)


def test_another_name_three_levels_down(tmp_path: Path) -> None:
    _copy(tmp_path / "shop" / "vendored" / "bank_apis")
    for parent in ("shop", "shop/vendored"):
        (tmp_path / parent / "__init__.py").touch()
    ran = _use(tmp_path, "shop.vendored.bank_apis")
    assert (ran.status, ran.err) == (0, "")


def test_below_namespace_packages(tmp_path: Path) -> None:
    """Two folders without `__init__.py`, which the output's own parent may well be."""
    _copy(tmp_path / "company" / "apis" / "clients")
    ran = _use(tmp_path, "company.apis.clients")
    assert (ran.status, ran.err) == (0, "")


def test_two_copies_in_one_process(tmp_path: Path) -> None:
    _copy(tmp_path / "old_clients")
    _copy(tmp_path / "apps" / "new_clients")
    ran = _use(tmp_path, "old_clients", "apps.new_clients")
    assert (ran.status, ran.err) == (0, "")


def test_from_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w") as stream:
        for path in sorted(GENERATED.rglob("*.py")):
            stream.write(path, Path("inner", "clients") / path.relative_to(GENERATED))
        stream.writestr("inner/__init__.py", "")
    ran = _use(tmp_path, "inner.clients", path=archive)
    assert (ran.status, ran.err) == (0, "")


def test_parent_folders_may_be_called_anything(tmp_path: Path) -> None:
    _copy(tmp_path / "a folder, with $igns & ünïcode" / "clients")
    ran = _use(tmp_path, "clients", path=tmp_path / "a folder, with $igns & ünïcode")
    assert (ran.status, ran.err) == (0, "")


_FORBIDDEN = "('httpx2', 'httpx', 'pydantic', 'pydantic_core', 'linkwright', 'importlib.metadata')"


@pytest.mark.parametrize(
    ("package", "client"),
    [
        ("powens", "Powens"),
        ("basiq", "AsyncBasiq"),
        ("saltedge", "SaltEdge"),
        ("codat_expenses", "CodatExpenses"),
        ("codat_lending", "AsyncCodatLending"),
    ],
)
def test_constructing_a_client_imports_little(package: str, client: str, tmp_path: Path) -> None:
    """Neither the HTTP library nor pydantic, no models, and no other provider."""
    _copy(tmp_path / "clients")
    code = f"""
import sys
import clients.{package}
client = clients.{package}.{client}()
repr(client)
print(*sorted(name for name in {_FORBIDDEN} if name in sys.modules))
print(*sorted(name for name in sys.modules if name.startswith("clients.")))
"""
    ran = python("-c", code, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert (ran.status, ran.err) == (0, "")
    forbidden, imported = ran.out.splitlines()
    assert forbidden == ""
    assert f"clients.{package}.models" not in imported.split()
    own = ("clients._runtime", f"clients.{package}")
    assert [name for name in imported.split() if not name.startswith(own)] == []
