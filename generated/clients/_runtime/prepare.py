"""From an operation and its arguments to the request. Pure.

What cannot be sent raises `RequestError`, which names the argument and never shows its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar

from .errors import RequestError
from .operation import Param
from .plan import body_kind, plan_of
from .styles import cookie_pairs, header_value, path_text, query_pairs
from .values import UNSET
from .wire import HEADER_NAME, Unsendable, json_bytes, local_moment

if TYPE_CHECKING:
    from .operation import Operation, Provider, RequestOptions
    from .plan import Plan
    from .streams import Stream

__all__ = ["Prepared", "build_url", "prepare"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_MEDIA_TYPE: Final = re.compile(
    r"[!#$%&'+.^_`|~0-9A-Za-z-]+/[!#$%&'+.^_`|~0-9A-Za-z-]+(; *[\x21-\x7e]+)?"
)
# They frame the message or choose its receiver; a caller who sets them could smuggle a request.
_FRAMING: Final = frozenset({"connection", "content-length", "host", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that is ready to be sent. Its `repr` shows the method alone."""

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    content: bytes | Stream | None = field(default=None, repr=False)

    def with_header(self, name: str, value: str) -> Self:
        """Copy with a header, which replaces those of the same name."""
        key = name.lower()
        others = tuple(item for item in self.headers if item[0].lower() != key)
        # Not by `replace`, which looks the fields up anew for each header of each call.
        return type(self)(self.method, self.url, (*others, (name, value)), self.content)

    def with_cookie(self, name: str, value: object) -> Self:
        """Copy with one more cookie."""
        return self.with_cookies(Param(name, name, "cookie"), value)

    def with_cookies(self, param: Param, value: object) -> Self:
        """Copy with the cookies of a parameter."""
        present = [item for key, item in self.headers if key.lower() == "cookie"]
        cookies = [*present, *cookie_pairs(param, value)]
        return self.with_header("Cookie", "; ".join(cookies)) if cookies else self

    def with_query(self, name: str, value: object) -> Self:
        """Copy with one more query parameter."""
        pairs = query_pairs(Param(name, name, "query"), value)
        return replace(self, url=_joined(self.url, pairs))


def build_url(
    provider: Provider,
    operation: Operation[Any],
    base_url: str,
    arguments: Mapping[str, object],
    options: RequestOptions,
) -> str:
    """Build the URL of a call: with its query, without credentials.

    Raises:
        RequestError: Something cannot be sent.
    """
    return _Builder(provider, operation, plan_of(operation), arguments, options).url(base_url)


def prepare(
    provider: Provider,
    operation: Operation[Any],
    base_url: str,
    arguments: Mapping[str, object],
    options: RequestOptions,
    *,
    body: object = UNSET,
    content_type: str | None = None,
    accept: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    url: str | None = None,
) -> Prepared:
    """Build the request of a call, without credentials.

    Args:
        provider: Named in errors.
        operation: What to call.
        base_url: As `resolve_base_url` gave it.
        arguments: By Python name; those that are `UNSET` are left out.
        options: What the caller wants different for this call.
        body: A model, or what can stand for one.
        content_type: Media type of the body, where the operation has several.
        accept: Media type of the answer, where the operation has several.
        headers: Headers of every request.
        url: Replaces path and query; the link of a page to the next one.

    Raises:
        RequestError: Something cannot be sent.
    """
    plan = plan_of(operation)
    builder = _Builder(provider, operation, plan, arguments, options)
    kind, content = builder.content(body, content_type)
    headers = (plan.accept if accept is None else builder.accept(accept), *headers)
    request = Prepared(operation.method, url or builder.url(base_url), headers, content)
    if content is not None:
        request = request.with_header("Content-Type", kind)
        if not isinstance(content, bytes) and content.length is not None:
            request = request.with_header("Content-Length", str(content.length))
    return builder.with_headers(request)


@dataclass(frozen=True, slots=True)
class _Builder:
    """The parts of one request; knows whom to blame when one of them cannot be written."""

    provider: Provider
    operation: Operation[Any]
    plan: Plan
    arguments: Mapping[str, object]
    options: RequestOptions

    def url(self, base_url: str) -> str:
        path = "".join(
            piece if isinstance(piece, str) else self._segment(piece) for piece in self.plan.path
        )
        pairs: list[str] = []
        for param, value in self._given(self.plan.query):
            pairs += self._write(param.name, query_pairs, param, value)
        for name, value in self.options.get("query", {}).items():
            extra = Param(name, name, "query")
            pairs += self._write("options.query", query_pairs, extra, value)
        return _joined(base_url + path, pairs)

    def content(self, body: object, content_type: str | None) -> tuple[str, bytes | Stream | None]:
        media_type, kind = self.plan.sent
        if body is UNSET:
            if self.operation.body_required:
                raise self._refusal("body", "is missing")
            return media_type, None
        if content_type is not None:
            media_type, kind = self._content_type(content_type), body_kind(content_type)
        if kind == "json":
            return media_type, self._write("body", json_bytes, body)
        from .forms import write

        refuse = partial(self._refusal, "body")
        return self._write("body", write, kind, self.operation, media_type, body, refuse)

    def _content_type(self, chosen: str) -> str:
        offered = (self.operation.body or "", *self.operation.bodies)
        if "*" not in chosen and any(one == chosen or _covers(one, chosen) for one in offered):
            return chosen
        raise self._refusal("content_type", f"must be one of {', '.join(offered)}")

    def accept(self, chosen: str) -> tuple[str, str]:
        offered = {media_type for _, media_type, _ in self.operation.media}
        if chosen in offered:
            # An error may come in any form.
            return "Accept", chosen if body_kind(chosen) == "json" else f"{chosen}, */*;q=0.1"
        raise self._refusal("accept", f"must be one of {', '.join(sorted(offered)) or 'none'}")

    def with_headers(self, request: Prepared) -> Prepared:
        for param, value in self._given(self.plan.headers):
            text = self._write(param.name, header_value, value, param)
            request = request.with_header(param.wire, text)
        for param, value in self._given(self.plan.cookies):
            request = self._write(param.name, request.with_cookies, param, value)
        for name, value in self.options.get("headers", {}).items():
            if not HEADER_NAME.fullmatch(name) or name.lower() in _FRAMING:
                raise self._refusal("options.headers", "holds a name that is not allowed")
            text = self._write(f"options.headers[{name!r}]", header_value, value)
            request = request.with_header(name, text)
        if "idempotency_key" in self.options:
            label, header = "options.idempotency_key", self.operation.idempotency_header
            if header is None:
                raise self._refusal(label, "means nothing to this operation")
            text = self._write(label, header_value, self.options["idempotency_key"])
            if not text:
                # Nothing to recognise a repeated request by.
                raise self._refusal(label, "is empty")
            request = request.with_header(header, text)
        return request

    def _segment(self, made: tuple[str | Param, ...]) -> str:
        """Write a segment of a path; whatever the values are, it is and remains one."""
        text = ""
        named = ""
        for part in made:
            if isinstance(part, str):
                text += part
                continue
            named = named or part.name
            value = self._value(part)
            if value is UNSET:
                raise self._refusal(part.name, "is missing")
            written = self._write(part.name, path_text, part, value)
            if not written:
                raise self._refusal(part.name, "is empty")
            text += written
        if _is_dots(text):
            raise self._refusal(named, "would change the path")
        return text

    def _given(self, params: tuple[Param, ...]) -> Iterator[tuple[Param, object]]:
        for param in params:
            if (value := self._value(param)) is not UNSET:
                yield param, value

    def _value(self, param: Param) -> object:
        value = self.arguments.get(param.name, UNSET)
        if param.local and not isinstance(value, str) and value is not UNSET:
            return self._write(param.name, local_moment, value)
        if value is UNSET or param.const is UNSET:
            return value
        if value != param.const:
            raise self._refusal(param.name, f"can only be {param.const!r}")
        return param.const

    def _write(
        self, label: str, write: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        try:
            return write(*args, **kwargs)
        except Unsendable as error:
            reason = str(error)
        # Raised out here so that no context, which would hold the value, hangs on to it.
        raise self._refusal(label, reason)

    def _refusal(self, label: str, reason: str) -> RequestError:
        return RequestError(
            f"`{label}` {reason}", provider=self.provider.name, operation=self.operation.id
        )


def _is_dots(segment: str) -> bool:
    """Tell whether a segment is one or two dots, also once it was decoded, be it twice."""
    if len(segment) > len("%252e%252e"):
        return False
    return segment.lower().replace("%25", "%").replace("%2e", ".") in {".", ".."}


def _joined(url: str, pairs: list[str]) -> str:
    if not pairs:
        return url
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(pairs)}"


def _covers(media_range: str, media_type: str) -> bool:
    """Tell whether a media type is of a range such as `image/*`."""
    if not _MEDIA_TYPE.fullmatch(media_type):
        return False
    kind = media_range.partition("/")[0]
    return media_range == "*/*" or (
        media_range.endswith("/*") and media_type.lower().startswith(f"{kind.lower()}/")
    )
