"""JSONPath over positioned values, at a cost that the length of both bounds.

The library evaluates what it is given. A query of thirty characters may visit every value for every
value, and a pattern in it may take for ever on one string; both are counted here, and refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias, cast

import jsonpath
from jsonpath.function_extensions import Match, Search

from ..source.document import Map, Node, Scalar, Seq
from ..source.limits import MAX_DEPTH
from ..source.text import shown

if TYPE_CHECKING:
    from _collections_abc import dict_items

__all__ = ["Parts", "Queries", "QueryError"]

Parts: TypeAlias = tuple[str | int, ...]

#: Characters of a query.
_LONGEST = 2_000
#: Values that all queries of one overlay may look at, besides three times each value for every query.
_VISITS = 500_000
#: Steps that one visit counts for, when a pattern is matched.
_STEPS = 500
#: Repetitions, groups, alternatives, and what may be left out, that a pattern may have.
_REPEATS, _GROUPS, _ALTERNATIVES, _OPTIONS = 3, 2, 20, 3


class QueryError(ValueError):
    """A query that cannot be answered; the text says why, and may be shown."""


class _Meter:
    """What may still be looked at."""

    def __init__(self) -> None:
        self.left = _VISITS

    def charge(self, visits: int) -> None:
        self.left -= visits
        if self.left < 0:
            raise QueryError("takes too long: it looks at every value again and again")


class _Mapping(dict[str, object]):
    """A mapping that counts who looks at it; the library goes through `items` and `==` only."""

    __slots__ = ("meter",)
    meter: _Meter

    def items(self) -> dict_items[str, object]:
        self.meter.charge(len(self))
        return super().items()

    def __eq__(self, other: object) -> bool:
        self.meter.charge(len(self))
        return super().__eq__(other)


class _List(list[object]):
    """Likewise for a list."""

    __slots__ = ("meter",)
    meter: _Meter

    def __iter__(self) -> Iterator[object]:
        self.meter.charge(len(self))
        return super().__iter__()

    def __eq__(self, other: object) -> bool:
        self.meter.charge(len(self))
        return super().__eq__(other)


class Queries:
    """Queries of one overlay."""

    def __init__(self) -> None:
        self._meter = _Meter()
        # Strict: RFC 9535 and nothing more, so that an overlay works everywhere.
        self._paths = jsonpath.JSONPathEnvironment(strict=True)
        self._paths.max_recursion_depth = 2 * MAX_DEPTH
        self._paths.function_extensions["match"] = _Match(self._meter)
        self._paths.function_extensions["search"] = _Search(self._meter)
        #: By identity: nodes are never changed, and most are in every version of a document.
        self._data: dict[int, tuple[Node, object]] = {}
        self._held = self._least = 0

    def find(self, query: str, root: Node) -> tuple[Parts, ...]:
        """Where what a query names stands, each place once, in the order of the document.

        Args:
            query: JSONPath.
            root: What is searched, a mapping or a list.

        Raises:
            QueryError: It is no query, or takes too long.
        """
        if len(query) > _LONGEST:
            raise QueryError(f"is longer than {_LONGEST:,} characters")
        if self._held > 2 * self._least:
            # Half of it is of earlier versions of the document.
            self._data.clear()
            self._held = 0
        fresh = not self._data
        data = cast("dict[str, object]", self._plain(root))
        self._least = self._held if fresh else self._least
        self._meter.left += 3 * self._least
        try:
            found = self._paths.finditer(query, data)
            return tuple(dict.fromkeys(match.parts for match in found))
        except RecursionError:
            raise QueryError("is nested too deep") from None
        except jsonpath.JSONPathError as error:
            # Its text names the place as well, which fails where there is none.
            reason = str(error.args[0]).partition("\n")[0] if error.args else "syntax error"
            raise QueryError(f"is no JSONPath: {shown(reason)}") from None
        except QueryError:
            raise
        except ValueError:  # a number of too many digits
            raise QueryError("is no JSONPath: a number is too long") from None

    def _plain(self, node: Node) -> object:
        if not isinstance(node, (Map, Seq)):
            return node.value
        known = self._data.get(id(node))
        if known is not None:
            return known[1]
        plain = self._plain
        data: _Mapping | _List
        if isinstance(node, Map):
            data = _Mapping(
                {
                    key: child.value if isinstance(child, Scalar) else plain(child)
                    for key, child in node.entries.items()
                }
            )
        else:
            data = _List(
                [item.value if isinstance(item, Scalar) else plain(item) for item in node.items]
            )
        data.meter = self._meter
        self._held += 1 + len(data)
        self._meter.charge(len(data) // 10)
        self._data[id(node)] = (node, data)
        return data


class _Match(Match):
    """`match`, for patterns that take no long time whatever they are matched with."""

    def __init__(self, meter: _Meter) -> None:
        super().__init__()
        self._meter = meter

    def __call__(self, value: object, pattern: object) -> bool:
        _charge(self._meter, value, pattern, 0)
        return super().__call__(value, pattern)


class _Search(Search):
    """`search`, likewise; it may begin at every character."""

    def __init__(self, meter: _Meter) -> None:
        super().__init__()
        self._meter = meter

    def __call__(self, value: object, pattern: object) -> bool:
        _charge(self._meter, value, pattern, 1)
        return super().__call__(value, pattern)


def _charge(meter: _Meter, value: object, pattern: object, begins: int) -> None:
    if isinstance(value, str) and isinstance(pattern, str):
        meter.charge(len(value) ** (_repeats(pattern) + begins) // _STEPS)


_TOKENS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\)?(?:[*+?]|\{[^}]*\})|[()|]", re.S)


def _repeats(pattern: str) -> int:
    """How many things a pattern repeats.

    Raises:
        QueryError: It repeats groups, or has so much of anything that it may be tried for ever.
    """
    tokens = [token for token in _TOKENS.findall(pattern) if token[0] not in "\\["]
    repeated = [token for token in tokens if token[-1] in "*+}"]
    if any(token[0] == ")" for token in repeated):
        raise QueryError("has a pattern that repeats a group, which may be tried for ever")
    limits = {"(": _GROUPS, "|": _ALTERNATIVES, "?": _OPTIONS, ")?": _OPTIONS}
    over = any(tokens.count(token) > most for token, most in limits.items())
    if over or len(repeated) > _REPEATS:
        raise QueryError("has a pattern with too much in it, which may be tried for ever")
    return len(repeated)
