"""Lists that come in pages, as lazy sequences of items.

Nothing is sent before the first item is asked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from .operation import Response
    from .paging import Page, Request, Walk

__all__ = ["AsyncPager", "Pager"]

T = TypeVar("T")
U = TypeVar("U")
P = TypeVar("P")


class Pager(Generic[T, P]):
    """The items of all pages, fetched while they are iterated. Each iteration begins anew."""

    def __init__(
        self,
        walk: Callable[[str | None], Walk],
        fetch: Callable[[Request], Response[P]],
        change: Callable[[Any], T] | None = None,
        start: str | None = None,
        limit: int | None = None,
    ) -> None:
        self._walk = walk
        self._fetch = fetch
        self._change = change
        self._start = start
        self._limit = limit

    def __iter__(self) -> Iterator[T]:
        left = self._limit
        if left == 0:
            return
        for page in self.pages():
            for item in page.items:
                yield item
                if left is not None:
                    left -= 1
                    if not left:
                        return

    def pages(self) -> Iterator[Page[T, P]]:
        """Whole pages. `limit` does not apply to them."""
        walk = self._walk(self._start)
        while True:
            page = self._page(walk)
            yield page
            if page.next is None:
                return

    def first_page(self) -> Page[T, P]:
        """The first page alone: one request."""
        return self._page(self._walk(self._start))

    def start(self, cursor: str) -> Pager[T, P]:
        """The same from another page on: the `next` of a page that was kept."""
        return Pager(self._walk, self._fetch, self._change, cursor, self._limit)

    def limit(self, items: int) -> Pager[T, P]:
        """The same, with so many items at most."""
        return Pager(self._walk, self._fetch, self._change, self._start, max(0, items))

    def map(self, change: Callable[[T], U]) -> Pager[U, P]:
        """The same, with every item changed."""
        return Pager(
            self._walk, self._fetch, _after(self._change, change), self._start, self._limit
        )

    def _page(self, walk: Walk) -> Page[T, P]:
        return _changed(walk.advance(self._fetch(walk.request())), self._change)


class AsyncPager(Generic[T, P]):
    """The items of all pages, fetched while they are iterated. Each iteration begins anew."""

    def __init__(
        self,
        walk: Callable[[str | None], Walk],
        fetch: Callable[[Request], Awaitable[Response[P]]],
        change: Callable[[Any], T] | None = None,
        start: str | None = None,
        limit: int | None = None,
    ) -> None:
        self._walk = walk
        self._fetch = fetch
        self._change = change
        self._start = start
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[T]:
        left = self._limit
        if left == 0:
            return
        async for page in self.pages():
            for item in page.items:
                yield item
                if left is not None:
                    left -= 1
                    if not left:
                        return

    async def pages(self) -> AsyncIterator[Page[T, P]]:
        """Whole pages. `limit` does not apply to them."""
        walk = self._walk(self._start)
        while True:
            page = await self._page(walk)
            yield page
            if page.next is None:
                return

    async def first_page(self) -> Page[T, P]:
        """The first page alone: one request."""
        return await self._page(self._walk(self._start))

    def start(self, cursor: str) -> AsyncPager[T, P]:
        """The same from another page on: the `next` of a page that was kept."""
        return AsyncPager(self._walk, self._fetch, self._change, cursor, self._limit)

    def limit(self, items: int) -> AsyncPager[T, P]:
        """The same, with so many items at most."""
        return AsyncPager(self._walk, self._fetch, self._change, self._start, max(0, items))

    def map(self, change: Callable[[T], U]) -> AsyncPager[U, P]:
        """The same, with every item changed."""
        return AsyncPager(
            self._walk, self._fetch, _after(self._change, change), self._start, self._limit
        )

    async def _page(self, walk: Walk) -> Page[T, P]:
        return _changed(walk.advance(await self._fetch(walk.request())), self._change)


def _changed(page: Page[Any, P], change: Callable[[Any], T] | None) -> Page[T, P]:
    return page if change is None else replace(page, items=tuple(map(change, page.items)))


def _after(first: Callable[[Any], T] | None, second: Callable[[T], U]) -> Callable[[Any], U]:
    return second if first is None else lambda item: second(first(item))
