"""Models that lead to each other in long chains: they import, and values go through all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_LONG = 200
_USE = """
import json, threading
from pydantic import BaseModel, ValidationError
from clients.deep.models.s7 import S7
class Mine(BaseModel):
    one: S7
assert Mine.model_validate({"one": {"next": {"n": 1}}}).one.next.n == 1
from clients.deep import models
from clients._runtime.decode import decode
def nested(levels, inner):
    value = inner
    for _ in range(levels):
        value = {"next": value}
    return value
def read():
    value, issues = decode(lambda: models.S0, json.dumps(nested(150, {"n": 5, "more": [1]})).encode())
    for level in range(150):
        assert type(value).__name__ == f"S{level}", value
        value = value.next
    assert value.n == 5 and value.more == [1] and not issues
    seen.append(value)
seen = []
threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(seen) == 4
given = nested(150, {"n": 5})
assert json.loads(models.S0.model_validate(given).model_dump_json(exclude_unset=True)) == given
try:
    models.S0.model_validate(nested(150, {"n": "x"}))
except ValidationError as error:
    (fault,) = error.errors()
    assert fault["loc"] == ("next",) * 150 + ("n",), fault
else:
    raise AssertionError
assert [type(one) for one in models.S0.model_validate(nested(2, {"rest": [{"n": 1}]})).next.next.rest] == [models.S3]
for name in models.__all__[::20]:
    getattr(models, name).model_rebuild()
"""


def _ref(number: int) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/S{number}"}


@pytest.mark.parametrize("end", [_LONG, 0], ids=["chain", "cycle"])
def test_values_go_through_a_chain_longer_than_python_is_deep(end: int, tmp_path: Path) -> None:
    schemas = {
        f"S{n}": {
            "type": "object",
            "properties": {
                "n": {"type": "integer"},
                "next": _ref(n + 1 if n + 1 < _LONG else end),
                "rest": {"type": "array", "items": _ref(n + 1 if n + 1 < _LONG else end)},
            },
        }
        for n in range(_LONG)
    }
    schemas[f"S{_LONG}"] = {"type": "object", "properties": {"n": {"type": "integer"}}}
    answer = {"description": "It.", "content": {"application/json": {"schema": _ref(0)}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Deep", "version": "1"},
        "servers": [{"url": "https://api.example"}],
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": answer}}}},
        "components": {"schemas": schemas},
    }
    spec = tmp_path / "deep.json"
    spec.write_text(json.dumps(document), "utf-8")
    out = tmp_path / "clients"
    command = [sys.executable, "-m", "linkwright", "generate", "--spec", str(spec)]
    subprocess.run([*command, "--name", "deep", "--out", str(out)], check=True)
    used = subprocess.run(
        [sys.executable, "-c", _USE], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert used.returncode == 0, used.stderr[-3_000:]
