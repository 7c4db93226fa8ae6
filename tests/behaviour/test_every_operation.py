"""Every operation of every specification, as it goes over the wire and as it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from clients import errors

from .calling import MODES, Caller, Mode, Variant, generated, secrets_of, variants
from .checks import Expected, faults, text_of
from .compare import differences, kinds_of_text, secrets_in
from .server import Answer, Loopback, Received, answer_json
from .wire import Node, Operation, Reply, Spec, operations, specs

FETCHED = [operation for operation in operations() if not operation.is_for_browsers]
OPENED = [operation for operation in operations() if operation.is_for_browsers]

# Statuses whose cause may pass: timed out, too many requests, and what a gateway or an overloaded
# server says.
PASSING = {408, 429, 500, 502, 503, 504}
KINDS = {
    400: "BadRequest",
    401: "Unauthorized",
    402: "PaymentRequired",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    406: "NotAcceptable",
    409: "Conflict",
    410: "Gone",
    415: "UnsupportedMediaType",
    422: "UnprocessableEntity",
    429: "RateLimited",
}


def _examples(operation: Operation, *, errors: bool) -> Iterator[tuple[Reply, str | None]]:
    for reply in operation.replies:
        if (reply.status >= 400) is errors:
            for name in reply.media.examples if reply.media else [None]:
                yield reply, name


def _cases(*, errors: bool) -> list[Any]:
    cases: list[Any] = []
    for operation in FETCHED:
        ways = variants(operation)
        for variant in ways[-1:] if errors else ways:
            for reply, example in _examples(operation, errors=errors):
                label = f"{operation}-{variant}-{reply.status}" + (f"-{example}" if example else "")
                cases.append(pytest.param(operation, variant, reply, example, id=label))
    return cases


def _answering(
    server: Loopback, expected: Expected, reply: Reply, example: str | None
) -> list[str]:
    """Let the server answer with an example; gives the list to which it adds what it objects to."""
    objections: list[str] = []
    if reply.media is None:
        answer = Answer(reply.status)
    else:
        answer = answer_json(reply.status, reply.media.examples[example or ""])

    def respond(request: Received) -> Answer:
        # A fault in a check must not look like a broken connection.
        try:
            objections.extend(faults(request, expected))
        except Exception as error:
            objections.append(f"cannot be checked: {error!r}")
        return answer

    server.reset(respond)
    return objections


def _assert_documented(spec: Spec, schema: Node, value: Any) -> None:
    """Hold that a value has the type of its schema, all the way through lists and maps."""
    meant = spec.resolve(schema)
    if meant["type"] == "array":
        assert isinstance(value, list)
        for item in cast("list[object]", value):
            _assert_documented(spec, meant["items"], item)
    elif "properties" not in meant:
        # A map has no fields, so a dictionary serves better than a model.
        assert isinstance(value, dict)
        for item in cast("dict[str, object]", value).values():
            _assert_documented(spec, meant["additionalProperties"], item)
    else:
        assert type(value) is getattr(generated(spec, "models"), schema["$ref"].rpartition("/")[2])


def _assert_same(spec: Spec, schema: Node, example: object, value: object) -> None:
    """Hold that a decoded value, written again, is the example it was decoded from."""
    kinds = kinds_of_text(spec, schema, example)
    assert not list(differences(example, _dumped(value), kinds))


def _dumped(value: Any) -> object:
    match value:
        case list():
            return [_dumped(item) for item in cast("list[object]", value)]
        case dict():
            return {key: _dumped(item) for key, item in cast("dict[str, object]", value).items()}
        case _:
            return value.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _secrets(operation: Operation, variant: Variant) -> set[str]:
    """Everything in a call that must not be shown to anyone."""
    spec = operation.spec
    found = set(secrets_of(spec).values())
    found |= {text_of(one.example) for one in operation.parameters if one.secret}
    if operation.body and variant.example:
        media = operation.body.media
        found |= secrets_in(spec, media.schema, media.examples[variant.example])
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.name)
def test_methods_are_exactly_the_operations(spec: Spec, mode: Mode, caller: Caller) -> None:
    wanted = [f"{one.method} {one.path} ({one.id})" for one in spec.operations]

    assert sorted(caller.methods(spec, mode)) == sorted(wanted)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("operation", "variant", "reply", "example"), _cases(errors=False))
def test_success(
    operation: Operation,
    variant: Variant,
    reply: Reply,
    example: str | None,
    mode: Mode,
    server: Loopback,
    caller: Caller,
) -> None:
    objections = _answering(server, variant.expected(operation), reply, example)
    arguments = variant.arguments(operation)

    value = caller.call(operation, mode, arguments)

    assert not objections
    assert len(server.received) == 1
    if reply.media is None:
        assert value is None
        return
    wanted = reply.media.examples[example or ""]
    _assert_documented(operation.spec, reply.media.schema, value)
    _assert_same(operation.spec, reply.media.schema, wanted, value)
    for secret in secrets_in(operation.spec, reply.media.schema, wanted):
        assert secret not in f"{value!r} {value}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("operation", "variant", "reply", "example"), _cases(errors=True))
def test_error(
    operation: Operation,
    variant: Variant,
    reply: Reply,
    example: str | None,
    mode: Mode,
    server: Loopback,
    caller: Caller,
) -> None:
    objections = _answering(server, variant.expected(operation), reply, example)
    arguments = variant.arguments(operation, retries=0)
    spec, kind = operation.spec, KINDS.get(reply.status, "ServerError")

    with pytest.raises(errors.ResponseError) as caught:
        caller.call(operation, mode, arguments)

    assert not objections
    assert len(server.received) == 1
    error = caught.value
    own = generated(spec, "errors")
    assert type(error) is getattr(own, f"{spec.title}{kind}")
    assert isinstance(error, getattr(own, f"{spec.title}Error"))
    assert isinstance(error, getattr(errors, kind))
    assert (error.status, error.provider, error.operation) == (
        reply.status,
        spec.name,
        operation.id,
    )
    assert error.retryable is (reply.status in PASSING)
    assert reply.media is not None, "every documented error has a body"
    wanted = reply.media.examples[example or ""]
    _assert_documented(spec, reply.media.schema, error.body)
    _assert_same(spec, reply.media.schema, wanted, error.body)
    for secret in _secrets(operation, variant) | secrets_in(spec, reply.media.schema, wanted):
        assert secret not in f"{error} {error!r}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("optional", [True, False], ids=["all", "required"])
@pytest.mark.parametrize("operation", OPENED, ids=str)
def test_browser_url(
    operation: Operation, optional: bool, mode: Mode, server: Loopback, caller: Caller
) -> None:
    variant = Variant(optional)

    url: str = caller.call(operation, mode, variant.arguments(operation))

    assert not server.received
    parts = urlsplit(url)
    assert server.url.startswith(f"{parts.scheme}://{parts.netloc}/")
    as_request = Received("GET", f"{parts.path}?{parts.query}", (), b"")
    assert not faults(as_request, variant.expected(operation))
    assert not parts.fragment
    # What the browser's own reading of the URL gives, too.
    query = {
        name: text_of(value) for (_, name), value in variant.expected(operation).values.items()
    }
    assert dict(parse_qsl(parts.query, strict_parsing=True)) == query
    for secret in secrets_of(operation.spec).values():
        assert secret not in url
