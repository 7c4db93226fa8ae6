"""Speakeasy's request and response objects: pages of the SDK that hold facts of an operation."""

from __future__ import annotations

import re
from dataclasses import replace

from .facts import Model, Operation, Property
from .models import ModelIndex, flat, last_part
from .shapes import Listing, Nothing, Nullable, Shape, Word, words_of

__all__ = ["open_request", "open_response"]

#: Fields every response object has.
_TRANSPORT = frozenset(
    "contenttype statuscode rawresponse httpmeta headers next response servererror result "
    "rawhttpresponse".split()
)
_BODY_FIELDS = frozenset("requestbody body".split())
#: Namespaces of what belongs to one operation.
_LOCAL = ("operations", "requests")


def open_request(operation: Operation, index: ModelIndex) -> None:
    """Replace a request object by its fields, or take it for the body if it is one."""
    wrapper = operation.wrapper
    if wrapper is None:
        return
    if isinstance(wrapper.shape, Nullable):
        wrapper.shape = wrapper.shape.inner
    model = index.model_of(wrapper.shape, operation.place.page)
    if not isinstance(wrapper.shape, Word) or not _is_wrapper(operation, wrapper.shape, model):
        wrapper.location = "body"
        wrapper.documented("in", "request-argument")
        operation.body = wrapper
        return
    if model is None:
        _from_example(operation)
        return
    model.plumbing = "request object of the SDK"
    for found in model.properties:
        copy = replace(found, facts=dict(found.facts))
        if flat(copy.name) in _BODY_FIELDS:
            copy.location = "body"
            copy.documented("in", "request-body-field")
            operation.body = copy
        else:
            operation.parameters.append(copy)


def _is_wrapper(operation: Operation, word: Word, model: Model | None) -> bool:
    """Whether a request argument holds the parameters, or is the body itself."""
    if not word.name.endswith("Request"):
        return False
    if word.space in _LOCAL:
        # A body that has no name of its own is called XRequestBody, in all vintages.
        return True
    if model is None:
        return False
    fields = {flat(p.name) for p in model.properties}
    wanted = {flat(n) for n in re.findall(r"\{([^{}]+)\}", operation.path)}
    if fields & _BODY_FIELDS or (wanted and wanted <= fields):
        return True
    return operation.method in ("GET", "DELETE", "HEAD")


def _from_example(operation: Operation) -> None:
    """The page of the request object is not there: what the example call shows of it."""
    assert operation.wrapper is not None
    operation.missing("parameters", "the page of the request object is not among the pages")
    for name, value in operation.example.items():
        found = Property(operation.wrapper.place, name, _shape_of(value))
        found.inferred("name", "example-argument")
        found.inferred("type", "example-value")
        found.missing("required", "the page of the request object is not among the pages")
        if flat(name) in _BODY_FIELDS:
            word = operation.wrapper.shape
            assert isinstance(word, Word)
            body = last_part(word.name).removesuffix("Request") + "RequestBody"
            found.shape = Listing(Word(body, "#")) if isinstance(value, list) else Word(body, "#")
            found.location = "body"
            found.inferred("in", "request-body-field")
            operation.body = found
        else:
            found.example = None if isinstance(value, dict | list) else str(value)
            operation.parameters.append(found)


def _shape_of(value: object) -> Shape:
    match value:
        case bool():
            return Word("boolean")
        case int():
            return Word("integer")
        case float():
            return Word("number")
        case list():
            return Listing(Word("string"))
        case dict():
            return Word("object")
        case _:
            return Word("string")


def open_response(operation: Operation, index: ModelIndex) -> None:
    """Replace a response object by the value it carries."""
    shape = operation.returns
    if isinstance(shape, Nullable):
        # PHP and Ruby: the object may be missing, what it carries may not.
        shape = shape.inner
    if not isinstance(shape, Word):
        return
    model = index.model_of(shape, operation.place.page)
    if model is None:
        if shape.space in _LOCAL and shape.name.endswith("Response"):
            _result_of_example(operation)
        return
    fields = {flat(p.name) for p in model.properties}
    paged = "result" in fields and fields <= _TRANSPORT and shape.space in _LOCAL
    if not fields & {"rawresponse", "httpmeta"} and not paged:
        return
    model.plumbing = "response object of the SDK"
    carried = [p for p in model.properties if flat(p.name) not in _TRANSPORT or _is_result(p)]
    values = [p for p in carried if not _is_error(p)]
    if not values:
        operation.returns = Nothing()
        operation.inferred("returns", "empty-response-object")
        return
    value = values[0]
    operation.returns = value.shape
    operation.returns_page = value.place.page
    operation.documented("returns", "response-object", value.place)
    code = _spelled_code(value.name)
    if code:
        operation.success = code
        operation.documented("status", "response-object", value.place)


#: Fields of response objects that are not named after a model.
_UNTELLING = frozenset("object res body bytes stream any classes strings data".split())


def _result_of_example(operation: Operation) -> None:
    """The page of the response object is not there: its field is named after what it carries."""
    name = operation.example_result
    if flat(name) == "statuscode":
        operation.returns = Nothing()
        operation.inferred("returns", "example-checks-the-status-only")
    elif name and flat(name) not in _UNTELLING:
        model = "".join(word[:1].upper() + word[1:] for word in name.split("_"))
        operation.returns = Word(model, "#")
        operation.inferred("returns", "field-in-example")
    else:
        operation.returns = None
        operation.missing("returns", "the page of the response object is not among the pages")


def _is_result(found: Property) -> bool:
    return flat(found.name) == "result"


def _is_error(found: Property) -> bool:
    names = [found.name]
    shape = found.shape
    names += [last_part(w.name) for w in words_of(shape)]
    return any("error" in name.lower() for name in names)


_NUMBERS = {
    "twohundred": "200",
    "twohundredandone": "201",
    "twohundredandtwo": "202",
    "twohundredandthree": "203",
    "twohundredandsix": "206",
    "twohundredandseven": "207",
}


def _spelled_code(name: str) -> str:
    """`two_hundred_and_one_application_json_object` is of a 201."""
    words = flat(name)
    found = [code for spelled, code in _NUMBERS.items() if words.startswith(spelled)]
    return found[-1] if found else ""
