"""What is rendered in the form of a dialect and a target language is extracted again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from linkwright.extract import Endpoint, Extraction, Page, extract
from linkwright.extract.models import flat

from .apis import HARBOUR, Api, Field, Model, Operation, apis, pascal
from .codegen_forms import CODEGEN, Form
from .speakeasy_forms import SPEAKEASY, Vintage

_KINDS = {
    "string": "string",
    "int32": "integer",
    "int64": "integer",
    "boolean": "boolean",
    "number": "number",
    "date": "string",
    "date-time": "string",
}


def _extract(pages: Mapping[str, str]) -> Extraction:
    return extract([Page(name, text) for name, text in sorted(pages.items())])


def _kind(kind: str) -> object:
    """How a kind of the model API is compared: a type, or a reference, or a list of one."""
    if kind.startswith("list of "):
        return [_kind(kind[8:])]
    return _KINDS.get(kind, f"#{kind}")


def _found(schema: Mapping[str, Any]) -> object:
    if "$ref" in schema:
        return "#" + schema["$ref"].rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return [_found(schema["items"])]
    return schema.get("type")


def _fields(fields: tuple[Field, ...], *, numbers: bool) -> dict[str, tuple[object, ...]]:
    return {
        flat("".join(f.words)): (
            _numbers(_kind(f.kind)) if numbers else _kind(f.kind),
            f.required,
        )
        for f in fields
    }


def _numbers(kind: object) -> object:
    """Where a language has one word for all numbers."""
    return "number" if kind == "integer" else kind


def check(form: Form, api: Api, document: Mapping[str, Any]) -> None:
    """Every fact that the pages of this form show is in the document, and nothing else."""
    numbers = form.fence in ("javascript", "typescript")
    schemas = document["components"]["schemas"]
    assert set(schemas) == {m.name for m in api.models}
    for model in api.models:
        _check_model(form, model, schemas[model.name], numbers=numbers)
    found = {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    assert set(found) == {(o.method, o.path) for o in api.operations}
    for operation in api.operations:
        _check_operation(form, operation, found[operation.method, operation.path], numbers=numbers)
    assert [s["url"] for s in document["servers"]] == [api.server]
    scheme = document["components"]["securitySchemes"][api.scheme]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", api.key)


def _check_model(form: Form, model: Model, schema: Mapping[str, Any], *, numbers: bool) -> None:
    if model.values:
        wanted = list(model.values) if "model-enum" in form.shows else None
        assert schema.get("enum") == wanted
        return
    required = set(schema.get("required", ()))
    actual = {
        flat(name): (_numbers(_found(s)) if numbers else _found(s), name in required)
        for name, s in schema["properties"].items()
    }
    assert actual == _fields(model.fields, numbers=numbers)


def _check_operation(
    form: Form, wanted: Operation, found: Mapping[str, Any], *, numbers: bool
) -> None:
    assert flat(found["operationId"]) == flat(pascal(wanted.words))
    assert found["summary"] == wanted.summary
    assert found.get("description", "") == wanted.text
    assert found["tags"] == [wanted.tag]
    parameters = found.get("parameters", [])
    actual = {
        flat(p["name"]): (
            _numbers(_found(p["schema"])) if numbers else _found(p["schema"]),
            p.get("required", False),
        )
        for p in parameters
    }
    assert actual == _fields(wanted.fields, numbers=numbers)
    places = {flat(p["name"]): p["in"] for p in parameters}
    assert places == {flat("".join(f.words)): f.place for f in wanted.fields}
    for field in wanted.fields:
        (parameter,) = [p for p in parameters if flat(p["name"]) == flat("".join(field.words))]
        assert parameter.get("description", "") == field.text
        if field.values and "enum" in form.shows:
            assert parameter["schema"]["enum"] == list(field.values)
        if field.default is not None:
            assert parameter["schema"]["default"] == int(field.default)
        if field.place == "path":
            assert f"{{{parameter['name']}}}" in wanted.path
    body = found.get("requestBody")
    assert (body is not None) == bool(wanted.body)
    if body is not None:
        assert _found(body["content"]["application/json"]["schema"]) == f"#{wanted.body}"
        assert body.get("required", False) is wanted.body_required
    statuses = ["204"] if not wanted.returns else ["200"]
    if "statuses" in form.shows:
        statuses.append("404")
    assert list(found["responses"]) == statuses
    content = found["responses"][statuses[0]].get("content")
    assert (content is not None) == bool(wanted.returns)
    if content is not None:
        assert _found(content["application/json"]["schema"]) == _kind(wanted.returns)
    assert found["security"] == [{"harbour_key": []}]


@pytest.mark.parametrize("form", CODEGEN, ids=lambda form: form.name)
def test_the_harbour_in_every_form(form: Form) -> None:
    check(form, HARBOUR, _extract(form.pages(HARBOUR)).document)


@given(form=st.sampled_from(CODEGEN), api=apis())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_small_api_in_any_form(form: Form, api: Api) -> None:
    check(form, api, _extract(form.pages(api)).document)


def check_speakeasy(form: Vintage, api: Api, document: Mapping[str, Any]) -> None:
    """Likewise for the pages of Speakeasy."""
    assert "x-linkwright-unplaced" not in document
    numbers = form.fence == "typescript"
    schemas = document["components"]["schemas"]
    assert set(schemas) - {"Problem"} == {m.name for m in api.models}
    for model in api.models:
        if model.values:
            assert schemas[model.name]["enum"] == list(model.values)
        else:
            required = set(schemas[model.name].get("required", ()))
            actual = {
                flat(name): (_numbers(_found(s)) if numbers else _found(s), name in required)
                for name, s in schemas[model.name]["properties"].items()
            }
            assert actual == _fields(model.fields, numbers=numbers)
    for wanted in api.operations:
        found = document["paths"][wanted.path][wanted.method.lower()]
        assert flat(pascal(wanted.words)) in flat(found["operationId"])
        assert (found["summary"], found.get("description", "")) == (wanted.summary, wanted.text)
        parameters = found.get("parameters", [])
        actual = {
            flat(p["name"]): (
                _numbers(_found(p["schema"])) if numbers else _found(p["schema"]),
                p.get("required", False),
            )
            for p in parameters
        }
        assert actual == _fields(wanted.fields, numbers=numbers)
        places = {flat(p["name"]): p["in"] for p in parameters}
        assert places == {flat("".join(f.words)): f.place for f in wanted.fields}
        body = found.get("requestBody")
        assert (body is not None) == bool(wanted.body)
        if body is not None:
            assert _found(body["content"]["application/json"]["schema"]) == f"#{wanted.body}"
            assert body.get("required", False) is wanted.body_required
        success, *errors = found["responses"]
        assert success == ("200" if wanted.returns else "204")
        assert errors == (["401", "404"] if form.errors else [])
        content = found["responses"][success].get("content")
        assert (content is not None) == bool(wanted.returns)
        if content is not None:
            kind = _kind(wanted.returns)
            assert _found(content["application/json"]["schema"]) == kind
    assert [s["url"] for s in document["servers"]] == [api.server]
    assert document["components"]["securitySchemes"][api.scheme]["type"] == "apiKey"
    assert document["security"] == [{api.scheme: []}]


def _placed(form: Vintage, api: Api) -> Mapping[str, Any]:
    pages = [Page(name, text) for name, text in sorted(form.pages(api).items())]
    endpoints = (
        []
        if form.snippet
        else [Endpoint(e["method"], e["path"], e["call"]) for e in form.endpoints(api)]
    )
    return extract(pages, endpoints=endpoints).document


def _writes_more(operation: Operation) -> bool:
    more = any(f.place != "path" for f in operation.fields)
    return more and operation.method in ("POST", "PUT", "PATCH")


@pytest.mark.parametrize("form", SPEAKEASY, ids=lambda form: form.name)
def test_the_harbour_in_every_vintage(form: Vintage) -> None:
    check_speakeasy(form, HARBOUR, _placed(form, HARBOUR))


@given(form=st.sampled_from(SPEAKEASY), api=apis())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_small_api_in_any_vintage(form: Vintage, api: Api) -> None:
    # Arguments of a writing call without a body argument are taken for the fields of its body;
    # the pages do not tell these from query parameters.
    assume(not form.flat or all(o.body or not _writes_more(o) for o in api.operations))
    check_speakeasy(form, api, _placed(form, api))
