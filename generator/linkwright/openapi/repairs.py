"""Defects of published documents whose meaning is beyond doubt: mended, with a warning each.

Every keyword has a shape. What has another shape and can only mean one thing becomes that; what
could mean several things stays as it is, and the reader refuses it. Nothing is ever left out to
get through. `docs/documents.md` lists what is mended.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from ..diagnostics import Collector
from ..source.document import Map, Node, Scalar, Seq
from ..source.text import shown
from .address_repairs import meant_address
from .describe import article, describe
from .nodes import changed, mapping, sequence, text_at
from .schema_repairs import TYPE_WORDS, mend_schema
from .scheme_repairs import mend_scheme
from .swagger_parameters import parameter as swagger_parameter

__all__ = ["mend"]


class _Shape(enum.Enum):
    FLAG = enum.auto()
    #: A list of texts or values: a single one may stand alone.
    VALUES = enum.auto()
    #: A list of mappings: likewise.
    OBJECTS = enum.auto()
    MAPPING = enum.auto()


def _shapes(
    flags: str = "", values: str = "", objects: str = "", maps: str = ""
) -> Mapping[str, _Shape]:
    return {
        **dict.fromkeys(flags.split(), _Shape.FLAG),
        **dict.fromkeys(values.split(), _Shape.VALUES),
        **dict.fromkeys(objects.split(), _Shape.OBJECTS),
        **dict.fromkeys(maps.split(), _Shape.MAPPING),
    }


_SHAPES: dict[str, Mapping[str, _Shape]] = {
    "document": _shapes("", "", "tags servers security", "components webhooks definitions"),
    "components": _shapes(
        maps="schemas responses parameters examples requestBodies headers securitySchemes links "
        "callbacks pathItems"
    ),
    "server": _shapes(maps="variables"),
    "server variable": _shapes(values="enum"),
    "path item": _shapes(objects="parameters servers"),
    "operation": _shapes(
        "deprecated", "tags consumes produces schemes", "parameters servers security", "callbacks"
    ),
    "parameter": _shapes(
        "required deprecated explode allowReserved allowEmptyValue", maps="content"
    ),
    "header": _shapes("required deprecated explode", maps="content"),
    "request body": _shapes("required", maps="content"),
    "response": _shapes(maps="content headers links"),
    "media type": _shapes(maps="encoding"),
    "schema": _shapes(
        "nullable x-nullable deprecated readOnly writeOnly",
        "enum",
        "allOf oneOf anyOf prefixItems",
        "properties patternProperties",
    ),
}
_NO_SHAPES: Mapping[str, _Shape] = {}
_KINDS: dict[_Shape, type[Node]] = {
    _Shape.FLAG: Scalar,
    _Shape.VALUES: Seq,
    _Shape.OBJECTS: Seq,
    _Shape.MAPPING: Map,
}
#: What a text in place of an object can only be.
_TEXT_FOR = {"response": "description", "tag": "name", "server": "url"}


def mend(node: Node, kind: str, version: str, out: Collector) -> Node:
    """An object of a kind (a key of `keywords.KEYWORDS`) as it was meant.

    Args:
        node: What stands where such an object is expected.
        kind: What is expected.
        version: Of the file it stands in: what is a slip in one is right in another.
        out: Takes a W202 for everything that is changed.
    """
    if not isinstance(node, Map):
        return _object(node, kind, out)
    shapes = _SHAPES.get(kind, _NO_SHAPES)
    changes: dict[str, Node | None] = {}
    for key, child in node.entries.items():
        shape = shapes.get(key)
        if shape is not None and (shape is _Shape.FLAG or type(child) is not _KINDS[shape]):
            mended = _value(key, child, shape, out)
            if mended is not child:
                changes[key] = mended
    if changes:
        node = changed(node, changes)
    match kind:
        case "schema":
            return mend_schema(node, version, out)
        case "parameter":
            return _parameter(node, version, out)
        case "response":
            return _response(node, version, out)
        case "server":
            return _server(node, out)
        case "security scheme" if "$ref" not in node.entries:
            return mend_scheme(node, version, out)
        case "request body":
            return _request_body(node, out)
        case _:
            pass
    return node


def _object(node: Scalar | Seq, kind: str, out: Collector) -> Node:
    """Something else where an object is expected."""
    value = node.value if isinstance(node, Scalar) else ""
    meant: str | None = None
    key: str | None = None
    if isinstance(node, Seq):
        # Serializers that know no empty mapping write an empty list.
        meant = None if node.items else "an empty mapping"
    elif value is None and kind in ("schema", "media type", "response"):
        meant = "an empty mapping"
    elif isinstance(value, str):
        key = "type" if kind == "schema" and value.lower() in TYPE_WORDS else _TEXT_FOR.get(kind)
        meant = key and f"its {key}"
    if meant is None:
        return node
    out.add("W202", f"{describe(node)} in place of {article(kind)}; read as {meant}", node.span)
    return changed(Map({}, {}, node.span), {key: node} if key else {})


def _value(key: str, child: Node, shape: _Shape, out: Collector) -> Node | None:
    """One value as the shape wants it; None to read the keyword as absent; `child` if unclear."""
    where = child.span
    if isinstance(child, Scalar) and child.value is None:
        out.add("W202", f"{shown(key)} says nothing; read as absent", where)
        return None
    if shape is _Shape.FLAG:
        said = str(child.value).lower() if isinstance(child, Scalar) else ""
        if said not in ("true", "false") or (
            isinstance(child, Scalar) and child.value in (True, False)
        ):
            return child
        out.add("W202", f"{shown(key)} is a text; read as {said}", where)
        return Scalar(said == "true", where)
    if shape is _Shape.MAPPING:
        if not isinstance(child, Seq) or child.items:
            return child
        out.add("W202", f"{shown(key)} is an empty list; read as an empty mapping", where)
        return Map({}, {}, where)
    alone = isinstance(child, Map if shape is _Shape.OBJECTS else Scalar)
    if not alone or (isinstance(child, Map) and not child.entries):
        return child
    out.add("W202", f"{shown(key)} is {describe(child)}; read as a list of it alone", where)
    return sequence(where, child)


def _response(node: Map, version: str, out: Collector) -> Map:
    """`schema` where Swagger 2.0 has it; and what every response needs."""
    if "description" not in node.entries and version != "3.2":
        out.add("W202", "this response has no description; read as an empty one", node.span)
    schema = node.entries.get("schema")
    if version == "2.0" or schema is None or not {"$ref", "content"}.isdisjoint(node.entries):
        return node
    out.add(
        "W202",
        "schema stands in the response, as in Swagger 2.0; read as of application/json",
        node.keys["schema"],
        help="content: {application/json: {schema: ...}}",
    )
    media = changed(
        Map({}, {}, schema.span), {"application/json": mapping(schema.span, schema=schema)}
    )
    return changed(node, {"schema": None, "content": media})


def _flat_parameter(node: Map, version: str, out: Collector) -> Map:
    """A parameter that says its type itself, as in Swagger 2.0, in a document of 3.x."""
    flat = next((key for key in ("type", "items", "enum", "format") if key in node.entries), None)
    place = (text_at(node, "in") or "").lower()
    if version == "2.0" or flat is None or place not in ("path", "query", "header", "cookie"):
        return node
    if not {"$ref", "schema", "content"}.isdisjoint(node.entries):
        return node
    out.add(
        "W202",
        f"{flat} stands in the parameter, as in Swagger 2.0; read as of its schema",
        node.keys[flat],
        help="schema: {type: ...}",
    )
    moved = swagger_parameter(node, out)
    # Lists that do not say how they are joined are those of 3.x; what is said in its words counts.
    joined = "collectionFormat" in node.entries
    said = [key for key in ("style", "explode") if key in node.entries or not joined]
    return changed(moved, {key: node.entries.get(key) for key in said})


def _parameter(node: Map, version: str, out: Collector) -> Map:
    """What is never meant otherwise."""
    node = _flat_parameter(node, version, out)
    if "$ref" in node.entries:
        return node
    changes: dict[str, Node | None] = {}
    place = text_at(node, "in") or ""
    if place != place.lower():
        out.add("W202", f"`in: {shown(place)}` is read in lower case", node.entries["in"].span)
        changes["in"] = Scalar(place.lower(), node.entries["in"].span)
    required = node.entries.get("required", Scalar(False, node.span))
    if place.lower() == "path" and isinstance(required, Scalar) and required.value is False:
        out.add("W202", "a path parameter is always required; read so", node.span)
        changes["required"] = Scalar(True, node.span)
    return changed(node, changes) if changes else node


def _server(node: Map, out: Collector) -> Map:
    """The address as it was meant."""
    url = text_at(node, "url")
    variables = node.entries.get("variables")
    whole = {
        name
        for name, variable in (variables.entries.items() if isinstance(variables, Map) else ())
        if isinstance(variable, Map) and ":" in (text_at(variable, "default") or ":")
    }
    meant = meant_address(url, whole) if url is not None else None
    if meant is None:
        return node
    place = node.span if url == "" else node.entries["url"].span
    out.add("W202", meant[1], place)
    return changed(node, {"url": Scalar(meant[0], place)})


def _request_body(node: Map, out: Collector) -> Map:
    """A multipart body is an object of parts; one that is a file is meant as its only part."""
    content = node.entries.get("content")
    changes: dict[str, Node | None] = {}
    for media_type, media in content.entries.items() if isinstance(content, Map) else ():
        schema = media.entries.get("schema") if isinstance(media, Map) else None
        if (
            isinstance(media, Map)
            and isinstance(schema, Map)
            and media_type.lower().startswith("multipart/")
            and text_at(schema, "type") == "string"
        ):
            out.add(
                "W202",
                "a multipart body is an object of parts; read as one with the part `file`",
                schema.span,
                help="schema: {type: object, properties: {NAME: {type: string, format: binary}}}",
            )
            parts = mapping(schema.span, file=schema)
            body = mapping(
                schema.span,
                type="object",
                properties=parts,
                required=sequence(schema.span, "file"),
            )
            changes[media_type] = changed(media, {"schema": body})
    if not changes or not isinstance(content, Map):
        return node
    return changed(node, {"content": changed(content, changes)})
