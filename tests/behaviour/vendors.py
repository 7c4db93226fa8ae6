"""Documents as vendors publish them, read independently of the generator, as `wire` reads ours.

All versions, other files, no examples or wrong ones: what `wire` may take for granted is made up
for here, and nothing else. Which argument of a client holds which credential is what the generated
package says, as everything about how to call it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urljoin

import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .made import Way, made
from .wire import METHODS, Body, Media, Node, Operation, Parameter, Reply, Scheme, Spec, YamlLoader

__all__ = ["CORPUS", "DOCUMENTS", "PACKAGE", "VendorSpec", "vendor"]

CORPUS: Final = Path(__file__).parents[3] / "shared" / "corpus" / "openapi"
#: Package of each document below `PACKAGE`.
DOCUMENTS: Final = {
    "expenses": "Codat-Expenses.yaml",
    "platform": "Codat-Platform.yaml",
    "lending": "Codat-Lending.yaml",
    "basiq": "basiq-swagger2.json",
    "powens": "powens/powens-api.yml",
}
PACKAGE: Final = "vendors"
_IN_PARAMETER: Final = frozenset(
    {"type", "items", "format", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern"}
)


def vendor(name: str) -> VendorSpec:
    """Read a document of the corpus, and what it refers to."""
    path = CORPUS / DOCUMENTS[name]
    return VendorSpec(name, _read(path), PACKAGE, path)


@dataclass(frozen=True, eq=False)
class VendorSpec(Spec):
    """One document. References are absolute, and lead into other files, too."""

    path: Path = field(default=Path())

    @property
    def title(self) -> str:
        """Name of the client class."""
        return self.name.capitalize()

    def resolve(self, node: Node) -> Node:
        """Follow references to what they stand for."""
        while isinstance(node.get("$ref"), str):
            node = self._registry.resolver().lookup(node["$ref"]).contents
        return node

    def violations(self, schema: Node, value: object) -> list[str]:
        """Say where a JSON value breaks a schema.

        By the rules of OpenAPI 3.1 always: vendors of older documents write them, too, and what
        only the older ones allow, null where it is `nullable`, is not needed here.
        """
        validator: Any = OAS31Validator(
            schema, registry=self._registry, format_checker=oas31_format_checker
        )
        return [f"{error.json_path}: {error.validator}" for error in validator.iter_errors(value)]

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the document."""
        return tuple(
            self._vendored(path, method, item)
            for path, reference in self.document["paths"].items()
            for item in [self.resolve(reference)]
            for method in item
            if method in METHODS
        )

    @cached_property
    def schemes(self) -> dict[str, Scheme]:
        """The security schemes by name."""
        components = self.document.get("components", {}).get("securitySchemes")
        found = components or self.document.get("securityDefinitions", {})
        known = import_module(f"{PACKAGE}.{self.name}.operations").PROVIDER.credentials
        return {
            name: _scheme(self.resolve(node), known[name].argument) for name, node in found.items()
        }

    @cached_property
    def _registry(self) -> Registry[Any]:
        @cache
        def retrieve(uri: str) -> Resource[Any]:
            return DRAFT202012.create_resource(_read(Path(uri.removeprefix("file://"))))

        registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
        root = DRAFT202012.create_resource(self.document)
        found: Registry[Any] = registry.with_resource(self.path.as_uri(), root)
        return found

    def _vendored(self, path: str, method: str, item: Node) -> Operation:
        node = item[method]
        nodes = [
            self.resolve(one) for one in (*item.get("parameters", ()), *node.get("parameters", ()))
        ]
        fields = [one for one in nodes if one["in"] in {"body", "formData"}]
        return Operation(
            spec=self,
            id=node["operationId"],
            method=method.upper(),
            path=path,
            # An operation's own parameter replaces that of its path.
            parameters=tuple(
                {
                    (p["in"], p["name"]): self._parameter(p) for p in nodes if p not in fields
                }.values()
            ),
            body=self._old_body(node, fields) if fields else self._new_body(node),
            replies=tuple(self._replies(node)),
            security=tuple(
                tuple(self.schemes[name] for name in alternative)
                for alternative in node.get("security", self.document.get("security", ()))
            ),
            extensions={},
        )

    def _parameter(self, node: Node) -> Parameter:
        inline = {key: value for key, value in node.items() if key in _IN_PARAMETER}
        schema = node.get("schema", inline)
        style = node.get("style", "form" if node["in"] in {"query", "cookie"} else "simple")
        # Swagger 2.0 separates by commas unless it is told otherwise.
        exploded = style == "form" and "swagger" not in self.document
        return Parameter(
            name=node["name"],
            place=node["in"],
            required=node.get("required", False),
            schema=self.resolve(schema),
            example=self._values(node, schema, "request")["made"],
            style=style,
            explode=node.get("explode", exploded),
            secret=False,
        )

    def _new_body(self, node: Node) -> Body | None:
        if "requestBody" not in node:
            return None
        body = self.resolve(node["requestBody"])
        media = self._medium(body.get("content", {}), "request")
        return Body(body.get("required", False), media) if media else None

    def _old_body(self, node: Node, fields: list[Node]) -> Body:
        consumes = node.get("consumes", ["application/json"])[0]
        whole = next((one for one in fields if one["in"] == "body"), None)
        properties = {
            one["name"]: {key: value for key, value in one.items() if key in _IN_PARAMETER}
            for one in fields
        }
        for each in properties.values():
            if each.get("type") == "file":
                each.update(type="string", format="binary")
        required = [one["name"] for one in fields if one.get("required")]
        form = {"type": "object", "properties": properties, "required": required}
        media = self._medium({consumes: {"schema": whole["schema"] if whole else form}}, "request")
        assert media is not None
        return Body(bool(required), media)

    def _replies(self, node: Node) -> Iterator[Reply]:
        for status, reference in node["responses"].items():
            reply = self.resolve(reference)
            content = reply.get("content", {})
            if "schema" in reply:
                produces = node.get("produces", ["application/json"])
                content = {produces[0]: {"schema": reply["schema"]}}
            if str(status) == "204":
                content = {}  # whatever the document says: HTTP has none there
            if str(status).startswith("2") and str(status).isdecimal():
                yield Reply(int(status), self._medium(content, "answer"))

    def _medium(self, content: Node, way: Way) -> Media | None:
        if not content:
            return None
        kind = next((one for one in content if "json" in one), next(iter(content)))
        media = content[kind]
        schema = media.get("schema", {})
        if kind == "multipart/form-data" and self.resolve(schema).get("type") == "string":
            # Nothing says what the field is called; docs/documents.md says what we take it for.
            schema = {"type": "object", "properties": {"file": schema}}
        return Media(kind, schema, self._values(media, schema, way))

    def _values(self, node: Node, schema: Node, way: Way) -> Mapping[str, Any]:
        """The examples that the schema allows, and one that is made of it as `made`."""
        examples = [self.resolve(one).get("value") for one in node.get("examples", {}).values()]
        if "example" in node:
            examples.append(node["example"])
        right = {
            str(number): value
            for number, value in enumerate(examples)
            if not self.violations(schema, value)
        }
        return {"made": made(self, schema, way), **right}


def _scheme(node: Node, argument: str) -> Scheme:
    key = node["type"] == "apiKey"
    return Scheme(
        argument=argument,
        # What OAuth 2 gives is sent as bearer tokens are.
        type="apiKey" if key else "http",
        scheme="" if key else node.get("scheme", "bearer"),
        place=node.get("in", "header"),
        header=node.get("name", "Authorization"),
        prefix="",
        base64=False,
        obtained=False,
    )


def _read(path: Path) -> Any:
    return _absolute(yaml.load(path.read_bytes(), YamlLoader), path.as_uri())


def _absolute(node: Any, base: str) -> Any:
    if isinstance(node, dict):
        return {
            str(key): _meant(str(key), value, base)
            for key, value in cast("dict[object, Any]", node).items()
        }
    if isinstance(node, list):
        return [_absolute(item, base) for item in cast("list[object]", node)]
    return node


def _meant(key: str, value: Any, base: str) -> Any:
    if key == "$ref" and isinstance(value, str):
        return urljoin(base, value)
    if key == "type" and value is None:
        # YAML's null, where the name of the type is meant.
        return "null"
    return _absolute(value, base)
