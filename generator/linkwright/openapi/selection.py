"""Which operations and webhooks of a document are wanted. Part of the configuration, so cheap to import."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..source.document import Map
    from ..source.span import Span

__all__ = ["SELECTORS", "Selection", "Selector"]

#: What a selector may name.
SELECTORS = ("tag", "path", "method", "operationId", "webhook")


@dataclass(frozen=True, slots=True)
class Selector:
    """Operations and webhooks that have all of these; None where it does not matter.

    Attributes:
        tag: One of the operation's tags.
        path: `*` is part of a segment, `**` any number of segments: `/v1/charges/**`. A webhook has
            none.
        method: In any case.
        operation_id: `*` is anything: `list*`.
        webhook: Name of a webhook; `*` is anything.
        span: Where it is configured.
    """

    tag: str | None
    path: str | None
    method: str | None
    operation_id: str | None
    webhook: str | None
    span: Span

    def takes(self, path: str, method: str, operation: Map) -> bool:
        """Whether an operation is among them."""
        return (
            self.webhook is None
            and (self.path is None or _fits(self.path, path, "/"))
            and self._fits(method, operation)
        )

    def takes_webhook(self, name: str, method: str, operation: Map) -> bool:
        """Whether a webhook is among them."""
        return (
            self.path is None
            and (self.webhook is None or _fits(self.webhook, name))
            and self._fits(method, operation)
        )

    def _fits(self, method: str, operation: Map) -> bool:
        return (
            (self.method is None or self.method.upper() == method.upper())
            and (self.tag is None or any(_fits(self.tag, tag) for tag in _tags(operation)))
            and (self.operation_id is None or _fits(self.operation_id, _id(operation)))
        )


class Selection:
    """Includes less excludes; everything, where nothing is included."""

    def __init__(self, include: Sequence[Selector] = (), exclude: Sequence[Selector] = ()) -> None:
        self._include = tuple(include)
        self._exclude = tuple(exclude)
        self._used: set[Selector] = set()

    def takes(self, path: str, method: str, operation: Map) -> bool:
        """Whether an operation is wanted; remembers which selectors had a say."""
        return self._wanted(lambda selector: selector.takes(path, method, operation))

    def takes_webhook(self, name: str, method: str, operation: Map) -> bool:
        """Likewise, for a webhook; a callback comes with its operation."""
        return self._wanted(lambda selector: selector.takes_webhook(name, method, operation))

    def _wanted(self, takes: Callable[[Selector], bool]) -> bool:
        included = [s for s in self._include if takes(s)]
        excluded = [s for s in self._exclude if takes(s)]
        self._used.update(included, excluded)
        return not excluded and bool(included or not self._include)

    def unused(self) -> Iterator[Selector]:
        """Selectors that matched nothing of what was asked about."""
        return (s for s in (*self._include, *self._exclude) if s not in self._used)

    def __bool__(self) -> bool:
        return bool(self._include or self._exclude)


def _fits(pattern: str, text: str, end: str | None = None) -> bool:
    """Whether a text is what a pattern with stars says; no slower for a pattern with many.

    Args:
        pattern: `*` is anything up to `end`, and `**` anything.
        text: The whole of it counts.
        end: What `*` does not reach over.
    """
    if "*" not in pattern:
        return pattern == text
    reached = [0]
    for part in re.split(r"(\*\*?)", pattern):
        if part in ("*", "**"):
            reached = list(_stretched(reached, text, end if part == "*" else None))
        else:
            reached = [at + len(part) for at in reached if text.startswith(part, at)]
        if not reached:
            return False
    return reached[-1] == len(text)


def _stretched(reached: Sequence[int], text: str, end: str | None) -> Iterator[int]:
    """Every place that a star reaches from any of some places; both in order."""
    following = 0
    for at in reached:
        stop = text.find(end, at) if end else -1
        stop = len(text) if stop < 0 else stop
        yield from range(max(at, following), stop + 1)
        following = max(following, stop + 1)


def _tags(operation: Map) -> Iterator[str]:
    node = operation.entries.get("tags")
    # Neither kind of node is imported here: the second field of each is its place.
    for item in getattr(node, "items", ()):
        yield str(getattr(item, "value", ""))
    if isinstance(value := getattr(node, "value", None), str):
        yield value


def _id(operation: Map) -> str:
    value = getattr(operation.entries.get("operationId"), "value", None)
    return value if isinstance(value, str) else ""
