"""Type checkers know which adapter `connect` gives, what it gives back, and what it lacks.

The program they check is written from the capability matrix, so no operation can be forgotten.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.facade import capabilities
from tests.facade.conftest import CLIENTS
from tests.helpers import GENERATED, python

#: How each operation is called, and what it gives for a native model.
CALLS = {
    "list": ("owner='o'", "list[Connection[{listed}]]"),
    "get": ("'c', owner='o'", "Connection[{native}]"),
    "create": ("'i', owner='o'", "Operation[{native}]"),
    "create_partner_expense": ("owner='o'", "Operation[{native}]"),
    "update": ("'c', owner='o'", "Operation[{native}]"),
    "refresh": ("'c', owner='o'", "Operation[{native}]"),
    "refresh_all": ("owner='o'", "list[Operation[{native}]]"),
    "reconnect": ("'c', owner='o'", "Operation[{native}]"),
    "submit_interactive": ("'a', owner='o'", "Operation[{native}]"),
    "unlink": ("'c', owner='o'", "Connection[{native}]"),
    "delete": ("'c', owner='o'", "None"),
    "purge": ("'c', owner='o'", "None"),
    "authorize_url": ("owner='o'", "str"),
    "track": ("'j', owner='o'", "Job[{job}]"),
    "wait_until_ready": ("'c', owner='o'", "Outcome[{native}]"),
}
JOBS = {"basiq": "Job", "codat_expenses": "PullOperation", "codat_lending": "PullOperation"}
_IGNORES = "# type: ignore[attr-defined]"


def _program() -> Iterator[str]:
    yield "from __future__ import annotations"
    yield "from typing import assert_type"
    yield "from clients import " + ", ".join(
        f"{prefix}{name}" for name in CLIENTS.values() for prefix in ("", "Async")
    )
    yield "from clients.facade import CanDelete, CanList, Connection, Job, Operation, Outcome, connect"
    for provider, client in CLIENTS.items():
        yield f"from clients.{provider} import models as {provider}"
        yield f"from clients.facade.providers.{provider} import Async{client}Facade, {client}Facade"
    yield "def tidy(connections: CanList) -> int: return len(connections.list(owner='o'))"
    yield "def drop(connections: CanDelete) -> None: connections.delete('c', owner='o')"
    for provider, client in CLIENTS.items():
        models = {
            "native": f"{provider}.Connection",
            "listed": f"{provider}.Connection{'ListItem' if provider == 'basiq' else ''}",
            "job": f"{provider}.{JOBS.get(provider, '')}",
        }
        for prefix in ("", "Async"):
            def_ = "async def" if prefix else "def"
            yield f"{def_} use_{prefix}{provider}(client: {prefix}{client}) -> None:"
            yield f"    facade = connect('{provider}', client)"
            yield f"    assert_type(facade, {prefix}{client}Facade)"
            if not prefix:
                yield "    tidy(facade.connections)"
                yield "    drop(facade.connections)"
            for operation, (arguments, result) in CALLS.items():
                call = f"facade.connections.{operation}({arguments})"
                if capabilities()[provider][operation].level == "unsupported":
                    yield f"    {call}  {_IGNORES}"
                elif operation in ("delete", "purge"):
                    yield f"    {'await ' if prefix else ''}{call}"
                else:
                    waits = "await " if prefix else ""
                    yield f"    assert_type({waits}{call}, {result.format(**models)})"
            each = "async for" if prefix else "for"
            yield f"    {each} item in facade.connections.iterate(owner='o'):"
            yield f"        assert_type(item.native, {models['listed']})"


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["mypy", "basedpyright"])
def test_what_type_checkers_know(checker: str, tmp_path: Path) -> None:
    assert set(CALLS) | {"iterate"} == set(capabilities()["powens"])
    program = tmp_path / "program.py"
    program.write_text("\n".join(_program()))
    (tmp_path / "pyrightconfig.json").write_text(
        '{"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": ["program.py"], '
        f'"reportUnnecessaryTypeIgnoreComment": "error", "extraPaths": ["{GENERATED.parent}"]}}'
    )
    if checker == "mypy":
        env = {"MYPYPATH": str(GENERATED.parent), "MYPY_CACHE_DIR": str(tmp_path / "cache")}
        options = ["--strict", "--disable-error-code", "unused-coroutine", "program.py"]
    else:
        env = {}
        options = ["--level", "error", "--pythonpath", sys.executable]
    ran = python("-m", checker, *options, cwd=tmp_path, env=env, timeout=300)
    assert ran.status == 0, ran.out + ran.err
