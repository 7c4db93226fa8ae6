"""Bundled documents are renamed through, release after release, over one output.

What is chosen is random, but the same in every run. Old names are looked for in the output by
importing it, not in what the generator says of itself.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.behaviour.wire import YamlLoader
from tests.helpers import REPO, differences, files_of, python, run

_PROVIDERS = ("powens", "basiq")
_METHODS = ("get", "put", "post", "delete", "patch")
_CONFIG = """\
[tool.linkwright]
output = "clients"
release = "{release}"
facades = ["connections"]
[tool.linkwright.providers.powens]
spec = "powens.yaml"
[tool.linkwright.providers.basiq]
spec = "basiq.yaml"
"""
#: Says which names of a record do not work in the output beside it.
_LOOK = """
import importlib, inspect, json, sys, warnings

warnings.simplefilter("error")
record = json.load(open("clients/linkwright.names.json"))
missing, seen = [], 0


def warns(use):
    try:
        use()
    except DeprecationWarning:
        return True
    return False


for provider, own in record["providers"].items():
    package = importlib.import_module(f"clients.{provider}")
    client = getattr(package, own["client"])(base_url="http://localhost")
    models, calls = own["models"], {key: call for key, (call, *_) in own["operations"].items()}

    def held(call, root=client):
        resource, _, method = call.partition(".")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(getattr(root, resource), method)

    for kind, key, name, _ in own["kept"]:
        seen += 1
        match kind:
            case "method":
                good = warns(held(name)) and not warns(lambda: inspect.signature(held(name)))
            case "resource":
                good = warns(lambda: getattr(client, name))
            case "class":
                good = warns(lambda: getattr(package.resources, name))
                good = good and warns(lambda: getattr(package.aio, f"Async{name}"))
            case "link":
                good = warns(lambda: getattr(package.links, name))
            case "constant":
                good = warns(lambda: getattr(package.operations, name))
            case "argument":
                good = warns(lambda: held(calls[key[0]])(**{name: "1"}))
            case "model":
                good = warns(lambda: getattr(package.models, name))
            case "field":
                class_ = getattr(package.models, models[key[0]][0])
                good = warns(lambda: getattr(class_.model_construct(), name))
                good = good and warns(lambda: class_(**{name: None}))
            case "member":
                class_ = getattr(package.models, models[key[0]][0])
                good = warns(lambda: getattr(class_, name)) and warns(lambda: class_[name])
            case "client":
                good = warns(lambda: getattr(package, name))
            case _:
                good = False
        if not good:
            missing.append([kind, key, name])
print(json.dumps([seen, missing]))
"""


def _named(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that can be given a name of its own, with what it is."""
    for item in document["paths"].values():
        for method in item.keys() & set(_METHODS):
            yield "method", item[method]
            for parameter in item[method].get("parameters", ()):
                if "$ref" not in parameter:
                    yield "argument", parameter
    for schema in document["components"]["schemas"].values():
        yield "model", schema
        for property_ in schema.get("properties", {}).values():
            if "$ref" not in property_:
                yield "field", property_
        values = schema.get("enum", ())
        if values and all(isinstance(v, str) for v in values):
            yield "member", schema
    for tag in document.get("tags", ()):
        yield "resource", tag
    yield "client", document["info"]


def _rename(provider: str, document: Any, random_: random.Random, number: int) -> None:
    """Give new names to some things of each kind."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for kind, thing in _named(document):
        by_kind.setdefault(kind, []).append(thing)
    for kind, things in sorted(by_kind.items()):
        few = 1 if kind in ("client", "resource") else 4
        for index, thing in enumerate(random_.sample(things, min(few, len(things)))):
            name = f"{kind}_of_{number}_{index}"
            if kind == "member":
                thing["x-enum-varnames"] = [f"V{number}_{i}" for i in range(len(thing["enum"]))]
            elif kind in ("model", "client"):
                thing["x-linkwright-name"] = f"{provider}_{name}".title().replace("_", "")
            else:
                thing["x-linkwright-name"] = name
    # What nobody refers to by its id gets another one, and a resource loses an operation.
    free = [o for kind, o in _named(document) if kind == "method" and "webhook" in str(o["tags"])]
    for operation in free[:2]:
        operation["operationId"] = f"renamed{number}{operation['operationId']}"


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    """The bundled documents, to be changed."""
    return {
        name: yaml.load((REPO / f"specs/providers/{name}.yaml").read_text(), YamlLoader)
        for name in _PROVIDERS
    }


def _write(root: Path, documents: dict[str, Any], release: str) -> None:
    (root / "pyproject.toml").write_text(_CONFIG.format(release=release))
    for name, document in documents.items():
        (root / f"{name}.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


def test_old_names_of_real_documents(documents: dict[str, Any], tmp_path: Path) -> None:
    """They work for two releases and then are gone; the cache changes nothing."""
    root, twin, cache = tmp_path / "root", tmp_path / "twin", tmp_path / "cache"
    root.mkdir()
    _write(root, documents, "r0")
    ran = run("generate", cwd=root, env={"LINKWRIGHT_CACHE": str(cache)})
    assert ran.status == 0, ran.err
    random_ = random.Random(7)
    verdicts: list[str] = []
    counts: list[int] = []
    for number in range(1, 6):
        shutil.rmtree(twin, ignore_errors=True)
        shutil.copytree(root, twin)
        if number < 4:
            # One provider is left alone at first.
            for name in _PROVIDERS[1:] if number == 1 else _PROVIDERS:
                _rename(name, documents[name], random_, number)
        reports: list[dict[str, Any]] = []
        places = ((root, str(cache)), (twin, "off"))
        # With the third, both providers were renamed, and names go.
        for place, setting in places if number < 4 else places[:1]:
            _write(place, documents, f"r{number}")
            env = {"LINKWRIGHT_CACHE": setting}
            ran = run("generate", "--report", "report.json", cwd=place, env=env)
            assert ran.status == 0, ran.err
            reports.append(json.loads((place / "report.json").read_text()))
        if number < 4:
            assert differences(files_of(root / "clients"), files_of(twin / "clients")) == ""
        found = python("-c", _LOOK, cwd=root)
        assert found.status == 0, found.err
        seen, missing = cast("tuple[int, list[object]]", json.loads(found.out))
        assert missing == []
        counts.append(seen)
        breaking = {c["kind"] for c in reports[0]["changes"] if c["verdict"] == "breaking"}
        assert breaking <= {"alias-removed"}, reports[0]
        verdicts.append(str(reports[0]["verdict"]))
        assert run("check", cwd=root).status == 0
    # Each name has two releases; the last one that came is gone with the fifth.
    assert verdicts == ["additive", "additive", "breaking", "breaking", "breaking"]
    assert counts[1] > counts[0] > 20
    assert counts[-1] == 0
