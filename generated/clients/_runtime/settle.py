"""From an answer to a value, or to an error. Pure.

Whatever the provider answers, nothing but the errors of this package comes out of here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast

from .errors import DecodeError, ResponseError
from .retry import parse_retry_after
from .values import Headers

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

    from .operation import Operation, Provider, StatusKey, TypeSource

__all__ = ["Answer", "settle"]

T = TypeVar("T")

_adapters: Final[dict[TypeSource, TypeAdapter[Any]]] = {}
# A number of more digits than a float is sure to keep, where a value can stand. The first pattern
# finds every such number and a few others, ten times faster.
_PERHAPS_LONG: Final = re.compile(rb"\.(?:(?<=[0-9]{8}\.)[0-9]|[0-9]{9})")
_LONG: Final = re.compile(rb"(?:^|[:,\[\s])-?(?=[0-9.]{17})[0-9]+\.")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_SHOWN_FAULTS: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The `repr` shows neither header values nor the body."""

    status: int
    headers: Headers
    content: bytes = field(repr=False)


def settle(provider: Provider, operation: Operation[T], answer: Answer) -> T:
    """Turn an answer into the value it stands for.

    Raises:
        ResponseError: Its status is not a success.
        DecodeError: It is not what the specification says.
    """
    if not 200 <= answer.status <= 299:
        raise _response_error(provider, operation, answer)
    source = _result_type(operation, answer.status)
    if source is None:
        return cast("T", None)
    if not answer.content or answer.content.isspace():
        if None in operation.results.values():
            return cast("T", None)
        faults = "the answer is empty"
    else:
        value, faults = _decode(source, answer.content)
        if not faults:
            return cast("T", value)
    raise DecodeError(
        f"does not match the specification: {faults}",
        provider=provider.name,
        operation=operation.id,
        status=answer.status,
        headers=answer.headers,
        raw=answer.content,
    )


def _result_type(operation: Operation[Any], status: int) -> TypeSource | None:
    for key in (status, "2XX", "default"):
        if key in operation.results:
            return operation.results[key]
    return next((source for source in operation.results.values() if source), None)


def _response_error(provider: Provider, operation: Operation[Any], answer: Answer) -> ResponseError:
    keys: tuple[StatusKey, ...] = (answer.status, f"{answer.status // 100}XX")
    classes = (provider.errors[key] for key in keys if key in provider.errors)
    return next(classes, provider.error)(
        _hint(answer.status),
        provider=provider.name,
        operation=operation.id,
        status=answer.status,
        headers=answer.headers,
        body=_error_body(operation, (*keys, "default"), answer.content),
        raw=answer.content,
        retry_after=parse_retry_after(answer.headers.get("retry-after")),
    )


def _error_body(operation: Operation[Any], keys: tuple[StatusKey, ...], content: bytes) -> object:
    for key in keys:
        for source, statuses in operation.errors:
            if key in statuses:
                # What cannot be decoded is None: it must never hide the status.
                return _decode(source, content)[0]
    return None


def _hint(status: int) -> str:
    if 300 <= status <= 399:
        return "redirects are not followed"
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _decode(source: TypeSource, content: bytes) -> tuple[object, str]:
    """Decode a body. Gives the value and, if there is none, what is wrong in words."""
    from pydantic import ValidationError

    adapter = _adapter(source)
    try:
        if _PERHAPS_LONG.search(content) and _LONG.search(content):
            return adapter.validate_python(json.loads(content, parse_float=_ExactFloat)), ""
        return adapter.validate_json(content), ""
    except ValidationError as error:
        return None, _faults(error)
    except (ValueError, RecursionError, OverflowError) as error:
        return None, f"no readable JSON ({type(error).__name__})"


def _adapter(source: TypeSource) -> TypeAdapter[Any]:
    adapter = _adapters.get(source)
    if adapter is None:
        from pydantic import TypeAdapter

        from .models import BUILDING

        # Outside the lock: this imports models, and another thread that does may be building some.
        kind = source()
        with BUILDING:
            adapter = _adapters.get(source)
            if adapter is None:
                adapter = TypeAdapter[Any](kind)
                adapter.rebuild()
                _adapters[source] = adapter
    return adapter


def _faults(error: ValidationError) -> str:
    """Describe what is wrong without a word of the answer: where, and which rule it breaks."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [f"{_location(item['loc'])} {item['type']}" for item in details[:_SHOWN_FAULTS]]
    more = len(details) - len(shown)
    return "; ".join(shown) + (f"; {more} more" if more else "")


def _location(parts: tuple[int | str, ...]) -> str:
    # A part may be a key that the provider chose, so what does not look like a name is masked.
    return ".".join(
        str(part) if isinstance(part, int) or _PLAIN_KEY.fullmatch(part) else "?" for part in parts
    )


class _ExactFloat(float):
    """A float that knows how it was written: pydantic makes decimals from its text."""

    _text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number._text = text
        return number

    def __str__(self) -> str:
        return self._text
