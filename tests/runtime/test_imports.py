"""What an import may cost, and that both clients say the same."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from subprocess import run
from sys import executable

import pytest

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "templates" / "package" / "_runtime"

CONSTRUCT = """
import sys
from toyapi import Toy
client = Toy(token="t")
client.connections
import json
print(json.dumps(sorted(sys.modules)))
"""


def loaded(program: str) -> set[str]:
    path = f"{RUNTIME.parents[1]}:{HERE}"
    done = run(
        [executable, "-c", program],
        env={"PYTHONPATH": path},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return set(json.loads(done.stdout))


def test_constructing_a_client_imports_nothing_slow() -> None:
    # The toy keeps both clients in one module; generated packages do not.
    stub = "aio = sys.modules['package._runtime.aio'] = type(sys)('aio'); aio.AsyncClient = object"
    program = CONSTRUCT.replace("from toyapi", f"{stub}\nfrom toyapi")
    slow = {
        "asyncio",
        "email",
        "httpx2",
        "pydantic",
        "pydantic_core",
        "ssl",
        "toyapi.models",
        "uuid",
    }
    assert not slow & loaded(program)


def test_asynchronous_client_imports_nothing_of_the_wire_either() -> None:
    assert not {"httpx2", "pydantic", "email"} & loaded(CONSTRUCT)


@pytest.mark.parametrize("path", sorted(RUNTIME.glob("*.py")), ids=lambda path: path.stem)
def test_form_of_modules(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    assert len(text.splitlines()) < 300
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").split(".")[0] != "package"
    exported = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    if path.stem != "__init__":
        names: list[str] = ast.literal_eval(exported[0])
        assert names == sorted(names)


def test_the_clients_differ_in_async_alone() -> None:
    text = (RUNTIME / "aio.py").read_text()
    for pattern, plain in [
        (r"await asyncio\.sleep", "time.sleep"),
        (r"\basync def\b", "def"),
        (r"\bawait ", ""),
        (r"Callable\[P, Awaitable\[(T|object)\]\]", r"Callable[P, \1]"),
        (r"\bAsync(Client|Credential|Pager|Streamed)\b", r"\1"),
        (r"__a(enter|exit)__", r"__\1__"),
        (r"\baclose\b", "close"),
        (r"\bnew_async_client\b", "new_client"),
        (r"\bask_async\b", "ask"),
        (r"\bexchange_async\b", "exchange"),
        (r"self\._timed", "self._attempt"),
    ]:
        text = re.sub(pattern, plain, text)

    def bodies(source: str) -> dict[str, str]:
        (shell,) = (n for n in ast.parse(source).body if isinstance(n, ast.ClassDef))
        return {n.name: ast.unparse(n) for n in shell.body if isinstance(n, ast.FunctionDef)}

    # Tasks are cancelled when time is over; in threads, `guard` bounds every wait.
    text = re.sub(r"    async def _timed.*?(?=\n    def )", "", text, flags=re.DOTALL)
    text = re.sub(r"    def _timed.*?(?=\n    def )", "", text, flags=re.DOTALL)
    # Threads need a lock where tasks of one loop do not.
    locked = {"__init__", "after_fork", "close", "_opened"}
    sync = bodies((RUNTIME / "client.py").read_text())
    rewritten = bodies(text)
    assert sync.keys() == rewritten.keys()
    assert {k: v for k, v in sync.items() if k not in locked} == {
        k: v for k, v in rewritten.items() if k not in locked
    }
