"""How the pages of a list follow each other. Pure.

Only the answer ends the walk: a missing cursor, or, where pages are counted, a page that is not
full. An empty page in the middle does not, and a cursor that comes back raises, since the walk would
never end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar, cast
from urllib.parse import urljoin, urlsplit

from .errors import PaginationError
from .values import UNSET

if TYPE_CHECKING:
    from .operation import PagedOperation, Response

__all__ = ["Page", "Paging", "PagingStyle", "Request", "Walk"]

_LONGEST_NUMBER: Final = 18
_URL: Final = re.compile(r"[^\x00-\x20\x7f\\]{1,8192}")

T = TypeVar("T")
P = TypeVar("P")

PagingStyle: TypeAlias = Literal["cursor", "page", "offset", "link", "header"]
"""What leads to the next page: a cursor, a number, an offset, a URL in the body or in `Link`."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How the pages of an operation follow each other.

    Attributes:
        style: What leads to the next page.
        items: Attributes that lead from the decoded page to its items; none if it is the list.
        next: Attributes that lead to the cursor or URL of the next page. For counted pages, what is
            found there only says whether there is one.
        argument: The Python argument that takes the cursor, number or offset.
        size: The Python argument that says how long a page may be.
    """

    style: PagingStyle
    items: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    argument: str | None = None
    size: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T, P]):
    """One page.

    Attributes:
        items: What stands on it; possibly nothing.
        next: Leads to the next page, and may be kept to go on later with `start`; `None` at the
            end.
        response: The whole answer.
    """

    items: tuple[T, ...]
    next: str | None
    response: Response[P]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for next: the arguments, and a URL that replaces path and query."""

    arguments: Mapping[str, object]
    url: str | None = None


class Walk:
    """The way through the pages of one call: a small machine without input and output."""

    def __init__(
        self,
        provider: str,
        operation: PagedOperation[Any, Any],
        arguments: Mapping[str, object],
        base_url: str,
        start: object,
        own_url: Callable[[], str],
    ) -> None:
        self._provider = provider
        self._operation = operation
        self._paging = operation.paging
        self._arguments = arguments
        self._base_url = base_url
        self._own_url = own_url
        if not isinstance(start, str | None):
            raise self._refusal("a page to start from is the `next` of another, which is text")
        self._cursor: str | None = start
        self._seen = {start}

    def request(self) -> Request:
        """What to ask for now.

        Raises:
            PaginationError: The next page is said to be at another origin, or to start from there
                makes no sense.
        """
        if self._paging.style in ("page", "offset"):
            self._position()
        if self._cursor is None:
            return Request(self._arguments)
        if self._paging.style in ("link", "header"):
            return Request(self._arguments, self._same_origin(self._cursor))
        assert self._paging.argument is not None
        cursor: object = self._cursor
        if self._paging.style in ("page", "offset"):
            cursor = self._position()
        return Request({**self._arguments, self._paging.argument: cursor})

    def advance(self, response: Response[P]) -> Page[Any, P]:
        """Take an answer in.

        Raises:
            PaginationError: Its cursor came before, or it came in a form that holds no pages.
        """
        if self._operation.media and isinstance(response.value, (str, bytes)):
            raise self._refusal("the answer came in another form than that of pages")
        found = _items(_at(response.value, self._paging.items))
        cursor = self._next(response, len(found))
        if cursor is not None and cursor in self._seen:
            raise self._refusal("the same page was named as the next one twice")
        self._seen.add(cursor)
        self._cursor = cursor
        return Page(found, cursor, response)

    def _next(self, response: Response[Any], length: int) -> str | None:
        paging = self._paging
        if paging.style == "header":
            return _link(response.headers.get("link"))
        named = _at(response.value, paging.next) if paging.next else UNSET
        if paging.style in ("cursor", "link"):
            if named in (None, "", UNSET) or named is False:
                return None
            # An answer that is not as documented may hold anything here.
            wanted = str if paging.style == "link" else (str, int)
            if not isinstance(named, wanted) or named is True:
                raise self._refusal("what names the next page is no text")
            return str(named)
        if named in (None, "", False) or (named is UNSET and self._is_last(length)):
            return None
        current = self._position()
        if paging.style == "page":
            return str(1 + (1 if current is None else current))
        return str(length + (current or 0))

    def _position(self) -> int | None:
        """The number that leads to this page; `None` where the walk begins without one."""
        given: object = self._cursor
        if given is None:
            given = self._arguments.get(self._paging.argument or "", UNSET)
        if given is UNSET or given is None:
            return None
        text = str(given)
        if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
            raise self._refusal("a page to start from is a number here")
        return int(text)

    def _is_last(self, length: int) -> bool:
        size = self._arguments.get(self._paging.size or "", UNSET)
        return length == 0 or (isinstance(size, int) and length < size)

    def _same_origin(self, url: str) -> str:
        target = None
        # A mere query is that of another page of the same list.
        base = self._own_url() if url.startswith("?") else f"{self._base_url}/"
        with suppress(ValueError):
            target = urljoin(base, url)
        if target is None or not _URL.fullmatch(url):
            raise self._refusal("what leads to the next page is no URL")
        if _origin(target) != _origin(self._base_url):
            raise self._refusal("the next page is said to be at another origin")
        return target

    def _refusal(self, reason: str) -> PaginationError:
        return PaginationError(reason, provider=self._provider, operation=self._operation.id)


def _at(value: object, path: tuple[str, ...]) -> object:
    """Follow attributes; what is missing on the way is `None`."""
    for name in path:
        value = getattr(value, name, None)
    return value


def _items(value: object) -> tuple[Any, ...]:
    return tuple(cast("Iterable[Any]", value)) if isinstance(value, list) else ()


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    if "@" in parts.netloc:
        # A user there would be sent as credentials by some HTTP clients.
        return parts.scheme, None, None
    default = {"https": 443, "http": 80}.get(parts.scheme)
    try:
        return parts.scheme, parts.hostname, parts.port or default
    except ValueError:
        return parts.scheme, None, None


def _link(header: str | None) -> str | None:
    """The `next` of a `Link` header (RFC 8288)."""
    for part in (header or "").split("<")[1:]:
        url, _, rest = part.partition(">")
        for parameter in rest.split(";"):
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "rel" and "next" in value.strip(' ,"').lower().split():
                return url.strip()
    return None
