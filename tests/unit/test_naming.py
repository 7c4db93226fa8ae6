"""Names: the rule for methods as a table, words, and what is refused."""

from __future__ import annotations

import json
import keyword
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients._runtime.aio import AsyncClient
from clients._runtime.client import Client
from clients._runtime.core import BaseClient
from linkwright.config import Provider
from linkwright.diagnostics import Collector, Severity
from linkwright.ir.api import Operation, Resource
from linkwright.pipeline import Understood, understand
from linkwright.shape.methods import method_names
from linkwright.shape.names import Scope, attribute, class_name, constant, module
from linkwright.shape.words import singular, split
from linkwright.source.span import Span
from linkwright.source.text import SpecText

SPAN = Span("spec.yaml", 1, 1)

RULE = [
    # operationId, tag, method, path -> method name
    ("createUserConnection", "connections", "POST", "/users/me/connections", "create"),
    ("listUserConnections", "connections", "GET", "/users/me/connections", "list"),
    ("getUserConnection", "connections", "GET", "/users/me/connections/{id}", "get"),
    ("getConnections", "connections", "GET", "/users/{userId}/connections", "list"),
    ("getConnection", "connections", "GET", "/users/{u}/connections/{c}", "get"),
    ("postConnection", "connections", "POST", "/users/{userId}/connections", "create"),
    ("refreshConnection", "connections", "POST", "/users/{u}/connections/{c}/refresh", "refresh"),
    ("getJobs", "jobs", "GET", "/jobs/{jobId}", "get"),
    ("connections_get", "connections", "GET", "/connections", "list"),
    ("connections_post", "connections", "POST", "/connections", "create"),
    ("connections_connection_id_get", "connections", "GET", "/connections/{connection_id}", "get"),
    (
        "connections_connection_id_put",
        "connections",
        "PUT",
        "/connections/{connection_id}",
        "update",
    ),
    (
        "connections_connection_id_delete",
        "connections",
        "DELETE",
        "/connections/{connection_id}",
        "delete",
    ),
    (
        "connections_connection_id_reconnect_put",
        "connections",
        "PUT",
        "/connections/{connection_id}/reconnect",
        "reconnect",
    ),
    ("list", "connections", "GET", "/companies/{companyId}/connections", "list"),
    ("unlink-connection", "connections", "PATCH", "/companies/{c}/connections/{d}", "unlink"),
    (
        "get-company-access-token",
        "companies",
        "GET",
        "/companies/{c}/accessToken",
        "get_access_token",
    ),
    ("list-companies", "companies", "GET", "/companies", "list"),
    ("getProfile", "settings", "GET", "/profile", "get_profile"),
    ("import", "jobs", "POST", "/jobs", "import_"),
]


def _operation(id_: str, method: str, path: str, **given: SpecText | None) -> Operation:
    return Operation(
        key=f"{method} {path}",
        id=SpecText(id_),
        given=given.get("given"),
        suggested=given.get("suggested"),
        method=method,
        path=SpecText(path),
        summary=None,
        description=None,
        deprecated=False,
        params=(),
        body=None,
        successes=(),
        failures=(),
        security=(),
        server=None,
        servers=(),
        accept=SpecText("application/json"),
        repeat="never",
        browser=False,
        timeout=None,
        idempotency_header=None,
        paging=None,
        span=SPAN,
    )


def _resource(tag: str, *operations: Operation) -> Resource:
    return Resource(SpecText(tag), None, None, operations, SPAN)


@pytest.mark.parametrize(("id_", "tag", "method", "path", "name"), RULE, ids=[r[0] for r in RULE])
def test_the_rule(id_: str, tag: str, method: str, path: str, name: str) -> None:
    out = Collector()
    operation = _operation(id_, method, path)
    assert method_names(_resource(tag, operation), out) == {operation.key: name}
    assert not out.found


def test_a_name_never_comes_to_mean_another_operation() -> None:
    short = _operation("getConnection", "GET", "/connections/{id}")
    other = _operation("fetchUserConnection", "GET", "/users/{u}/connections/{id}/latest")
    clash = _operation("get-user-connection", "GET", "/users/{u}/connections/{id}")
    assert method_names(_resource("connections", short), Collector()) == {short.key: "get"}
    assert method_names(_resource("connections", clash), Collector()) == {clash.key: "get"}
    together = method_names(_resource("connections", clash, other, short), Collector())
    assert together == {
        short.key: "get_connection",
        clash.key: "get_user_connection",
        other.key: "fetch",
    }


def test_a_given_name_wins_and_a_suggestion_yields() -> None:
    out = Collector()
    given = _operation("setA", "POST", "/longer/path/a", given=SpecText("set"))
    suggested = _operation("setB", "POST", "/b", suggested=SpecText("set"))
    names = method_names(_resource("settings", suggested, given), out)
    assert names == {given.key: "set", suggested.key: "set_b"}
    assert not out.found


def test_two_names_that_cannot_be_told_apart_are_an_error_with_both_places() -> None:
    out = Collector()
    scope = Scope("things", out)
    scope.take(attribute(SpecText("a-b")), Span("f", 1, 1))
    scope.take(attribute(SpecText("A.B")), Span("f", 2, 1))
    (clash,) = out.found
    assert clash.code == "E301"
    assert clash.span.line == 2
    assert clash.related[0][0].line == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("createUserConnection", "create user connection"),
        ("SCARequired", "sca required"),
        ("in-progress", "in progress"),
        ("_links", "links"),
        ("syncSettings2", "sync settings2"),
        ("ﬁeld", "field"),
        ("straße", "stra u00df e"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert " ".join(split(text)) == words


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("companies", "company"),
        ("status", "status"),
        ("boxes", "box"),
        ("access", "access"),
        ("jobs", "job"),
    ],
)
def test_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


@given(st.text(max_size=60))
def test_every_name_is_a_usable_identifier(text: str) -> None:
    given = SpecText(text)
    for name in (attribute(given), class_name((given,)), constant(given), module(given)):
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert name.isascii()
        assert len(name) <= 90


def test_no_resource_hides_what_a_client_does() -> None:
    """Or what the class of a client is written with."""
    public = {name for name in dir(BaseClient) if not name.startswith("_")}
    public |= {name for name in dir(Client) + dir(AsyncClient) if not name.startswith("_")}
    for name in ("cached_property", *sorted(public)):
        assert module(SpecText(name)) == f"{name}_"


def _understood(tmp_path: Path, **document: object) -> tuple[Understood, list[str]]:
    spec = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, **document}
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    understood = understand(Provider("acme", tmp_path / "spec.json"))
    return understood, [d.code for d in understood.diagnostics if d.severity is Severity.ERROR]


def _call(**keywords: object) -> dict[str, object]:
    return {"get": {**keywords, "responses": {"200": {"description": "D"}}}}


@pytest.mark.parametrize("tags", [("Ünï", "Uni"), ("!!!", "???"), ("_", "-", "+")])
def test_tags_of_one_name_are_told_apart(tmp_path: Path, tags: tuple[str, ...]) -> None:
    paths = {f"/{i}": _call(operationId=f"find{i}", tags=[tag]) for i, tag in enumerate(tags)}
    found = _names_of_resources(tmp_path, paths)
    assert len(found) == len(tags)
    assert found == _names_of_resources(tmp_path, dict(reversed(paths.items())))


def test_paths_of_one_name_are_told_apart(tmp_path: Path) -> None:
    assert len(_names_of_resources(tmp_path, {"/users": _call(), "/usérs": _call()})) == 2


def test_a_given_tag_keeps_its_name_beside_a_derived_one(tmp_path: Path) -> None:
    paths = {
        "/a": _call(operationId="a", tags=["Given"]),
        "/b": _call(operationId="b", tags=["Uni"]),
    }
    tags = [{"name": "Given", "x-linkwright-name": "uni"}]
    found = _names_of_resources(tmp_path, paths, tags)
    assert len(found) == 2
    assert found["uni"] == ["a"]


def test_two_given_names_of_tags_clash(tmp_path: Path) -> None:
    paths = {f"/{tag}": _call(operationId=tag, tags=[tag]) for tag in "ab"}
    tags = [{"name": tag, "x-linkwright-name": "same"} for tag in "ab"]
    assert _understood(tmp_path, paths=paths, tags=tags)[1] == ["E301"]


def _names_of_resources(
    tmp_path: Path, paths: dict[str, dict[str, object]], tags: object = ()
) -> dict[str, list[str]]:
    """The methods of every resource, none of which shares its class or a constant."""
    understood, errors = _understood(tmp_path, paths=paths, tags=tags)
    assert errors == []
    assert understood.view is not None
    resources = understood.view.resources
    assert len({r.name for r in resources}) == len(resources)
    assert len({o.name for o in understood.view.operations}) == len(paths)
    return {str(r.module): [str(m.name) for m in r.methods] for r in resources}


def test_variables_of_servers_are_told_apart(tmp_path: Path) -> None:
    def servers(*names: str) -> list[dict[str, object]]:
        url = "https://a.example/" + "/".join(f"{{{name}}}" for name in names)
        return [{"url": url, "variables": {name: {"default": "d"} for name in names}}]

    schemes = {"region": {"type": "http", "scheme": "bearer"}}
    document: dict[str, object] = {
        "paths": {"/a": _call(operationId="a", tags=["t"])},
        "components": {"securitySchemes": schemes},
        "security": [{"region": []}],
        "servers": servers("sub-domain", "subDomain", "region", "zone"),
    }
    understood, errors = _understood(tmp_path, **document)
    assert errors == []
    assert understood.view is not None
    assert [v.name for v in understood.view.variables] == [
        "sub_domain_LLL2DLLLLLL",
        "sub_domain_LLLULLLLL",
        "region_variable",
        "zone",
    ]
    assert [a.name for a in understood.view.credential_arguments] == ["region"]
