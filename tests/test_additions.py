"""Adding to a document changes what concerns the addition, and renames nothing.

A schema, a property or an operation is put in at a random place of the bundled documents, and of
real ones where they are. Of the names of the output none is lost or comes to mean another thing, and
of its lines none is: the diff of those who vendor adds only.
"""

from __future__ import annotations

import copy
import difflib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from linkwright.config import Provider
from linkwright.pipeline import understand
from linkwright.render.layout import render_provider
from linkwright.resources import templates
from linkwright.shape.views import ProviderView
from tests.behaviour.wire import YamlLoader
from tests.helpers import REPO

SPECS = sorted((REPO / "specs" / "providers").glob("*.yaml"))
CORPUS = REPO.parent / "shared" / "corpus" / "openapi"
REAL = [CORPUS / "Codat-Expenses.yaml", CORPUS / "Codat-Platform.yaml"]
#: Lines of lists. Before black, a list of imports is one line.
_LISTS = ("from ", "import ", "    from ", "    import ", "__all__")


def _schema(document: dict[str, Any], random_: random.Random) -> None:
    """A component that another refers to, among the others."""
    schemas = document["components"]["schemas"]
    holder = random_.choice([s for s in schemas.values() if "properties" in s])
    items = list(schemas.items())
    items.insert(
        random_.randrange(len(items) + 1),
        ("AddedThing", {"type": "object", "properties": {"zz": {"type": "string"}}}),
    )
    document["components"]["schemas"] = dict(items)
    holder["properties"]["addedThing"] = {"$ref": "#/components/schemas/AddedThing"}


def _property(document: dict[str, Any], random_: random.Random) -> None:
    """An inline object as a property, among the others."""
    schemas = document["components"]["schemas"]
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
    spec = folder / "spec.yaml"
    spec.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), "utf-8")
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
    before = _names(view)
    seen = 0
    for seed in range(3):
        changed = copy.deepcopy(document)
        add(changed, random.Random(seed))  # reproducible on purpose
        other = _view(changed, tmp_path)
        after = _names(other)
        assert {name: after.get(name) for name in before} == before
        assert not _lost(view, other)
        added = set(after.keys() - before.keys())
        seen += bool(added)
        assert all("added" in name.lower() or "AddedThing" in name for name in added), added
    # What no operation of a real document reaches is not in the output.
    assert seen == 3 if spec in SPECS else seen
