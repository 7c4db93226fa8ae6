"""From an operation and its arguments to the request. Pure.

What cannot be sent raises `RequestError`, which names the argument and never shows its value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar

from .errors import RequestError
from .operation import Param
from .values import UNSET
from .wire import (
    Unsendable,
    cookie_pair,
    form_bytes,
    header_value,
    json_bytes,
    local_moment,
    path_segment,
    query_pairs,
)

if TYPE_CHECKING:
    from .operation import Operation, Provider, RequestOptions

__all__ = ["Prepared", "build_url", "prepare"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_FORM: Final = "application/x-www-form-urlencoded"
_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# They frame the message or choose its receiver; a caller who sets them could smuggle a request.
_FRAMING: Final = frozenset({"connection", "content-length", "host", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that is ready to be sent. Its `repr` shows the method alone."""

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    content: bytes | None = field(default=None, repr=False)

    def with_header(self, name: str, value: str) -> Self:
        """Copy with a header, which replaces those of the same name."""
        key = name.lower()
        others = tuple(item for item in self.headers if item[0].lower() != key)
        # Not by `replace`, which looks the fields up anew for each header of each call.
        return type(self)(self.method, self.url, (*others, (name, value)), self.content)

    def with_cookie(self, name: str, value: object) -> Self:
        """Copy with one more cookie."""
        present = [item for key, item in self.headers if key.lower() == "cookie"]
        return self.with_header("Cookie", "; ".join([*present, cookie_pair(name, value)]))

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
    return _Builder(provider, operation, arguments, options).url(base_url)


def prepare(
    provider: Provider,
    operation: Operation[Any],
    base_url: str,
    arguments: Mapping[str, object],
    options: RequestOptions,
    *,
    body: object = UNSET,
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
        headers: Headers of every request.
        url: Replaces path and query; the link of a page to the next one.

    Raises:
        RequestError: Something cannot be sent.
    """
    builder = _Builder(provider, operation, arguments, options)
    content = builder.content(body)
    request = Prepared(operation.method, url or builder.url(base_url), headers, content)
    if content is not None:
        request = request.with_header("Content-Type", operation.body or "")
    return builder.with_headers(request)


@dataclass(frozen=True, slots=True)
class _Builder:
    """The parts of one request; knows whom to blame when one of them cannot be written."""

    provider: Provider
    operation: Operation[Any]
    arguments: Mapping[str, object]
    options: RequestOptions

    def url(self, base_url: str) -> str:
        path = _VARIABLE.sub(self._segment, self.operation.path)
        pairs: list[str] = []
        for param, value in self._given("query"):
            pairs += self._write(param.name, query_pairs, param, value)
        for name, value in self.options.get("query", {}).items():
            extra = Param(name, name, "query")
            pairs += self._write("options.query", query_pairs, extra, value)
        return _joined(base_url + path, pairs)

    def content(self, body: object) -> bytes | None:
        if body is UNSET:
            if self.operation.body_required:
                raise self._refusal("body", "is missing")
            return None
        write = form_bytes if self.operation.body == _FORM else json_bytes
        return self._write("body", write, body)

    def with_headers(self, request: Prepared) -> Prepared:
        for param, value in self._given("header"):
            text = self._write(param.name, header_value, value)
            request = request.with_header(param.wire, text)
        for param, value in self._given("cookie"):
            request = self._write(param.name, request.with_cookie, param.wire, value)
        for name, value in self.options.get("headers", {}).items():
            if not _HEADER_NAME.fullmatch(name) or name.lower() in _FRAMING:
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

    def _segment(self, match: re.Match[str]) -> str:
        param = next(p for p in self.operation.params if (p.place, p.wire) == ("path", match[1]))
        value = self._value(param)
        if value is UNSET:
            raise self._refusal(param.name, "is missing")
        return self._write(param.name, path_segment, value)

    def _given(self, place: str) -> Iterator[tuple[Param, object]]:
        for param in self.operation.params:
            if param.place == place and (value := self._value(param)) is not UNSET:
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


def _joined(url: str, pairs: list[str]) -> str:
    if not pairs:
        return url
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(pairs)}"
