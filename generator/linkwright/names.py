"""The record of names: what things were called when the output was last written.

It lies in the output, as `linkwright.names.json`, beside the lock that guards it. What is in it
becomes source code again, so that nothing but identifiers is taken from it.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

__all__ = ["Kept", "NAMES_FILE", "Names", "read_names", "write_names"]

NAMES_FILE = "linkwright.names.json"
_FORMAT = 1
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Kept:
    """A name that was given up and still works.

    Attributes:
        kind: client, resource, method, constant or model.
        key: What it is in the document.
        name: What it was called.
        seen: Releases that had it as an alias.
    """

    kind: str
    key: str
    name: str
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one provider.

    Attributes:
        client: Its client class.
        operations: By HTTP method and path: `resource.method`, and the constant.
        models: By the key of a declaration: its class, and a digest of what it consists of.
        kept: Names that were given up.
    """

    client: str
    operations: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    models: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    kept: tuple[Kept, ...] = ()

    def to_json(self) -> dict[str, object]:
        """As it stands in the record."""
        return {
            "client": self.client,
            "operations": {key: list(names) for key, names in sorted(self.operations.items())},
            "models": {key: list(model) for key, model in sorted(self.models.items())},
            "kept": [[k.kind, k.key, k.name, list(k.seen)] for k in self.kept],
        }

    @classmethod
    def from_json(cls, document: object) -> Names:
        """Back from the record.

        Raises:
            ValueError: It is not what we wrote.
        """
        try:
            table = cast("dict[str, Any]", document)
            found = cls(
                client=str(table["client"]),
                operations={str(k): (str(c), str(n)) for k, (c, n) in table["operations"].items()},
                models={str(k): (str(n), str(d)) for k, (n, d) in table["models"].items()},
                kept=tuple(
                    Kept(str(kind), str(key), str(name), tuple(str(one) for one in seen))
                    for kind, key, name, seen in table["kept"]
                ),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError("not a record of names") from error
        for name in found.words():
            if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
                raise ValueError(f"not a name: {name!r}")
        return found

    def words(self) -> Iterator[str]:
        """Every name in it."""
        if self.client:
            yield self.client
        for call, constant in self.operations.values():
            yield from call.split(".")
            yield constant
        yield from (name for name, _ in self.models.values())
        for kept in self.kept:
            yield from kept.name.split(".")


def read_names(folder: Path) -> dict[str, Names]:
    """The record of an output folder, by provider; empty where there is none.

    Raises:
        ValueError: It is there and cannot be used.
        OSError: It cannot be read.
    """
    path = folder / NAMES_FILE
    if not path.is_file() or path.is_symlink():
        return {}
    try:
        document: object = json.loads(path.read_bytes())
        table = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
        if table.get("format") != _FORMAT:
            raise ValueError("not a record of names")
        providers: dict[str, object] = table["providers"]
        return {str(name): Names.from_json(entry) for name, entry in providers.items()}
    except (ValueError, RecursionError, KeyError, AttributeError) as error:
        raise ValueError(f"cannot use {path}: {error}") from error


def write_names(names: Mapping[str, Names]) -> bytes:
    """The file's content: one line for each thing, so that its changes can be read."""
    lines = ["{", ' "format": 1,', ' "providers": {']
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
