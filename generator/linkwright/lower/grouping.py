"""Which resource an operation belongs to: its first tag, or what its path is about.

What has no tag is grouped by itself alone, so that no other operation can move it
(`docs/naming.md` has the rules, decision 0031 why).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..openapi import model
from ..shape.words import singular, split
from ..source.text import SpecText

__all__ = ["groups"]

#: What stands before the paths of an API and says nothing of what they are about.
_PREFIX = re.compile(
    r"v?[0-9]+(?:[._-][0-9]+)*(?:(?:alpha|beta|rc|preview|p)[0-9]*)?|apis?|rest(?:-?(?:api|services?))?",
    re.I,
)
#: Words of an operationId that are no verb, before one, or no noun, behind one.
_MODIFIERS = frozenset("admin batch bulk transact".split())
_FILLERS = frozenset("a all an and by for from in is my new of or the to with".split())
_VERBS = frozenset(
    "add calculate check clear convert count create delete download export fetch find get import "
    "list load match query read refresh remove reset search send set sync update upload validate "
    "verify".split()
)
_METHOD = re.compile(r"(?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS)_(?=.)")
_ROOT = "root"


def groups(
    operations: Iterable[model.Operation], declared: Mapping[SpecText, model.Tag]
) -> dict[str, SpecText]:
    """The resource of each operation by its method and path.

    Tags that differ in case, spaces and punctuation only are one, unless they were given names.

    Args:
        operations: All of them.
        declared: The tags of the document.
    """
    wanted = {f"{o.method} {o.path.raw}": _group(o) for o in operations}
    spellings: dict[str, list[SpecText]] = {}
    for wire in set(wanted.values()):
        if (tag := declared.get(wire)) is None or tag.name is None:
            spellings.setdefault(_folded(wire), []).append(wire)
    one = {
        wire: min(wires, key=lambda w: (w not in declared, w.raw))
        for wires in spellings.values()
        for wire in wires
    }
    return {key: one.get(wire, wire) for key, wire in wanted.items()}


def _group(operation: model.Operation) -> SpecText:
    if operation.group or operation.tags:
        return operation.group or operation.tags[0]
    segments = [s for s in re.split("[?#]", operation.path.raw)[0].split("/") if s]
    id_ = operation.operation_id
    words = split(id_.raw) if id_ else ()
    return SpecText(
        _collection(segments, words) or _noun(_METHOD.sub("", id_.raw) if id_ else "") or _ROOT
    )


def _folded(wire: SpecText) -> str:
    return "".join(c for c in wire.raw.casefold() if c.isalnum()) or wire.raw


def _collection(segments: list[str], id_: tuple[str, ...]) -> str:
    """The collection that a path leads into, with the name of what holds it before its own.

    `/v1/repos/{owner}/{repo}/issues/{number}/lock` is about `repos issues`: the first segment is
    one, and so is a plural behind it; other segments are what is done with a member. Where the
    first one says what is done (`/create-billing-group`), it is about what that is done with.
    """
    fixed = [segment for segment in segments if not _is_parameter(segment)]
    while len(fixed) > 1 and _PREFIX.fullmatch(fixed[0]):
        del fixed[0]
    # `chat` of `chat.postMessage`, `accounts` of `accounts:search`.
    fixed = [re.split("[:.]", segment, maxsplit=1)[0] or segment for segment in fixed]
    found = parent = fixed[0] if fixed else ""
    words = split(found)
    if len(words) > 1 and (words == id_ or words[0] in _VERBS):
        return _noun(found) or found
    for segment in fixed[1:]:
        if _is_collection(segment):
            found, parent = f"{parent} {segment}", segment
    return found


def _is_parameter(segment: str) -> bool:
    return segment.startswith("{") or not any(c.isalnum() for c in segment)


def _is_collection(segment: str) -> bool:
    words = split(segment)
    return bool(words) and words[0] not in _VERBS and _singular(words[-1]) != words[-1]


def _noun(id_: str) -> str:
    """What a call is about: the word behind its verb."""
    words = [word for word in split(id_) if word not in _FILLERS]
    while len(words) > 1 and words[0] in _MODIFIERS:
        del words[0]
    return _singular(words[1]) if len(words) > 1 else ""


def _singular(word: str) -> str:
    if word.endswith(("iases", "nuses", "ruses", "tuses")):
        return word[:-2]
    return word if word.endswith("ias") else singular(word)
