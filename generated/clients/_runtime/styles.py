"""How parameters are written: the styles of OpenAPI, which are those of RFC 6570. Pure.

Lists without members and mappings without entries are not sent, as RFC 6570 has it. A value always
comes back as it was given: where a style joins members, what joins them is encoded within them (but for
dots, which a label joins by and no encoding hides), and `%` is encoded even where reserved
characters are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast
from urllib.parse import quote

from .values import UNSET
from .wire import HEADER_VALUE, Unsendable, dumped, entries, is_list, json_bytes, scalar

if TYPE_CHECKING:
    from .operation import Param

__all__ = ["cookie_pairs", "header_value", "path_text", "query_pairs"]

_COOKIE_SAFE: Final = "!#$&'()*+-./:<=>?@[]^_`{|}~"
_SEPARATORS: Final = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}
# What `allowReserved` leaves as it is. The others would end the query or its parameter, be read as
# a space, or are not allowed there; in a path, they would end the segment.
_RESERVED_QUERY: Final = ":/?@!$'()*,;="
_RESERVED_PATH: Final = ":@!$&'()*+,;="
_DEEPEST: Final = 20
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


class _Members(NamedTuple):
    """The entries of a mapping; or those of a list, whose names are empty."""

    named: bool
    pairs: list[tuple[str, str]]

    def encoded(self, safe: str) -> _Members:
        pairs = [(quote(name, safe=""), quote(text, safe=safe)) for name, text in self.pairs]
        return _Members(self.named, pairs)

    def flat(self) -> list[str]:
        """Write a mapping as a list of names and values."""
        return [part for pair in self.pairs for part in (pair if self.named else pair[1:])]

    def assigned(self, name: str | None = None) -> list[str]:
        """Write each member with its name; those of a list have `name`, or none."""
        if self.named:
            return [f"{key}={text}" for key, text in self.pairs]
        return [text if name is None else f"{name}={text}" for _, text in self.pairs]


def path_text(param: Param, value: object) -> str:
    """Write a path parameter, encoded. It holds no slash, but may be empty or dots."""
    safe = _RESERVED_PATH if param.reserved else ""
    if param.content is not None:
        return quote(_document(param, value), safe=safe)
    given = _text(value)
    if isinstance(given, str):
        text = quote(given, safe=safe)
        if param.style == "matrix":
            return f";{_name(param.wire)}={text}" if text else f";{_name(param.wire)}"
        return f".{text}" if param.style == "label" else text
    if param.style is None:
        raise Unsendable("must be a single value")
    if not given.pairs:
        return ""
    members = given.encoded(_without(safe, ",;="))
    if param.style == "matrix":
        name = _name(param.wire)
        if not param.explode:
            return f";{name}={','.join(members.flat())}"
        return "".join(f";{one}" for one in members.assigned(name))
    written = members.assigned() if param.explode else members.flat()
    if param.style == "label":
        return "." + ("." if param.explode else ",").join(written)
    return ",".join(written)


def query_pairs(param: Param, value: object) -> list[str]:
    """Write a query parameter as `name=value` pairs, encoded; none for an empty list."""
    name = _name(param.wire)
    safe = _RESERVED_QUERY if param.reserved else ""
    if param.content is not None:
        return [f"{name}={quote(_document(param, value), safe=safe)}"]
    if param.style == "deepObject":
        return [f"{name}{keys}={quote(text, safe=safe)}" for keys, text in _deep("", value, 0)]
    given = _text(value)
    if isinstance(given, str):
        return [f"{name}={quote(given, safe=safe)}"]
    style = param.style or "form"
    if style == "form" if param.explode is None else param.explode:
        return given.encoded(safe).assigned(name)
    items = given.encoded(_without(safe, ",")).flat()
    return [f"{name}={_SEPARATORS[style].join(items)}"] if items else []


def header_value(value: object, param: Param | None = None) -> str:
    """Write the value of a header."""
    if param is not None and param.content is not None:
        text = _document(param, value)
    else:
        given = _text(value)
        if isinstance(given, str):
            text = given
        else:
            quoted = _Members(given.named, [(_member(k), _member(v)) for k, v in given.pairs])
            text = ",".join(quoted.assigned() if param and param.explode else quoted.flat())
    # Whitespace at an end would be lost on the way.
    if not HEADER_VALUE.fullmatch(text) or text != text.strip():
        raise Unsendable("holds characters that no header can carry")
    return text


def _member(text: str) -> str:
    """Write a member of a list in a header: in quotes, as RFC 9110 has it, if a comma would end it.

    One that has quotes already, such as an entity tag, stays as it is.
    """
    if "," not in _QUOTED.sub("", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def cookie_pairs(param: Param, value: object) -> list[str]:
    """Write a cookie parameter as `name=value`; a list or mapping may be several."""
    if param.content is not None:
        return [f"{param.wire}={quote(_document(param, value), safe=_COOKIE_SAFE)}"]
    given = _text(value)
    if isinstance(given, str):
        return [f"{param.wire}={quote(given, safe=_COOKIE_SAFE)}"]
    members = given.encoded(_COOKIE_SAFE)
    if param.explode is None or param.explode:
        return members.assigned(param.wire)
    return [f"{param.wire}={','.join(members.flat())}"] if members.pairs else []


@lru_cache(maxsize=1024)
def _name(wire: str) -> str:
    return quote(wire, safe="")


def _document(param: Param, value: object) -> str:
    """Write a value that is a document of its own."""
    return json_bytes(value).decode() if param.content == "json" else scalar(value)


def _text(value: object) -> str | _Members:
    """Write a value as text, or its members so."""
    if isinstance(value, (str, int)):
        # Most are, and what follows takes its time.
        return scalar(value)
    value = _bare(value)
    if isinstance(value, Mapping):
        given = entries(cast("Mapping[object, object]", value))
        return _Members(True, [(scalar(key), scalar(item)) for key, item in given])
    if is_list(value):
        items = cast("Iterable[object]", value)
        return _Members(False, [("", scalar(item)) for item in items if item is not UNSET])
    return scalar(value)


def _bare(value: object) -> object:
    return dumped(value) if hasattr(value, "model_dump") else value


def _deep(keys: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    """The leaves of a value, each with the brackets that lead to it; lists are numbered."""
    if depth > _DEEPEST:
        raise Unsendable("is nested too deeply")
    value = _bare(value)
    if isinstance(value, Mapping):
        for key, item in entries(cast("Mapping[object, object]", value)):
            yield from _deep(f"{keys}%5B{quote(scalar(key), safe='')}%5D", item, depth + 1)
    elif is_list(value):
        for index, item in enumerate(cast("Iterable[object]", value)):
            yield from _deep(f"{keys}%5B{index}%5D", item, depth + 1)
    else:
        yield keys, scalar(value)


def _without(safe: str, joints: str) -> str:
    return "".join(one for one in safe if one not in joints)
