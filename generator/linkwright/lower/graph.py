"""What can be said of schemas by following their references, before any becomes a type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ..openapi.model import Schema

__all__ = ["SchemaGraph", "children", "content", "is_object", "parts_of", "structured"]


def children(schema: Schema) -> Iterator[Schema]:
    """The schemas that stand directly inside, in the order of the keywords."""
    yield from (child for _, child in schema.properties)
    if isinstance(schema.additional, Schema):
        yield schema.additional
    yield from schema.patterns
    if schema.items is not None:
        yield schema.items
    yield from schema.prefix
    yield from schema.all_of
    yield from schema.one_of
    yield from schema.any_of
    yield from schema.conditional


def content(schema: Schema) -> bool:
    """Whether a schema says something of the type by itself; what it refers to or is composed of aside."""
    return bool(
        schema.boolean is not None
        or schema.types
        or schema.enum
        or schema.format
        or schema.timestamp
        or schema.items is not None
        or schema.prefix
        or schema.one_of
        or schema.any_of
        or schema.additional is not None
        or structured(schema)
    )


def structured(schema: Schema) -> bool:
    """Whether it says which properties an object has."""
    return bool(schema.properties or schema.patterns or schema.required or schema.conditional)


def is_object(schema: Schema) -> bool:
    """Whether it says that its instances are objects."""
    return "object" in schema.types or bool(
        not schema.types and (schema.properties or schema.patterns or schema.additional)
    )


def parts_of(schema: Schema, schemas: Mapping[str, Schema]) -> list[Schema]:
    """What a schema is composed of by `$ref` and `allOf`, each once: bases first, itself last."""
    found: list[Schema] = []
    seen: set[str] = set()
    stack: list[tuple[Schema, bool]] = [(schema, False)]
    while stack:
        part, done = stack.pop()
        if done:
            found.append(part)
        elif part.pointer not in seen:
            seen.add(part.pointer)
            stack.append((part, True))
            below = (*((schemas[part.ref],) if part.ref else ()), *part.all_of)
            stack.extend((child, False) for child in reversed(below))
    return found


class SchemaGraph:
    """Who reaches whom."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._two_forms = self._spread(self._marked, {p: _refs(s) for p, s in schemas.items()})
        composed = {pointer: _bases(schema) for pointer, schema in schemas.items()}
        self._declaring = self._spread(_declares, composed)
        self._cyclic = self._cycles()
        self._endless = {member for group in _strong(composed) for member in group}

    def two_forms(self, schema: Schema) -> bool:
        """Whether requests and answers see different properties anywhere inside."""
        return self._marked(schema) or any(ref in self._two_forms for ref in _refs(schema))

    def is_cyclic(self, pointer: str) -> bool:
        """Whether a schema that is no object reaches itself through none but such schemas."""
        return pointer in self._cyclic

    def is_endless(self, pointer: str) -> bool:
        """Whether a schema is composed of itself by references and `allOf` alone."""
        return pointer in self._endless

    def _marked(self, schema: Schema) -> bool:
        return any(s.read_only or s.write_only for s in _inside(schema))

    def _spread(
        self, marked: Callable[[Schema], bool], edges: Mapping[str, Iterable[str]]
    ) -> set[str]:
        """Pointers of all schemas that are marked, or reach one that is."""
        users: dict[str, list[str]] = {}
        for pointer, refs in edges.items():
            for ref in refs:
                users.setdefault(ref, []).append(pointer)
        found = {pointer for pointer, schema in self._schemas.items() if marked(schema)}
        waiting = list(found)
        while waiting:
            fresh = set(users.get(waiting.pop(), ())) - found
            found |= fresh
            waiting += fresh
        return found

    def _cycles(self) -> set[str]:
        """Members of cycles that pass no object and no enumeration."""
        edges = {pointer: self._bare(schema) for pointer, schema in self._schemas.items()}
        return {member for group in _strong(edges) for member in group}

    def _bare(self, schema: Schema) -> list[str]:
        """References that the type of this schema has in it, without a declaration between."""
        refs: list[str] = []
        stack = [schema]
        while stack:
            one = stack.pop()
            if _declares(one) or any(ref in self._declaring for ref in _bases(one)):
                continue
            if one.ref is not None:
                refs.append(one.ref)
            stack.extend(children(one))
        return refs


def _parts(schema: Schema) -> Iterator[Schema]:
    """A schema, and what stands in its `allOf` at any depth."""
    stack = [schema]
    while stack:
        one = stack.pop()
        yield one
        stack += one.all_of


def _bases(schema: Schema) -> list[str]:
    return [part.ref for part in _parts(schema) if part.ref is not None]


def _declares(schema: Schema) -> bool:
    return any(part.properties or part.enum for part in _parts(schema))


def _inside(schema: Schema) -> Iterator[Schema]:
    stack = [schema]
    while stack:
        one = stack.pop()
        yield one
        stack.extend(children(one))


def _refs(schema: Schema) -> Iterator[str]:
    return (one.ref for one in _inside(schema) if one.ref is not None)


def _strong(edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Strongly connected components that have an edge inside (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    trail: list[str] = []
    on_trail: set[str] = set()
    for root in edges:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        trail.append(root)
        on_trail.add(root)
        while work:
            node, rest = work[-1]
            for target in rest:
                if target not in index:
                    index[target] = low[target] = len(index)
                    trail.append(target)
                    on_trail.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_trail:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    group: list[str] = []
                    while not group or group[-1] != node:
                        group.append(trail.pop())
                        on_trail.discard(group[-1])
                    if len(group) > 1 or node in edges[node]:
                        yield group
