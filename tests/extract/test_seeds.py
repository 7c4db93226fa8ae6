"""Closing the loop: the bundled specs hold every documented fact of the pages they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from linkwright.diagnostics import Collector
from linkwright.extract import Endpoint, Page, extract
from linkwright.extract.endpoints import read_endpoints
from linkwright.source.load import load
from tests.helpers import REPO

from .closing import differences
from .shared import SEEDS, needs_seeds

PROVIDERS = {
    "powens": "000",
    "basiq": "001",
    "saltedge": "002",
    "codat_expenses": "003",
    "codat_lending": "004",
}
#: How many operations, parameters and bodies each page has, counted by hand.
COUNTS = {
    "powens": (6, 18, 2),
    "basiq": (7, 12, 2),
    "saltedge": (8, 8, 5),
    "codat_expenses": (6, 0, 0),
    "codat_lending": (5, 0, 0),
}
REVIEWED = Path(__file__).with_name("differences.yaml")


def _page(provider: str) -> Page:
    (path,) = SEEDS.glob(f"{PROVIDERS[provider]}_*")
    return Page(path.name, path.read_text("utf-8"))


def _spec(provider: str) -> Path:
    return REPO / "specs" / "providers" / f"{provider}.yaml"


def _extracted(provider: str) -> Mapping[str, Any]:
    endpoints: tuple[Endpoint, ...] = ()
    if provider.startswith("codat"):
        # These pages show no method and no path; the spec is asked for them.
        endpoints = read_endpoints(load(_spec(provider), Collector()), Collector())
    return extract([_page(provider)], endpoints=endpoints).document


@needs_seeds
@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_spec_has_every_documented_fact_of_its_page(provider: str) -> None:
    """Deliberate differences are reviewed; one that is no longer there has to go."""
    spec = yaml.safe_load(_spec(provider).read_text("utf-8"))
    reviewed = {
        fact: entry["reason"]
        for entry in yaml.safe_load(REVIEWED.read_text("utf-8"))[provider] or ()
        for fact in entry["facts"]
    }
    assert all(reviewed.values())
    found = set(differences(_extracted(provider), spec))
    assert found - set(reviewed) == set(), "facts of the page that the spec does not have"
    assert set(reviewed) - found == set(), "reviewed differences that are none any more"


@needs_seeds
@pytest.mark.parametrize("provider", PROVIDERS)
def test_everything_of_the_page_is_placed(provider: str) -> None:
    document = _extracted(provider)
    assert "x-linkwright-unplaced" not in document
    operations = [o for item in document["paths"].values() for o in item.values()]
    wanted, parameters, bodies = COUNTS[provider]
    assert len(operations) == wanted
    assert sum(1 for o in operations if "requestBody" in o) >= bodies
    if parameters:
        assert sum(len(o.get("parameters", ())) for o in operations) == parameters


@needs_seeds
def test_a_fact_that_is_taken_out_of_a_spec_is_noticed() -> None:
    spec = yaml.safe_load(_spec("powens").read_text("utf-8"))
    del spec["paths"]["/users/me/connections"]["post"]["requestBody"]
    assert "post /users/me/connections: body" in set(differences(_extracted("powens"), spec))
