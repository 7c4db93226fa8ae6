"""What would put errors right: an overlay to be filled in, with the places already in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias, cast

import yaml

from ..diagnostics import Diagnostic, Fix, Severity
from ..source.document import Document, Map, Node, Scalar, Seq
from ..source.library import Library
from ..source.text import disarmed

__all__ = ["overlay_for"]

Parts: TypeAlias = tuple[str | int, ...]
Action: TypeAlias = dict[str, object]

_MOST = 10
_LONGEST = 300
_SHORTHAND = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNKNOWN = "..."
#: What is no OpenAPI document at all, no overlay makes one.
_CORRECTABLE = re.compile("E20[2-9]|E3")
_METHODS = frozenset("get put post delete options head patch trace query".split())
_NAMES = {"E301": {"x-linkwright-name": _UNKNOWN}, "E302": {"x-linkwright-name": _UNKNOWN}}


def overlay_for(library: Library, found: Iterable[Diagnostic]) -> str:
    """Overlays, as YAML, that would change what errors are about; empty where none can.

    Args:
        library: The description. Where it has several files, each gets an overlay of its own.
        found: What was said about it. Only errors in the document's own files count: what an
            overlay brought in is corrected there.
    """
    errors = [d for d in found if d.severity is Severity.ERROR and _CORRECTABLE.match(d.code)]
    sheets: list[str] = []
    for document in library:
        wanted: dict[object, list[Diagnostic]] = {}
        for error in errors:
            if error.span.file == document.file and error.span.line:
                wanted.setdefault(error.span, []).append(error)
        actions = list(_actions(document, wanted))
        if actions:
            sheets.append(_sheet(document, actions))
    return "---\n".join(sheets)


def _sheet(document: Document, actions: list[Action]) -> str:
    head: Action = {"overlay": "1.0.0", "info": {"title": "Corrections", "version": "1"}}
    if document.name:
        head["extends"] = document.name
    head["actions"] = actions[:_MOST]
    text = yaml.safe_dump(head, sort_keys=False, width=1_000)
    more = len(actions) - _MOST
    return text + (f"# and {more} more\n" if more > 0 else "")


def _actions(document: Document, wanted: dict[object, list[Diagnostic]]) -> Iterator[Action]:
    """Each action once; what is taken out of a list is taken from its end, which moves nothing."""
    found: dict[str, Action] = {}
    for error, parts, parent in _places(document.root, (), wanted):
        for action in _of(error, parts, parent):
            found.setdefault(repr(action), action)
    yield from (action for action in found.values() if "remove" not in action)
    yield from (action for action in reversed(found.values()) if "remove" in action)


def _places(
    node: Node, parts: Parts, wanted: dict[object, list[Diagnostic]]
) -> Iterator[tuple[Diagnostic, Parts, Node | None]]:
    """Errors with the path of what they are about, and the mapping or list it is in.

    A mapping is where its first key is. It is what is meant, unless that key is a method: there an
    operation is.
    """
    stack: list[tuple[Node, Parts, Node | None]] = [(node, parts, None)]
    while stack and wanted:
        node, parts, parent = stack.pop()
        if not isinstance(node, Map) or next(iter(node.entries), "") not in _METHODS:
            for error in _taken(wanted, node.span, parts):
                yield error, parts, parent
        if isinstance(node, Map):
            for key in node.entries:
                for error in _taken(wanted, node.keys[key], (*parts, key), children=False):
                    yield error, (*parts, key), node
            stack += [(c, (*parts, key), node) for key, c in reversed(node.entries.items())]
        elif isinstance(node, Seq):
            numbered = reversed(tuple(enumerate(node.items)))
            stack += [(child, (*parts, index), node) for index, child in numbered]


def _taken(
    wanted: dict[object, list[Diagnostic]], span: object, parts: Parts, *, children: bool = True
) -> list[Diagnostic]:
    """The errors about what stands at a place, which are then no longer wanted."""
    here = wanted.get(span)
    if not here:
        return []
    # A keyword that has to go is looked for by its own name.
    mine = [d for d in here if d.fix is None or d.fix.key is None or d.fix.key == parts[-1:][0]]
    if children:
        mine = [d for d in mine if d.fix is None or d.fix.key is None]
    rest = [d for d in here if d not in mine]
    if rest:
        wanted[span] = rest
    else:
        del wanted[span]
    return mine


def _of(error: Diagnostic, parts: Parts, parent: Node | None) -> Iterator[Action]:
    """The actions for one error: one, but two where something belongs under another key."""
    fix = error.fix
    if fix is not None and fix.key is not None and fix.update is not None:
        actions = [
            _placed(parts[:-1], {"update": dict(fix.update)}),
            _placed(parts, {"remove": True}),
        ]
    else:
        actions = [_action(error, parts, parent)]
    # All or none: what is taken out of one place has to come back at another.
    yield from (a for a in actions if a is not None and all(map(_harmless, actions)))


def _harmless(action: Action | None) -> bool:
    """Whether it can be printed: keys of strangers may be commands for a CI system."""
    # Word by word: long texts are folded, and any word may come to begin a line.
    return action is not None and all(
        disarmed(word) == word for text in _texts(action) for word in text.split()
    )


def _texts(value: object) -> Iterator[str]:
    """All texts in an action, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in cast("dict[object, object]", value).items():
            yield from _texts(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _texts(inner)


def _action(error: Diagnostic, parts: Parts, parent: Node | None) -> Action | None:
    fix = error.fix or Fix(_NAMES.get(error.code))
    if fix.target is not None:
        return {"target": fix.target, "update": dict(fix.update or {})}
    if fix.value is not None:
        # What refers may be the value of any key, as in the mapping of a discriminator.
        under = parts[-1] if isinstance(_child(parent, parts), Scalar) else "$ref"
        fix = Fix({str(under): fix.value})
    removed = error.fix is not None and fix.update is None
    value = _child(parent, parts)
    if not removed and not isinstance(value, Map) and isinstance(parent, Map):
        # Only mappings are merged: the one that holds the value gets another.
        update = fix.update if fix.update is not None else {str(parts[-1]): _UNKNOWN}
        return _placed(parts[:-1], {"update": dict(update)})
    if removed or (isinstance(parent, Seq) and not isinstance(value, Map)):
        return _placed(parts, {"remove": True})
    return _placed(parts, {"update": dict(fix.update or {_UNKNOWN: _UNKNOWN})})


def _child(parent: Node | None, parts: Parts) -> Node | Mapping[str, Any] | None:
    if isinstance(parent, Map):
        return parent.entries[str(parts[-1])]
    if isinstance(parent, Seq) and isinstance(parts[-1], int):
        return parent.items[parts[-1]]
    return None


def _placed(parts: Parts, action: Action) -> Action | None:
    steps: list[str] = []
    for part in parts:
        if isinstance(part, int):
            steps.append(f"[{part}]")
        elif _SHORTHAND.fullmatch(part):
            steps.append(f".{part}")
        else:
            steps.append("['" + part.replace("\\", "\\\\").replace("'", "\\'") + "']")
    target = "$" + "".join(steps)
    # Queries cannot name keys with control characters.
    fits = len(target) <= _LONGEST and min(target) >= " "
    return {"target": target, **action} if fits else None
