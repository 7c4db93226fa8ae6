"""From an answer to a value, or to an error. Pure.

Whatever the provider answers, nothing but the errors of this package comes out of here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from .errors import DecodeError, ResponseError
from .operation import BYTES, TEXT, UNTYPED, Items
from .retry import parse_retry_after
from .values import Headers, Issue
from .wire import CHARSET

if TYPE_CHECKING:
    from .operation import Operation, Provider, StatusKey, TypeSource

__all__ = ["Answer", "result_type", "settle"]

T = TypeVar("T")


_MASK: Final = "***"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ID: Final = re.compile(r"[!-~]{1,128}")
# Python knows many more, and some of them are no charsets.
_CHARSETS: Final = frozenset(
    "ascii us-ascii utf-8 utf8 utf-8-sig utf-16 utf-16le utf-16be iso-8859-1 iso-8859-15 latin-1 "
    "windows-1250 windows-1251 windows-1252 shift_jis euc-jp gb18030 gbk big5 koi8-r".split()
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The `repr` shows neither header values nor the body."""

    status: int
    headers: Headers
    content: bytes = field(repr=False)
    issues: list[Issue] = field(default_factory=list[Issue], init=False, compare=False)
    """What in it is not as documented, once it is settled."""


def settle(
    provider: Provider,
    operation: Operation[T],
    answer: Answer,
    *,
    strict: bool = False,
    accept: str | None = None,
    secrets: Callable[[], Sequence[str]] = tuple,
) -> T:
    """Turn an answer into the value it stands for.

    Args:
        provider: Who answered.
        operation: What was called.
        answer: What came back.
        strict: Whether whatever is not as documented is an error.
        accept: Media type that was asked for, where the operation has several.
        secrets: Gives what no error may hold, even if the answer quotes it.

    Raises:
        ResponseError: Its status is not a success.
        DecodeError: It is not what the specification says.
    """
    if not 200 <= answer.status <= 299:
        raise _response_error(provider, operation, _masked(answer, secrets()), strict)
    source = result_type(operation, answer, accept)
    if source is None:
        return cast("T", None)
    if source in (BYTES, TEXT, UNTYPED):
        source, plain = _plain(source, answer)
        if source is None and not (strict and answer.issues):
            return cast("T", plain)
    if source is None:
        faults = answer.issues[0].kind
    elif isinstance(source, Items) and _is_stream(answer):
        from .decode import Undecodable
        from .items import items_of

        try:
            value, issues = items_of(source, answer.content, strict=strict)
        except Undecodable as error:
            faults = str(error)
        else:
            answer.issues.extend(issues)
            return cast("T", value)
    elif not answer.content or answer.content.isspace():
        if None in operation.results.values():
            return cast("T", None)
        faults = "the answer is empty"
    else:
        # Imported here: pydantic is, too.
        from .decode import Undecodable, decode

        try:
            value, issues = decode(source, answer.content, strict=strict)
        except Undecodable as error:
            faults = str(error)
        else:
            answer.issues.extend(issues)
            return cast("T", value)
    shown = _masked(answer, secrets())
    raise DecodeError(
        f"does not match the specification: {faults}",
        provider=provider.name,
        operation=operation.id,
        status=answer.status,
        headers=shown.headers,
        raw=shown.content,
    )


def _masked(answer: Answer, secrets: Sequence[str]) -> Answer:
    """Take out what was sent in confidence: some answer with the request, and errors are kept."""
    headers, content = dict(answer.headers), answer.content
    for secret in secrets:
        content = content.replace(secret.encode(), _MASK.encode())
        headers = {name: value.replace(secret, _MASK) for name, value in headers.items()}
    return Answer(answer.status, Headers(headers.items()), content)


def result_type(operation: Operation[Any], answer: Answer, accept: str | None) -> TypeSource | None:
    """What a successful answer is; None where it has no content."""
    for key in (answer.status, "2XX", "default"):
        if key in operation.results:
            if operation.media:
                return _by_media_type(operation, key, answer, accept)
            return operation.results[key]
    return next((source for source in operation.results.values() if source), None)


def _by_media_type(
    operation: Operation[Any], status: StatusKey, answer: Answer, accept: str | None
) -> TypeSource | None:
    """Go by what the answer says it is, or else by what was asked for."""
    documented = [(media, source) for key, media, source in operation.media if key == status]
    asked = accept or ""
    # Not every provider answers what was asked, and many call every file an octet stream.
    for wanted in (answer.headers.get("content-type", ""), asked):
        alike = [one for one in documented if _essence(one[0]) == _essence(wanted)]
        for exact in (wanted, asked):
            for media, source in alike:
                if _exactly(media) == _exactly(exact):
                    return source
        if alike:
            return alike[0][1]
    return operation.results[status]


def _exactly(media_type: str) -> tuple[str, ...]:
    """With its parameters: types of several versions differ in nothing else."""
    first, *parameters = (part.strip().lower() for part in media_type.split(";"))
    return (first, *sorted(part.replace('"', "") for part in parameters if part))


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _plain(source: TypeSource, answer: Answer) -> tuple[TypeSource | None, object]:
    """Give the value of an answer that is not JSON; or the type of one that turns out to be."""
    if source is UNTYPED:
        if not answer.content:
            return None, None
        came = _essence(answer.headers.get("content-type", ""))
        if came == "application/json" or came.endswith("+json") or (not came and _is_json(answer)):
            return source, None
        source = TEXT if came.startswith("text/") else BYTES
    if source is BYTES:
        return None, answer.content
    found = CHARSET.search(answer.headers.get("content-type", ""))
    charset = found[1].lower() if found else "utf-8"
    if charset not in _CHARSETS:
        charset = "utf-8"
    try:
        return None, answer.content.decode(charset)
    except UnicodeDecodeError:
        answer.issues.append(Issue((), "string_unicode"))
        return None, answer.content.decode(charset, "replace")


def _is_stream(answer: Answer) -> bool:
    """Whether an answer is no plain JSON, in which some providers give all items at once."""
    return _essence(answer.headers.get("content-type", "")) not in ("application/json", "text/json")


def _is_json(answer: Answer) -> bool:
    import json

    try:
        json.loads(answer.content)
    except (ValueError, RecursionError):
        return False
    return True


def _response_error(
    provider: Provider, operation: Operation[Any], answer: Answer, strict: bool
) -> ResponseError:
    keys: tuple[StatusKey, ...] = (answer.status, f"{answer.status // 100}XX")
    classes = (provider.errors[key] for key in keys if key in provider.errors)
    error = next(classes, provider.error)(
        _hint(answer.status),
        provider=provider.name,
        operation=operation.id,
        status=answer.status,
        headers=answer.headers,
        body=_error_body(operation, (*keys, "default"), answer, strict),
        raw=answer.content,
        retry_after=parse_retry_after(answer.headers.get("retry-after")),
    )
    if error.request_id is None:
        error.request_id = _request_id(error.body)
    return error


def _error_body(
    operation: Operation[Any], keys: tuple[StatusKey, ...], answer: Answer, strict: bool
) -> object:
    from .decode import Undecodable, decode

    for key in keys:
        for source, statuses in operation.errors:
            if key in statuses:
                if source in (BYTES, TEXT, UNTYPED):
                    found, value = _plain(source, answer)
                    if found is None:
                        return value
                try:
                    return decode(source, answer.content, strict=strict)[0]
                except Undecodable:
                    return None  # It must never hide the status.
    return None


def _request_id(body: object) -> str | None:
    """The id of the request where a provider says it in the body of an error."""
    for part in (body, getattr(body, "error", None)):
        for name in ("request_id", "correlation_id"):
            found = getattr(part, name, None)
            # It goes into the text of the error, so it must look like an id.
            if isinstance(found, (str, int)) and _ID.fullmatch(str(found)):
                return str(found)
    return None


def _hint(status: int) -> str:
    if status in _REDIRECTS:
        return "redirects are not followed"
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"
