"""What follows from several pages together: places, bodies, responses, wire names, schemes.

Everything concluded here is an inference with a name, so that a reader of the output can tell it
from what a page states. Rules only look at facts; no page is read again.
"""

from __future__ import annotations

import re

from .facts import Api, Operation, Property, Scheme
from .models import ModelIndex, flat, last_part, primitive
from .shapes import Listing, Nullable, Shape, Table, Word
from .wire import Names, header_name, looks_like_header
from .wrappers import open_request, open_response

__all__ = ["FORMS", "METHODS", "name_operations", "placeholders", "resolve", "success_code"]

#: Content types whose body is a set of fields.
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
#: Methods that OpenAPI has a place for.
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_WITH_BODY = ("POST", "PUT", "PATCH")
_BODY_NAMES = frozenset("body requestbody payload".split())


def placeholders(path: str) -> list[str]:
    """Names in a path template, in order."""
    return re.findall(r"\{([^{}]+)\}", path)


def name_operations(api: Api) -> None:
    """Give every operation an id, by what its own page says."""
    for operation in api.operations:
        _operation_id(operation)


def resolve(api: Api, index: ModelIndex) -> None:
    """Complete the operations, models and schemes in place."""
    _mark_wrappers(api, index)
    names = Names(api)
    for operation in api.operations:
        open_request(operation, index)
        _place(operation)
        _body(operation, index)
        for parameter in operation.parameters:
            _locate(operation, parameter)
        _names(operation, names)
        open_response(operation, index)
        _success(operation)
    _unique_ids(api)
    for model in api.models.values():
        for found in model.properties:
            names.settle(found)
    for scheme in api.schemes.values():
        _scheme(scheme)


def _mark_wrappers(api: Api, index: ModelIndex) -> None:
    """Model pages that only carry the credentials of one operation are not schemas."""
    for operation in api.operations:
        if operation.credentials is None:
            continue
        model = index.model_of(operation.credentials.shape, operation.place.page)
        if model is not None:
            model.plumbing = "credentials object of the SDK"
            operation.security = [p.name for p in model.properties]
            operation.documented("security", "security-object", model.place)
            for found in model.properties:
                api.schemes.setdefault(found.name, Scheme(found.place, found.name))


def _operation_id(operation: Operation) -> None:
    """Speakeasy names request and response objects after the operation."""
    if operation.operation_id or "operationId" in operation.facts:
        operation.operation_id = operation.operation_id or operation.name
        return
    shapes = [operation.wrapper.shape] if operation.wrapper else []
    shapes += [operation.returns] if operation.returns else []
    for shape in shapes:
        if isinstance(shape, Word):
            name = last_part(shape.name)
            match = re.fullmatch(r"(\w+?)(?:Request|Response)(?:Body)?", name)
            if match and shape.space in ("operations", "requests"):
                name = match[1]
                operation.operation_id = name[:1].lower() + name[1:]
                operation.inferred("operationId", "request-object-name")
                return
    operation.operation_id = operation.call or operation.name
    operation.inferred("operationId", "call")


def _unique_ids(api: Api) -> None:
    """The same name on two pages is two operations; the page tells them apart."""
    seen: dict[str, list[Operation]] = {}
    for operation in api.operations:
        seen.setdefault(operation.operation_id, []).append(operation)
    taken = set(seen)
    for same in seen.values():
        for operation in same[1:]:
            base = f"{operation.tag}_{operation.operation_id}".replace(" ", "")
            name, number = base, 2
            while name in taken:
                name, number = f"{base}{number}", number + 1
            taken.add(name)
            operation.operation_id = name
            operation.inferred("operationId", "made-unique")


def _place(operation: Operation) -> None:
    """Match the template's placeholders with parameters."""
    if not operation.path:
        return
    wanted = list(dict.fromkeys(placeholders(operation.path)))
    free = [p for p in operation.parameters if p.location in (None, "path")]
    left: list[str] = []
    for name in wanted:
        found = next((p for p in free if flat(p.name) == flat(name)), None)
        if found is None:
            found = next((p for p in free if flat(p.name).strip("_") == f"path{flat(name)}"), None)
        if found is None:
            left.append(name)
            continue
        free.remove(found)
        _in_path(found, name, "path-template", sure=True)
    shown = [p for p in free if p.location == "path"]
    for name in left:
        # A parameter that was renamed: the one the page puts into the path, or the only one whose
        # name is part of the placeholder's.
        like = shown or [
            p
            for p in free
            if p.required and (flat(p.name) in flat(name) or flat(name) in flat(p.name))
        ]
        if like:
            found = like[0]
            free.remove(found)
            if found in shown:
                shown.remove(found)
            _in_path(found, name, "renamed-in-path", sure=False)
            continue
        found = Property(operation.facts["path"].place, name, Word("string"), required=True)
        found.inferred("type", "path-template")
        found.documented("name", "path-template")
        _in_path(found, name, "path-template", sure=True)
        operation.parameters.append(found)
    for parameter in operation.parameters:
        if parameter.location == "path" and not parameter.wire:
            parameter.location = None


def _in_path(found: Property, name: str, rule: str, *, sure: bool) -> None:
    note = found.documented if sure else found.inferred
    found.location, found.wire = "path", name
    note("in", rule)
    note("wire", rule)
    if not found.required:
        found.required = True
        found.inferred("required", "path-template")


def _is_object(shape: Shape, page: str, index: ModelIndex) -> bool:
    """Whether a shape can be a JSON body by itself: a model, a list or a map of them."""
    match shape:
        case Nullable(inner, _):
            return _is_object(inner, page, index)
        case Listing(items):
            return _is_object(items, page, index)
        case Table():
            return True
        case Word(name):
            model = index.model_of(shape, page)
            if model is not None:
                return not model.enum
            return primitive(name) is None and bool(shape.target or last_part(name)[:1].isupper())
        case _:
            return False


def _body(operation: Operation, index: ModelIndex) -> None:
    """Which parameter is the request body, and which are fields of a form."""
    if operation.body is not None:
        return
    page = operation.place.page
    rest = [p for p in operation.parameters if p.location is None]
    forms = bool(operation.consumes) and all(t in FORMS for t in operation.consumes)
    named = [p for p in rest if flat(p.name) in _BODY_NAMES]
    may = operation.method in _WITH_BODY or not operation.method or bool(named)
    if not may and not (operation.method == "DELETE" and operation.consumes):
        return
    objects = [
        p for p in rest if p not in named and _is_object(p.shape, p.place.page or page, index)
    ]
    telling = [p for p in objects if _named_after_type(p)]
    candidates = named or telling[-1:] or (objects[-1:] if operation.method else [])
    # A form among other content types: fields, unless an argument can be the body.
    forms = forms or (not candidates and any(t in FORMS for t in operation.consumes))
    if forms and not named and not (len(rest) == 1 and telling):
        for parameter in rest:
            if not looks_like_header(parameter.name):
                parameter.location = "form"
                parameter.inferred("in", "form-content-type")
        return
    if candidates:
        body = candidates[0]
        operation.parameters.remove(body)
        operation.body = body
        body.location = "body"
        sure = bool(operation.consumes) or flat(body.name) == "requestbody"
        (body.documented if sure else body.inferred)("in", "body-parameter")
    elif rest and operation.flattened and operation.method in _WITH_BODY:
        for parameter in [p for p in rest if not looks_like_header(p.name)]:
            operation.parameters.remove(parameter)
            parameter.location = "body"
            parameter.inferred("in", "argument-of-a-writing-call")
            operation.body_fields.append(parameter)
    elif operation.consumes and operation.method in _WITH_BODY and len(rest) == 1:
        only = rest[0]
        loose = isinstance(only.shape, Word) and flat(last_part(only.shape.name)) in (
            "object",
            "any",
            "file",
            "bytearray",
            "stream",
        )
        if loose:
            operation.parameters.remove(only)
            operation.body = only
            only.location = "body"
            only.inferred("in", "untyped-body")


def _named_after_type(parameter: Property) -> bool:
    """openapi-generator names the body after its schema."""
    shape = parameter.shape
    while isinstance(shape, Listing | Nullable | Table):
        shape = (
            shape.inner
            if isinstance(shape, Nullable)
            else (shape.items if isinstance(shape, Listing) else shape.values)
        )
    return isinstance(shape, Word) and flat(last_part(shape.name)) == flat(parameter.name)


def _locate(operation: Operation, parameter: Property) -> None:
    """Header by its name, else query; unknown for a call that has no place itself."""
    if parameter.location is not None:
        return
    if looks_like_header(parameter.name):
        parameter.location = "header"
        parameter.wire = header_name(parameter.name)
        parameter.inferred("in", "header-by-name")
        parameter.inferred("wire", "header-by-name")
    elif operation.path:
        parameter.location = "query"
        parameter.inferred("in", "neither-path-nor-body")
    else:
        parameter.missing("in", "path, query or header: the call has no path")


def _names(operation: Operation, names: Names) -> None:
    for parameter in (*operation.parameters, *operation.body_fields):
        names.settle(parameter)
    # Two arguments that fall together on the wire keep the names the page shows.
    seen: set[tuple[str, str | None]] = set()
    for parameter in list(operation.parameters):
        if (parameter.wire, parameter.location) in seen:
            parameter.wire = parameter.name
        if (parameter.wire, parameter.location) in seen:
            operation.parameters.remove(parameter)
            operation.missing("parameters", f"two rows are called {parameter.name}")
        seen.add((parameter.wire, parameter.location))


def _success(operation: Operation) -> None:
    """The status of a success, where the pages have none."""
    good = [s for s in operation.statuses if s.code[0] in "23"]
    if good or operation.success:
        return
    if operation.returns is None:
        operation.missing("returns", "the page does not say what is returned")
    operation.inferred("status", "nothing-returned" if operation.void else "success-is-200")


def success_code(operation: Operation) -> str:
    """The status of a success; where no page tells, 204 without a body, else 200."""
    return operation.success or ("204" if operation.void else "200")


def _scheme(scheme: Scheme) -> None:
    """Kind, place and key of a scheme that pages only name."""
    name, value = flat(scheme.name), scheme.example.lower()
    if not scheme.kind:
        if scheme.pair or "basicauth" in name:
            scheme.kind, scheme.scheme = "http", "basic"
        elif "oauth" in name:
            scheme.kind = "oauth2"
        elif (
            "bearer" in name
            or "bearer" in value
            or "jwt" in name
            or scheme.facts.get("kind") is not None
        ):
            scheme.kind, scheme.scheme = "http", "bearer"
        else:
            scheme.kind = "apiKey"
        scheme.inferred("kind", "scheme-name")
    if scheme.kind == "apiKey":
        if not scheme.key:
            header = "auth" in name and ("header" in name or "authorization" in name)
            scheme.key = "Authorization" if header or value.startswith("basic ") else scheme.name
            scheme.inferred("key", "scheme-name")
        if not scheme.location:
            scheme.location = "header"
            scheme.inferred("in", "keys-are-headers")
