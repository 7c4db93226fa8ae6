"""Request bodies of Swagger 2.0, which are parameters there."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics import Collector
from ..source.document import Map, Node, Scalar
from .nodes import changed, mapping, sequence, text_at
from .swagger_parameters import schema_of

__all__ = ["body_of"]

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_STYLES = {"csv": "form", "ssv": "spaceDelimited", "pipes": "pipeDelimited", "multi": "form"}


def body_of(parameters: Sequence[Map], consumes: Sequence[Scalar], out: Collector) -> Map:
    """The request body that parameters `in: body` or `in: formData` make up.

    Args:
        parameters: These parameters, references followed.
        consumes: What the operation, or else the document, accepts.
        out: Takes E205 for a body of both kinds.
    """
    whole = [p for p in parameters if text_at(p, "in") == "body"]
    if whole and (len(whole) < len(parameters) or len(whole) > 1):
        other = next(p for p in parameters if p is not whole[0])
        out.add("E205", "an operation has one body, or form fields", other.span)
    return _whole(whole[0], consumes) if whole else _form(parameters, consumes, out)


def _whole(parameter: Map, consumes: Sequence[Scalar]) -> Map:
    span = parameter.span
    media: dict[str, Node | None] = {}
    schema = parameter.entries.get("schema")
    for media_type in consumes or (Scalar(_JSON, span),):
        content = mapping(media_type.span)
        if schema is not None:
            content = mapping(schema.span, schema=schema)
        media[str(media_type.value)] = content
    kept = {k: n for k, n in parameter.entries.items() if k in ("description", "required")}
    body = Map(dict(kept), {key: parameter.keys[key] for key in kept}, span)
    extensions = {k: n for k, n in parameter.entries.items() if k.startswith("x-")}
    return changed(body, {**extensions, "content": changed(Map({}, {}, span), media)})


def _form(parameters: Sequence[Map], consumes: Sequence[Scalar], out: Collector) -> Map:
    """Form fields as an object; a file among them needs multipart."""
    span = parameters[0].span
    fields: dict[str, Node | None] = {}
    required: list[Node] = []
    encoding: dict[str, Node | None] = {}
    files = False
    for parameter in parameters:
        name = text_at(parameter, "name") or ""
        schema, _ = schema_of(parameter, out)
        if "description" in parameter.entries:
            schema = changed(schema, {"description": parameter.entries["description"]})
        if text_at(schema, "type") == "file":
            files = True
            binary = mapping(parameter.span, type="string", format="binary")
            schema = changed(schema, dict(binary.entries))
        if text_at(schema, "type") == "array":
            form = text_at(parameter, "collectionFormat") or "csv"
            encoding[name] = mapping(
                parameter.span, style=_STYLES.get(form, "form"), explode=form == "multi"
            )
        fields[name] = schema
        flag = parameter.entries.get("required")
        if isinstance(flag, Scalar) and flag.value is True:
            required.append(Scalar(name, flag.span))
    object_ = mapping(span, type="object", properties=changed(Map({}, {}, span), fields))
    if required:
        object_ = changed(object_, {"required": sequence(span, *required)})
    media = mapping(span, schema=object_)
    if encoding:
        media = changed(media, {"encoding": changed(Map({}, {}, span), encoding)})
    names = [str(m.value) for m in consumes if m.value in (_FORM, _MULTIPART)]
    if files and _MULTIPART not in names:
        if names:
            out.add("W202", "a form with a file cannot be urlencoded; read as multipart", span)
        names = [_MULTIPART]
    content = dict.fromkeys(names or [_FORM], media)
    body = mapping(span, content=changed(Map({}, {}, span), content))
    return changed(body, {"required": Scalar(True, span)}) if required else body
