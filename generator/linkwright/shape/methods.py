"""What the method of an operation is called.

The rule, in order (documented for users in `docs/naming.md`):

1. `x-linkwright-name` wins; a vendor's form of it is taken unless it clashes.
2. The `operationId` is split into words. Words of the resource (its tag) and of its parents in
   the path are dropped, wherever they stand behind the verb, singular or plural:
   `createUserConnection` in `connections` at `/users/me/connections` is `create`.
3. An id that spells the path with a trailing HTTP method (`connections_connection_id_refresh_put`)
   loses the words of the path up to its last parameter and the method: `refresh`. If nothing is
   left, the method and the shape of the path decide: `get`, `list`, `create`, `update`, `delete`.
4. A `get` whose dropped noun was plural and whose path does not end in a parameter is a `list`;
   a bare `post` is `create`, `put` and `patch` are `update`.

The name depends on the operation alone. Operations of one resource that come to the same name all
take the words of their operationId instead, so that a name never comes to mean another operation;
only names that were given are not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..diagnostics import Collector
from ..ir.api import Operation, Resource
from ..source.text import SpecText
from .literals import Code
from .names import Scope, Wanted, attribute, digested, module, spelled, tell_apart
from .words import singular, split

__all__ = ["METHOD_RESERVED", "method_names", "resource_names"]

_HTTP = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_BARE = {"post": "create", "put": "update", "patch": "update"}
_READS = frozenset({"get", "fetch", "retrieve", "read"})
#: What annotations in the body of a resource class mention; a method of that name would hide it.
METHOD_RESERVED = frozenset(
    "self models bodies operations str int float bool bytes dict tuple date datetime object".split()
)


def resource_names(resources: Sequence[Resource], out: Collector) -> list[Code]:
    """The attribute and module of every resource; given names that clash are E301."""
    wanted: dict[int, Wanted] = {}
    for index, one in enumerate(resources):
        name = module(one.given or one.wire)
        wanted[index] = Wanted((name,))
        if one.given is None:
            wanted[index] = Wanted((name, digested(name, one.wire.raw)), rank=1)
    names = tell_apart(wanted)
    scope = Scope("resources", out)
    return [scope.take(names[index], one.span) for index, one in enumerate(resources)]


def method_names(resource: Resource, out: Collector) -> dict[str, Code]:
    """Method name by `Operation.key`, unique within a resource (E301 otherwise)."""
    names = tell_apart({o.key: _wanted(o, resource) for o in resource.operations})
    scope = Scope("operations of one resource", out)
    return {o.key: scope.take(names[o.key], o.span) for o in resource.operations}


def _wanted(operation: Operation, resource: Resource) -> Wanted:
    name = _wish(operation, resource)
    if operation.given is not None:
        return Wanted((name,))
    whole = attribute(operation.id, METHOD_RESERVED)
    return Wanted(
        (name, whole, spelled(whole, operation.id), digested(whole, operation.key)), rank=1
    )


def _wish(operation: Operation, resource: Resource) -> Code:
    chosen = operation.given or operation.suggested
    if chosen is not None:
        return attribute(chosen, METHOD_RESERVED)
    words = list(split(operation.id.raw))
    nouns = {singular(w) for w in split(resource.wire.raw)}
    segments = re.split("[?#]", operation.path.raw)[0].strip("/").split("/")
    if len(words) > 1 and words[-1] in _HTTP and _spells_path(words[:-1], segments):
        words = _from_path(words, segments, operation.method)
    else:
        words = _without_nouns(words, nouns, segments, operation.method)
    if len(words) == 1:
        words = [_BARE.get(words[0], words[0])]
    return attribute(SpecText("_".join(words)), METHOD_RESERVED)


def _path_words(segments: Iterable[str]) -> set[str]:
    return {singular(w) for s in segments for w in split(s)}


def _spells_path(words: list[str], segments: list[str]) -> bool:
    known = _path_words(segments)
    return all(singular(w) in known for w in words)


def _from_path(words: list[str], segments: list[str], method: str) -> list[str]:
    last = max((i for i, s in enumerate(segments) if s.startswith("{")), default=-1)
    tail = [w for s in segments[max(last + 1, 1) :] for w in split(s)]
    rest = [w for w in words[:-1] if w in tail]
    if rest:
        return rest
    if method == "GET":
        return ["get" if segments[-1].startswith("{") else "list"]
    return [method.lower()]


def _without_nouns(
    words: list[str], nouns: set[str], segments: list[str], method: str
) -> list[str]:
    static = [s for s in segments if not re.fullmatch(r"\{.*\}", s)]
    at = next((i for i, s in enumerate(static) if _path_words([s]) & nouns), len(static) - 1)
    parents = _path_words(static[:at])
    verb, rest = words[0], words[1:]
    kept = [w for w in rest if singular(w) not in nouns and singular(w) not in parents]
    plural = any(singular(w) in nouns and singular(w) != w for w in rest)
    ends_in_parameter = segments[-1].startswith("{")
    if not kept and verb in _READS and plural and method == "GET" and not ends_in_parameter:
        return ["list"]
    return [verb, *kept]
