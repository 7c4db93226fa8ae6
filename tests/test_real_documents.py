"""Documents as vendors publish them are understood, whole. They are not part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from linkwright.config import Provider
from linkwright.pipeline import understand
from tests.helpers import REPO

CORPUS = REPO.parent / "shared" / "corpus" / "openapi"
DOCUMENTS = [
    "Codat-Expenses.yaml",
    "Codat-Platform.yaml",
    "Codat-Lending.yaml",
    "basiq-swagger2.json",
    "powens/powens-api.yml",
]
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_operation_is_in_the_output(name: str) -> None:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the corpus of real documents is not at {CORPUS}")
    understood = understand(Provider("vendor", path))
    assert understood.view is not None, understood.diagnostics
    assert len(understood.view.operations) == _declared(path)


def _declared(path: Path) -> int:
    """Operations by a reading of our own: methods below `paths`, references followed by hand."""
    document = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return sum(_operations(item, path) for item in document["paths"].values())


def _operations(item: dict[str, object], path: Path) -> int:
    ref = item.get("$ref")
    if isinstance(ref, str):
        file, _, pointer = ref.partition("#")
        node = yaml.safe_load((path.parent / file).read_bytes())
        for part in pointer.split("/")[1:]:
            part = part.replace("%7B", "{").replace("%7D", "}")
            node = node[part.replace("~1", "/").replace("~0", "~")]
        item = node
    return len(_METHODS & item.keys())
