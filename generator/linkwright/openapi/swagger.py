"""Swagger 2.0 as OpenAPI 3.1, object by object, with every node where it was written.

What both versions say in the same words is left alone. Pointers into the document stay those of
the file (`#/definitions/X`); `references` gives them the names of 3.1.
"""

from __future__ import annotations

from ..diagnostics import Collector
from ..source.document import Map, Node, Scalar, Seq
from .describe import join
from .nodes import changed, mapping, sequence, text_at
from .references import References
from .swagger_bodies import body_of
from .swagger_parameters import header, parameter

__all__ = ["upgrade"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_JSON = "application/json"
_BYTES = "application/octet-stream"


def upgrade(node: Map, kind: str, references: References, out: Collector) -> Map:
    """One object of a kind (a key of `keywords.KEYWORDS`) in the words of 3.1."""
    match kind:
        case "document":
            return _document(node)
        case "path item":
            return _path_item(node, references, out)
        case "parameter":
            return parameter(node, out)
        case "header":
            return header(node, out)
        case "response":
            return _response(node, _media_types(references.root(node), "produces"))
        case "security scheme":
            return _scheme(node)
        case _:
            return node


def _document(root: Map) -> Map:
    words = "swagger host basePath schemes consumes produces definitions parameters responses"
    changes: dict[str, Node | None] = dict.fromkeys((*words.split(), "securityDefinitions"))
    version = root.entries.get("swagger", root)
    changes["openapi"] = Scalar("3.1.0", version.span)
    changes["servers"] = _servers(root)
    # Definitions, parameters and responses are reached by references only.
    schemes = root.entries.get("securityDefinitions")
    if schemes is not None:
        changes["components"] = mapping(schemes.span, securitySchemes=schemes)
    return changed(root, changes)


def _servers(root: Map) -> Node | None:
    """`schemes`, `host` and `basePath` as servers, the safest first."""
    host, base = text_at(root, "host"), text_at(root, "basePath") or ""
    place = root.entries.get("host") or root.entries.get("basePath")
    if place is None:
        return None
    path = "/" + base.strip("/") if base.strip("/") else ""
    if not host:
        return sequence(place.span, mapping(place.span, url=path or "/"))
    given = root.entries.get("schemes")
    listed = given.items if isinstance(given, Seq) else (Scalar("https", place.span),)
    servers = [
        mapping(scheme.span, url=f"{scheme.value}://{host}{path}")
        for scheme in listed
        if isinstance(scheme, Scalar) and scheme.value in ("http", "https")
    ]
    servers.sort(key=lambda server: not (text_at(server, "url") or "").startswith("https"))
    return sequence(place.span, *servers) if servers else None


def _scheme(node: Map) -> Map:
    kind, span = text_at(node, "type"), node.span
    if kind == "basic":
        return changed(node, dict(mapping(span, type="http", scheme="basic").entries))
    if kind != "oauth2" or "flow" not in node.entries:
        return node
    moved = ("authorizationUrl", "tokenUrl", "scopes")
    flow = Map(
        {key: node.entries[key] for key in moved if key in node.entries},
        {key: node.keys[key] for key in moved if key in node.keys},
        span,
    )
    name = text_at(node, "flow") or ""
    flows = changed(Map({}, {}, span), {_FLOWS.get(name, name): flow})
    return changed(node, {**dict.fromkeys((*moved, "flow")), "flows": flows})


def _path_item(item: Map, references: References, out: Collector) -> Map:
    """Parameters that are bodies become those of each operation; the others stay where they are."""
    if "$ref" in item.entries:
        return item
    shared = item.entries.get("parameters")
    bodies, others = _divided(shared, references)
    changes: dict[str, Node | None] = {}
    if bodies and shared is not None:
        changes["parameters"] = sequence(shared.span, *others)
    for method in _METHODS:
        operation = item.entries.get(method)
        if isinstance(operation, Map):
            changes[method] = _operation(operation, bodies, references, out)
    return changed(item, changes)


def _operation(operation: Map, shared: list[Map], references: References, out: Collector) -> Map:
    root = references.root(operation)
    own = operation.entries.get("parameters")
    bodies, others = _divided(own, references)
    changes: dict[str, Node | None] = dict.fromkeys(("consumes", "produces"))
    if bodies and own is not None:
        changes["parameters"] = sequence(own.span, *others)
    named = {(text_at(b, "in"), text_at(b, "name")) for b in bodies}
    bodies = [b for b in shared if (text_at(b, "in"), text_at(b, "name")) not in named] + bodies
    if bodies:
        consumes = _media_types(operation, "consumes") or _media_types(root, "consumes")
        changes["requestBody"] = body_of(bodies, consumes, out)
    schemes = operation.entries.get("schemes")
    if schemes is not None:
        out.add("W204", "schemes of an operation are not used; the document's are", schemes.span)
        changes["schemes"] = None
    responses = operation.entries.get("responses")
    if isinstance(responses, Map):
        changes["responses"] = _responses(responses, operation, references)
    return changed(operation, changes)


def _responses(responses: Map, operation: Map, references: References) -> Map:
    own = _media_types(operation, "produces")
    common = _media_types(references.root(operation), "produces")
    changes: dict[str, Node | None] = {}
    for status, response in responses.entries.items():
        if not isinstance(response, Map) or status.startswith("x-"):
            continue
        shared = "$ref" in response.entries
        if not shared:
            changes[status] = _response(response, own or common)
        elif own and own != common:
            # The operation answers in its own way; the schema stays the shared one's.
            target, pointer = references.target(response, "a response")
            if isinstance(target, Map):
                schema = target.entries.get("schema")
                if isinstance(schema, Map) and "$ref" not in schema.entries:
                    # Named as it is where the shared response is followed.
                    media_type = str(common[0].value) if common else _JSON
                    at = join(pointer, "content", media_type, "schema")
                    target = changed(target, {"schema": references.referring_to(schema, at)})
                changes[status] = _response(target, own)
    return changed(responses, changes)


def _response(response: Map, produces: tuple[Scalar, ...]) -> Map:
    """`schema` under every media type."""
    schema = response.entries.get("schema")
    examples = response.entries.get("examples")
    changes: dict[str, Node | None] = dict.fromkeys(("schema", "examples"))
    if "content" in response.entries:
        return response
    if schema is None:
        return changed(response, changes) if examples is not None else response
    file = isinstance(schema, Map) and text_at(schema, "type") == "file"
    if file and isinstance(schema, Map):
        schema = changed(schema, dict(mapping(schema.span, type="string", format="binary").entries))
    content: dict[str, Node | None] = {}
    for media_type in produces or (Scalar(_BYTES if file else _JSON, schema.span),):
        content[str(media_type.value)] = mapping(schema.span, schema=schema)
    changes["content"] = changed(Map({}, {}, schema.span), content)
    return changed(response, changes)


def _divided(parameters: Node | None, references: References) -> tuple[list[Map], list[Node]]:
    """Parameters that make up the body, references followed; and all others as they are."""
    bodies: list[Map] = []
    others: list[Node] = []
    for node in parameters.items if isinstance(parameters, Seq) else ():
        target, pointer = node, ""
        if isinstance(node, Map) and "$ref" in node.entries:
            target, pointer = references.target(node, "a parameter")
        place = text_at(target, "in") if isinstance(target, Map) else None
        if not isinstance(target, Map) or place not in ("body", "formData"):
            others.append(node)
            continue
        schema = target.entries.get("schema")
        if pointer and isinstance(schema, Map) and "$ref" not in schema.entries:
            again = references.referring_to(schema, f"{pointer}/schema")
            target = changed(target, {"schema": again})
        bodies.append(target)
    return bodies, others


def _media_types(node: Map, key: str) -> tuple[Scalar, ...]:
    found = node.entries.get(key)
    items = found.items if isinstance(found, Seq) else ()
    return tuple(item for item in items if isinstance(item, Scalar))
