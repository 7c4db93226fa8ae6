"""Adding to a document changes what concerns the addition, and renames nothing.

A schema, a property or an operation is put in at a random place of the bundled documents, and of
real ones where they are. Of the names of the output none is lost or comes to mean another thing, and
of its lines none is: the diff of those who vendor adds only.
"""

from __future__ import annotations

import copy
import difflib
import itertools
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from linkwright.config import Project, Provider
from linkwright.names import NAMES_FILE
from linkwright.pipeline import Built, build, understand
from linkwright.render.layout import render_provider
from linkwright.resources import templates
from linkwright.shape.views import ProviderView
from linkwright.workers import Workers
from tests.behaviour.wire import YamlLoader
from tests.helpers import REPO, SMALL_SPEC

SPECS = sorted((REPO / "specs" / "providers").glob("*.yaml"))
CORPUS = REPO.parent / "shared" / "corpus" / "openapi"
REAL = [
    CORPUS / name for name in ("Codat-Expenses.yaml", "Codat-Platform.yaml", "basiq-swagger2.json")
]
#: Read once and generated from three times, which takes a while.
LARGE = CORPUS / "Codat-Lending.yaml"
#: The root of a description of several files, and the one of them that is added to.
SPREAD = CORPUS / "powens" / "powens-api.yml"
PART = "connections.yml"
#: Lines of lists. Before black, a list of imports is one line.
_LISTS = ("from ", "import ", "    from ", "    import ", "__all__")


def _schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The named schemas of a document, also of Swagger 2.0."""
    holder = document if "definitions" in document else document["components"]
    return cast("dict[str, Any]", holder.get("definitions", holder.get("schemas")))


def _schema(document: dict[str, Any], random_: random.Random) -> None:
    """A component that another refers to, among the others."""
    schemas = _schemas(document)
    holder = random_.choice([s for s in schemas.values() if "properties" in s])
    items = list(schemas.items())
    items.insert(
        random_.randrange(len(items) + 1),
        ("AddedThing", {"type": "object", "properties": {"zz": {"type": "string"}}}),
    )
    schemas.clear()
    schemas.update(items)
    place = "definitions" if "definitions" in document else "components/schemas"
    holder["properties"]["addedThing"] = {"$ref": f"#/{place}/AddedThing"}


def _property(document: dict[str, Any], random_: random.Random) -> None:
    """An inline object as a property, among the others."""
    schemas = _schemas(document)
    holder = random_.choice([s for s in schemas.values() if "properties" in s])
    items = list(holder["properties"].items())
    added = {"type": "object", "properties": {"zz": {"type": "string", "enum": ["a", "b"]}}}
    items.insert(random_.randrange(len(items) + 1), ("addedThing", added))
    holder["properties"] = dict(items)


def _operation(document: dict[str, Any], random_: random.Random) -> None:
    """An operation of an existing tag, among the others."""
    operations: list[Any] = [
        operation for item in document["paths"].values() for operation in item.values()
    ]
    tags: list[str] = [
        cast("dict[str, Any]", operation)["tags"][0]
        for operation in operations
        if isinstance(operation, dict) and "tags" in operation
    ]
    items = list(document["paths"].items())
    added = {
        "operationId": "zapAddedThing",
        "tags": [random_.choice(tags)],
        "responses": {"204": {"description": "Nothing."}},
    }
    items.insert(random_.randrange(len(items) + 1), ("/zz/added-things", {"post": added}))
    document["paths"] = dict(items)


def _view(document: dict[str, Any], folder: Path) -> ProviderView:
    spec = folder / "spec.json"
    spec.write_text(json.dumps(document), "utf-8")
    return _view_of(spec)


def _view_of(spec: Path) -> ProviderView:
    view = understand(Provider("acme", spec)).view
    assert view is not None
    return view


def _names(view: ProviderView) -> dict[str, object]:
    """Everything that has a name in the output, with what it stands for."""
    found: dict[str, object] = {}
    for model in view.models.models:
        found[f"class {model.name}"] = model.doc
        for field, shown in model.fields.items():
            found[f"field {model.name}.{field}"] = shown.metadata
        for member, literal in model.values.items():
            found[f"member {model.name}.{member}"] = literal
    for resource in view.resources:
        for method in resource.methods:
            found[f"method {resource.module}.{method.name}"] = (method.method, method.request)
    for operation in view.operations:
        found[f"operation {operation.name}"] = operation.arguments
    return found


def _lost(before: ProviderView, after: ProviderView) -> list[str]:
    """Lines of the output that are gone or elsewhere, but for the lists an addition belongs to."""
    old, new = (render_provider(view, templates()) for view in (before, after))
    return [
        f"{path}: {line}"
        for path, text in old.items()
        if new.get(path) != text
        for line in difflib.unified_diff(text.splitlines(), new.get(path, "").splitlines(), n=0)
        if line.startswith("-") and line != "--- \n" and not line[1:].startswith(_LISTS)
    ]


@pytest.mark.parametrize("add", [_schema, _property, _operation], ids=lambda f: f.__name__)
@pytest.mark.parametrize("spec", [*SPECS, *REAL], ids=lambda spec: spec.stem)
def test_an_addition_renames_nothing(
    spec: Path, add: Callable[[dict[str, Any], random.Random], None], tmp_path: Path
) -> None:
    if not spec.exists():
        pytest.skip(f"the corpus of real documents is not at {CORPUS}")
    document: dict[str, Any] = yaml.load(spec.read_bytes(), YamlLoader)
    view = _view(document, tmp_path)
    seen = 0
    for seed in range(3):
        changed = copy.deepcopy(document)
        add(changed, random.Random(seed))  # reproducible on purpose
        seen += _assert_added_only(view, _view(changed, tmp_path))
    # What no operation of a real document reaches is not in the output.
    assert seen == 3 if spec in SPECS else seen


def _assert_added_only(view: ProviderView, other: ProviderView) -> bool:
    """Assert that nothing is renamed, and tell whether there is anything new."""
    before, after = _names(view), _names(other)
    assert {name: after.get(name) for name in before} == before
    assert not _lost(view, other)
    added = set(after.keys() - before.keys())
    assert all("added" in name.lower() or "AddedThing" in name for name in added), added
    return bool(added)


def test_three_additions_to_a_large_document_rename_nothing(tmp_path: Path) -> None:
    if not LARGE.exists():
        pytest.skip(f"the corpus of real documents is not at {CORPUS}")
    document: dict[str, Any] = yaml.load(LARGE.read_bytes(), YamlLoader)
    view = _view(document, tmp_path)
    for add in (_schema, _property, _operation):
        add(document, random.Random(0))
    assert _assert_added_only(view, _view(document, tmp_path))


@pytest.mark.parametrize("add", [_schema, _property], ids=lambda f: f.__name__)
def test_an_addition_to_one_of_several_files(
    add: Callable[[dict[str, Any], random.Random], None], tmp_path: Path
) -> None:
    if not SPREAD.exists():
        pytest.skip(f"the corpus of real documents is not at {CORPUS}")
    for path in SPREAD.parent.iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    view = _view_of(tmp_path / SPREAD.name)
    part: dict[str, Any] = yaml.load((tmp_path / PART).read_bytes(), YamlLoader)
    seen = 0
    for seed in range(3):
        changed = copy.deepcopy(part)
        add(changed, random.Random(seed))
        (tmp_path / PART).write_text(json.dumps(changed), "utf-8")
        seen += _assert_added_only(view, _view_of(tmp_path / SPREAD.name))
    assert seen


def test_an_addition_to_one_provider_leaves_the_others_and_the_root(tmp_path: Path) -> None:
    """Of the lock and the record of names, only lines about that provider change."""
    other = tmp_path / "other.yaml"
    other.write_text(SMALL_SPEC.replace("Small shop", "Other shop"))
    document: dict[str, Any] = yaml.load(SMALL_SPEC, YamlLoader)
    built: list[Built] = []
    for add in (None, _schema, _operation):
        if add is not None:
            add(document, random.Random(1))
        (tmp_path / "shop.json").write_text(json.dumps(document))
        providers = (Provider("other", other), Provider("shop", tmp_path / "shop.json"))
        built.append(build(Project(providers, None), Workers(1)))
    for before, after in itertools.pairwise(built):
        old, new = dict(before.tree.files), dict(after.tree.files)
        changed = {path for path in old | new if old.get(path) != new.get(path)}
        assert changed
        assert {p for p in changed if not p.startswith("shop/")} == {NAMES_FILE}
        assert before.lock.inputs.items() ^ after.lock.inputs.items() == {
            ("spec:shop", before.lock.inputs["spec:shop"]),
            ("spec:shop", after.lock.inputs["spec:shop"]),
        }
        assert {p for p, _ in before.lock.files.items() ^ after.lock.files.items()} == changed
        names = [json.loads(files[NAMES_FILE])["providers"]["other"] for files in (old, new)]
        assert names[0] == names[1]
