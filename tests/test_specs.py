"""The bundled specs are valid OpenAPI 3.1, and complete: operations, examples, descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

SPECS = sorted((Path(__file__).parents[1] / "specs" / "providers").glob("*.yaml"))
METHODS = ("get", "put", "post", "patch", "delete")

#: What the documentation pages of the providers list, under the names they use.
DOCUMENTED = {
    "powens": "createUserConnection deleteUserConnection getUserConnection listUserConnections "
    "openWebauth updateSyncUserConnection",
    "basiq": "deleteConnection getConnection getConnections postConnection refreshConnection "
    "refreshConnections updateConnection",
    "saltedge": "connections_connection_id_delete connections_connection_id_get "
    "connections_connection_id_interactive_put connections_connection_id_put "
    "connections_connection_id_reconnect_put connections_connection_id_refresh_put "
    "connections_get connections_post",
    "codat_expenses": "create_connection create_partner_expense_connection delete_connection "
    "get_connection list_connections unlink",
    "codat_lending": "create delete get list unlink",
}


class _Loader(yaml.SafeLoader):
    """YAML 1.2: dates are strings."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_text("utf-8"), _Loader)  # a subclass of SafeLoader
    return loaded


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


@pytest.fixture(params=SPECS, ids=lambda p: p.stem)
def spec(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_it_is_valid(spec: Path) -> None:
    validate(_load(spec))


def test_it_has_every_documented_operation(spec: Path) -> None:
    ids = [operation["operationId"] for _, operation in _operations(_load(spec))]
    assert set(DOCUMENTED[spec.stem].split()) <= set(ids)
    assert len(ids) == len(set(ids))


def test_every_operation_says_what_it_does_and_belongs_somewhere(spec: Path) -> None:
    document = _load(spec)
    tags = {tag["name"] for tag in document["tags"]}
    for where, operation in _operations(document):
        assert operation.get("summary"), where
        assert len(operation["tags"]) == 1, where
        assert operation["tags"][0] in tags, where


def test_every_body_has_an_example(spec: Path) -> None:
    document = _load(spec)

    def resolved(node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            *_, section, name = node["$ref"].split("/")
            node = document["components"][section][name]
        return node

    for where, operation in _operations(document):
        bodies = [resolved(r) for r in operation["responses"].values()]
        if "requestBody" in operation:
            bodies.append(resolved(operation["requestBody"]))
        for body in bodies:
            for media in body.get("content", {}).values():
                assert "example" in media or media.get("examples"), where


def test_prose_speaks_to_users_not_of_sources(spec: Path) -> None:
    text = spec.read_text("utf-8")
    for word in ("UNCERTAIN", "SEED", "P-SPEC", "B-V3", "S-SW", "C-LEND"):
        assert word not in text
