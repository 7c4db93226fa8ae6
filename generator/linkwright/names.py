"""The record of names: what things were called when the output was last written.

It lies in the output, as `linkwright.names.json`, beside the lock that guards it. What is in it
becomes source code again, so that nothing but identifiers is taken from it.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

from .source.limits import MAX_BYTES

__all__ = [
    "KINDS",
    "Kept",
    "Key",
    "NAMES_FILE",
    "Names",
    "NewerNamesError",
    "Table",
    "parse_names",
    "read_names",
    "write_names",
]

NAMES_FILE = "linkwright.names.json"
_FORMAT = 2
#: What there was before arguments, fields and members were recorded.
_WITHOUT_PARTS = 1
_Item = TypeVar("_Item")


class NewerNamesError(ValueError):
    """The record is of a format that only a newer generator knows."""


#: What has a name, and by what it is known in the document:
#:
#: * client: nothing; there is one. Its name is that of its class.
#: * option (an argument of the client): what it gives, as `credential KEY`.
#: * resource: what it is called now; nothing else stands for it.
#: * method (`resource.method`), constant: HTTP method and path.
#: * argument: that, and place and name on the wire, as `query limit`.
#: * model: the key of its declaration.
#: * field, member: that, and the name on the wire, or the literal of the value.
#: * event (the function that parses it), link (its constant): its key.
#: * class (of a resource): what the resource is called now.
KINDS = (
    "client option resource class method constant argument model field member event link".split()
)

Key: TypeAlias = tuple[str, ...]
Table: TypeAlias = Mapping[Key, str]
_NONE: Table = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A name that was given up and still works.

    Attributes:
        kind: One of `KINDS`.
        key: What it is in the document.
        name: What it was called.
        seen: Releases that had it as an alias.
    """

    kind: str
    key: Key
    name: str
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one provider.

    Attributes:
        tables: Names by key, by kind.
        kept: Names that were given up.
    """

    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    kept: tuple[Kept, ...] = ()

    def of(self, kind: str) -> Table:
        """Every name of one kind, by key."""
        return self.tables.get(kind, _NONE)

    def inside(self, kind: str, first: str) -> dict[str, str]:
        """The names of the arguments of an operation, or of the fields or members of a model."""
        return {key[1]: name for key, name in self.of(kind).items() if key[0] == first}

    def to_json(self) -> dict[str, object]:
        """As it stands in the record: a line for each operation and each model."""
        parts: dict[str, dict[str, dict[str, str]]] = {}
        for kind in ("argument", "field", "member"):
            for (first, second), name in self.of(kind).items():
                parts.setdefault(kind, {}).setdefault(first, {})[second] = name
        constants, arguments = self.of("constant"), parts.get("argument", {})
        return {
            "client": self.of("client").get((), ""),
            "options": {key[0]: name for key, name in sorted(self.of("option").items())},
            "operations": {
                key[0]: [call, constants[key], arguments.get(key[0], {})]
                for key, call in sorted(self.of("method").items())
            },
            "models": {
                key[0]: [name, *_model(parts, key[0])]
                for key, name in sorted(self.of("model").items())
            },
            **{
                plural: {key[0]: name for key, name in sorted(self.of(kind).items())}
                for kind, plural in _PLURALS.items()
            },
            "kept": [[k.kind, list(k.key), k.name, list(k.seen)] for k in self.kept],
        }

    @classmethod
    def from_json(cls, document: object) -> Names:
        """Back from the record.

        Raises:
            ValueError: It is not what we wrote.
        """
        try:
            found = _read(cast("dict[str, Any]", document))
        except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
            raise ValueError("not a record of names") from error
        found.check()
        return found

    def check(self) -> None:
        """Refuse what is no name.

        Raises:
            ValueError: It says which.
        """
        for kind, table in self.tables.items():
            for name in table.values():
                _check(kind, name)
        for kept in self.kept:
            _check(kept.kind, kept.name)
            if kept.kind == "resource":
                _check(kept.kind, *kept.key)


#: Where kinds stand that have nothing inside.
_PLURALS = {"class": "resources", "event": "events", "link": "links"}


def _check(kind: str, name: str) -> None:
    words = name.split(".")
    good = all(w.isidentifier() and w.isascii() and not keyword.iskeyword(w) for w in words)
    if not good or len(words) != (2 if kind == "method" else 1):
        raise ValueError(f"not a name: {name!r}")


def _model(parts: Mapping[str, Mapping[str, Mapping[str, str]]], key: str) -> Iterator[object]:
    """What is inside a model; where a name is that on the wire, it stands there once."""
    for kind in ("field", "member"):
        found = parts.get(kind, {}).get(key)
        if found:
            yield kind
            yield [wire if wire == name else [wire, name] for wire, name in found.items()]


def _read(table: Mapping[str, Any]) -> Names:
    tables: dict[str, dict[Key, str]] = {kind: {} for kind in KINDS}
    if client := _text(table["client"]):
        tables["client"][()] = client
    for kind, plural in (("option", "options"), *_PLURALS.items()):
        given: dict[str, Any] = table.get(plural, {})
        tables[kind] = {(key,): _text(name) for key, name in given.items()}
    operations: dict[str, Any] = table["operations"]
    for key, (call, constant, *rest) in operations.items():
        tables["method"][key,] = _text(call)
        tables["constant"][key,] = _text(constant)
        arguments: dict[str, Any] = rest[0] if rest else {}
        tables["argument"].update({(key, at): _text(name) for at, name in arguments.items()})
    models: dict[str, Any] = table["models"]
    for key, (name, *rest) in models.items():
        tables["model"][key,] = _text(name)
        if len(rest) == 2:
            tables[_kind(rest[0])].update({(key, w): n for w, n in _pairs(rest[1])})
    kept = tuple(
        Kept(_kind(kind), _key(key), _text(name), tuple(_text(one) for one in seen))
        for kind, key, name, seen in table["kept"]
    )
    return Names({kind: found for kind, found in tables.items() if found}, kept)


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise TypeError("not a text")
    return given


def _kind(given: object) -> str:
    if given not in KINDS:
        raise ValueError("not a kind of name")
    return str(given)


def _key(given: object) -> Key:
    # It was a text before there were things inside of others.
    if isinstance(given, str):
        return (given,) if given else ()
    return tuple(_text(part) for part in cast("list[object]", given))


def _pairs(given: Iterable[object]) -> Iterator[tuple[str, str]]:
    for one in given:
        wire, name = (one, one) if isinstance(one, str) else cast("list[object]", one)
        yield _text(wire), _text(name)


def read_names(folder: Path) -> dict[str, Names]:
    """The record of an output folder, by provider; empty where there is none.

    Raises:
        NewerNamesError: A newer linkwright wrote it.
        ValueError: It is there and cannot be used.
        OSError: It cannot be read.
    """
    path = folder / NAMES_FILE
    if not path.is_file() or path.is_symlink():
        return {}
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too large for a record of names")
        return parse_names(path.read_bytes())[0]
    except ValueError as error:
        kind = NewerNamesError if isinstance(error, NewerNamesError) else ValueError
        raise kind(f"cannot use {path}: {error}") from error


def parse_names(content: bytes) -> tuple[dict[str, Names], int | None]:
    """What such a file says: names by provider, and for how many releases one is kept.

    Raises:
        NewerNamesError: A newer linkwright wrote it.
        ValueError: It is not what we wrote.
    """
    try:
        document: object = json.loads(content)
        table = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
        version: object = table.get("format")
        if type(version) is int and version > _FORMAT:
            raise NewerNamesError(f"its format {version} is of a newer linkwright")
        if version not in (_WITHOUT_PARTS, _FORMAT):
            raise ValueError("not a record of names")
        providers: dict[str, object] = table["providers"]
        keep: object = table.get("keep_names")
        names = {str(name): Names.from_json(entry) for name, entry in providers.items()}
    except (RecursionError, KeyError, AttributeError) as error:
        raise ValueError("not a record of names") from error
    return names, keep if isinstance(keep, int) else None


def write_names(names: Mapping[str, Names], keep: int) -> bytes:
    """The file's content: one line for each thing, so that its changes can be read.

    Args:
        names: By provider.
        keep: For how many releases a name is kept, which is said where one is.
    """
    lines = ["{", f' "format": {_FORMAT},']
    if any(own.kept for own in names.values()):
        lines.append(f' "keep_names": {keep},')
    lines.append(' "providers": {')
    for last, (provider, own) in _marked(sorted(names.items())):
        lines.append(f"  {json.dumps(provider)}: {{")
        for end, (key, value) in _marked(list(own.to_json().items())):
            lines += _entry(key, value, "" if end else ",")
        lines.append("  }" + ("" if last else ","))
    lines += [" }", "}"]
    return ("\n".join(lines) + "\n").encode("ascii")


def _entry(key: str, value: object, comma: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield f"   {json.dumps(key)}: {{"
        for last, (name, item) in _marked(list(cast("dict[str, object]", value).items())):
            yield f"    {json.dumps(name)}: {json.dumps(item)}" + ("" if last else ",")
        yield f"   }}{comma}"
    elif isinstance(value, list) and value:
        yield f"   {json.dumps(key)}: ["
        for last, item in _marked(cast("list[object]", value)):
            yield f"    {json.dumps(item)}" + ("" if last else ",")
        yield f"   ]{comma}"
    else:
        yield f"   {json.dumps(key)}: {json.dumps(value)}{comma}"


def _marked(items: list[_Item]) -> Iterator[tuple[bool, _Item]]:
    for index, item in enumerate(items, 1):
        yield index == len(items), item
