"""How long a name that was given up will still work, as the record in the output says."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from ..names import NAMES_FILE, Kept, Names, parse_names
from .catalogue import Change, Until

__all__ = ["Record"]

_SUFFIX = "-alias-kept"
#: Kinds of the record by those of changes.
_KINDS = {
    "client": "client",
    "client-argument": "option",
    "resource": "resource",
    "operation": "method",
    "constant": "constant",
    "parameter": "argument",
    "model": "model",
    "field": "field",
    "enum-member": "member",
}


class Record:
    """The names that an output keeps, by provider."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Read the record.

        Args:
            files: Of the output; without a readable record, nothing is known.
        """
        self._names: dict[str, Names] = {}
        self._keep: int | None = None
        # There may be none, or one that was edited by hand, which `check` is there to tell.
        with suppress(ValueError):
            self._names, self._keep = parse_names(files.get(NAMES_FILE, "").encode())

    def told(self, change: Change) -> Change:
        """A change with how long the old name stays, if that is what it is about."""
        if change.kind == f"api{_SUFFIX}":
            return self._of_another(change)
        kind = _KINDS.get(change.kind.removesuffix(_SUFFIX))
        names = self._names.get(change.provider)
        if not change.kind.endswith(_SUFFIX) or kind is None or names is None:
            return change
        for kept in names.kept:
            if kept.kind == kind and _is(kept, change, names):
                return replace(change, until=Until(kept.seen, self._keep))
        return change

    def _of_another(self, change: Change) -> Change:
        """A class that bears the name of a client goes with that; others are found by name."""
        name = (change.before or "").removeprefix("Async")
        for provider, names in self._names.items():
            for kept in names.kept:
                found = kept.kind == "client" and name.startswith(kept.name)
                if found or (provider == change.provider and kept.name == change.before):
                    return replace(change, until=Until(kept.seen, self._keep))
        return change


def _is(kept: Kept, change: Change, names: Names) -> bool:
    if kept.kind in ("client", "option", "resource", "model"):
        return kept.name == change.before
    if kept.kind in ("method", "constant", "argument"):
        if kept.key[0] != change.subject[1]:
            return False
        # A method may have been found in a resource that has another name.
        last = (change.before or "").rpartition(".")[2]
        return kept.name.rpartition(".")[2] == last
    model = names.of("model").get((kept.key[0],))
    return model == change.subject[1] and kept.name == change.before
