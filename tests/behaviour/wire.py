"""What the specifications say, read independently of the generator.

Plain PyYAML and a resolver of a few lines. Whatever the tests assert about a request or an answer
comes from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

__all__ = [
    "METHODS",
    "Body",
    "Media",
    "Node",
    "Operation",
    "Parameter",
    "Reply",
    "Scheme",
    "Spec",
    "YamlLoader",
    "operation_of",
    "operations",
    "specs",
]

Node: TypeAlias = Mapping[str, Any]

SPECS: Final = Path(__file__).parents[2] / "specs" / "providers"
METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


class YamlLoader(yaml.CSafeLoader):
    """YAML whose timestamps stay text, as they are in JSON."""


YamlLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Media:
    """A body in one media type, with all its examples by name."""

    type: str
    schema: Node
    examples: Mapping[str, Any]


@dataclass(frozen=True)
class Body:
    """A request body."""

    required: bool
    media: Media


@dataclass(frozen=True)
class Reply:
    """A documented answer; `media` is None where it has no content."""

    status: int
    media: Media | None


@dataclass(frozen=True)
class Parameter:
    """A parameter; style and explode are those in effect."""

    name: str
    place: str
    required: bool
    schema: Node
    example: Any
    style: str
    explode: bool
    secret: bool


@dataclass(frozen=True)
class Scheme:
    """A security scheme; `argument` is how a client's constructor calls it."""

    argument: str
    type: str
    scheme: str
    place: str
    header: str
    prefix: str
    base64: bool
    obtained: bool
    """Whether the client can get it by itself."""


@dataclass(frozen=True, eq=False)
class Spec:
    """One document. Its references are absolute, so that any part of it can be validated."""

    name: str
    document: Node = field(repr=False)
    package: str = "clients"
    """The package that holds the generated one."""

    @property
    def title(self) -> str:
        """Name of the client class."""
        return str(self.document["info"]["x-linkwright-name"])

    def resolve(self, node: Node) -> Node:
        """Follow references to what they stand for."""
        while "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].partition("#/")[2].split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def violations(self, schema: Node, value: object) -> list[str]:
        """Say where a JSON value breaks a schema."""
        # Under an absolute URI, a schema from anywhere in the document finds its references.
        validator: Any = Draft202012Validator(
            schema,
            registry=self._registry,
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        return [f"{error.json_path}: {error.validator}" for error in validator.iter_errors(value)]

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the document."""
        return tuple(
            self._operation(path, method, item)
            for path, item in self.document["paths"].items()
            for method in item
            if method in METHODS
        )

    @cached_property
    def schemes(self) -> dict[str, Scheme]:
        """The security schemes by name, without signatures: `test_signing` sees to those."""
        found = self.document["components"]["securitySchemes"]
        return {
            name: _scheme(self.resolve(node))
            for name, node in found.items()
            if "x-linkwright-signature" not in node
        }

    @cached_property
    def _registry(self) -> Registry[Any]:
        resource = DRAFT202012.create_resource(self.document)
        registry: Registry[Any] = Registry[Any]().with_resource(_uri(self.name), resource)
        return registry

    def _operation(self, path: str, method: str, item: Node) -> Operation:
        node = item[method]
        nodes = [
            self.resolve(one) for one in (*item.get("parameters", ()), *node.get("parameters", ()))
        ]
        replies = {status: self.resolve(reply) for status, reply in node["responses"].items()}
        return Operation(
            spec=self,
            id=node["operationId"],
            method=method.upper(),
            path=path,
            # An operation's own parameter replaces that of its path.
            parameters=tuple({(p["in"], p["name"]): _parameter(p) for p in nodes}.values()),
            body=self._body(node),
            replies=tuple(
                Reply(int(status), self._media(reply)) for status, reply in replies.items()
            ),
            security=tuple(
                tuple(self.schemes[name] for name in alternative)
                for alternative in node.get("security", self.document.get("security", ()))
                if self.schemes.keys() >= alternative.keys()
            ),
            extensions={key: value for key, value in node.items() if key.startswith("x-")},
        )

    def _body(self, node: Node) -> Body | None:
        if "requestBody" not in node:
            return None
        body = self.resolve(node["requestBody"])
        media = self._media(body)
        return Body(body.get("required", False), media) if media else None

    def _media(self, node: Node) -> Media | None:
        content = node.get("content")
        if not content:
            return None
        ((kind, media),) = content.items()
        named = media.get("examples", {})
        examples = {name: self.resolve(example)["value"] for name, example in named.items()}
        return Media(kind, media["schema"], examples or {"example": media["example"]})


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of a document."""

    spec: Spec
    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = field(repr=False)
    body: Body | None = field(repr=False)
    replies: tuple[Reply, ...] = field(repr=False)
    security: tuple[tuple[Scheme, ...], ...] = field(repr=False)
    extensions: Node = field(repr=False)

    def __str__(self) -> str:
        return f"{self.spec.name}-{self.id}"

    @property
    def is_for_browsers(self) -> bool:
        """Whether it is a URL to open, which no client fetches."""
        return bool(self.extensions.get("x-linkwright-browser"))

    def example(self, status: int) -> Any:
        """The first example body of a documented answer."""
        media = next(reply.media for reply in self.replies if reply.status == status)
        assert media is not None, f"{self} has no content at {status}"
        return next(iter(media.examples.values()))


@cache
def specs() -> tuple[Spec, ...]:
    """Every bundled specification."""
    return tuple(
        Spec(path.stem, _absolute(yaml.load(path.read_text("utf-8"), YamlLoader), _uri(path.stem)))
        for path in sorted(SPECS.glob("*.yaml"))
    )


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of every bundled specification."""
    return tuple(operation for spec in specs() for operation in spec.operations)


def operation_of(provider: str, id_: str) -> Operation:
    """Find one operation."""
    return next(one for one in operations() if (one.spec.name, one.id) == (provider, id_))


def _parameter(node: Node) -> Parameter:
    style = node.get("style", "form" if node["in"] in {"query", "cookie"} else "simple")
    return Parameter(
        name=node["name"],
        place=node["in"],
        required=node.get("required", False),
        schema=node["schema"],
        example=node["example"],
        style=style,
        explode=node.get("explode", style == "form"),
        secret=node.get("x-linkwright-secret", False),
    )


def _scheme(node: Node) -> Scheme:
    form = node.get("x-linkwright-credential", {})
    return Scheme(
        argument=node["x-linkwright-name"],
        type=node["type"],
        scheme=node.get("scheme", ""),
        place=node.get("in", "header"),
        header=node.get("name", "Authorization"),
        prefix=form.get("prefix", ""),
        base64=form.get("encoding") == "base64",
        obtained="x-linkwright-token" in node,
    )


def _uri(name: str) -> str:
    return f"urn:{name}"


def _absolute(node: Any, base: str) -> Any:
    if isinstance(node, dict):
        return {
            key: base + value if key == "$ref" else _absolute(value, base)
            for key, value in cast("dict[str, Any]", node).items()
        }
    if isinstance(node, list):
        return [_absolute(item, base) for item in cast("list[object]", node)]
    return node
