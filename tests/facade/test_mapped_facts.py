"""Whatever a mapping relies on: without it, the build fails and names it.

Any operation, parameter, property and enum value that the bundled mappings use may be taken out of its
provider's document.
"""

from __future__ import annotations

import gc
import operator
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from linkwright.diagnostics import Collector, InputError
from linkwright.ir.facade import Fact
from linkwright.lower import lower
from linkwright.lower.facade import lower_facade
from linkwright.mapping.definition import read_definition
from linkwright.mapping.model import Definition, ProviderMapping
from linkwright.mapping.provider import read_provider
from linkwright.openapi.read import read
from linkwright.resources import BUNDLED, bundled_facade, bundled_spec
from linkwright.source.document import Document, Map, Node, Scalar, Seq
from linkwright.source.library import Library
from linkwright.source.load import load


@pytest.fixture(autouse=True)
def _uncollected() -> Iterator[None]:
    """Hundreds of documents are read; the cycle collector would double the time."""
    gc.disable()
    yield
    gc.enable()


FOLDER = bundled_facade("connections")


@cache
def _mapping(provider: str) -> tuple[Definition, ProviderMapping]:
    out = Collector()
    definition = read_definition(load(FOLDER / "facade.yaml", out), out)
    mapping = read_provider(load(FOLDER / f"{provider}.yaml", out), out)
    assert not out.found
    return definition, mapping


@cache
def _document(provider: str) -> Document:
    return load(bundled_spec(provider), Collector())


def _complaints(provider: str, root: Node) -> tuple[str, list[Fact]]:
    """What the generator says about a document, and what the mapping found in it."""
    out = Collector()
    facts: list[Fact] = []
    try:
        library = Library(replace(_document(provider), root=root), out)
        api = lower(read(library, out), provider, out)
        out.stop_on_errors()
        definition, mapping = _mapping(provider)
        (adapter,) = lower_facade(definition, [mapping], {provider: api}, out).adapters
        facts = list(adapter.facts)
    except InputError:
        pass
    # A parameter that its path still names is there without its declaration too, with a warning.
    errors = [d for d in out.found if d.code.startswith("E") or "nothing declares" in d.message]
    texts = [f"{d.message} {d.help or ''}" for d in errors]
    return "\n".join(texts), facts


def _without(node: Node, drop: Callable[[Node, str, Node], bool]) -> Node:
    """A copy of a tree without the members for which `drop(parent, key, member)` holds."""
    match node:
        case Map(entries, keys, span):
            kept = {k: _without(v, drop) for k, v in entries.items() if not drop(node, k, v)}
            if len(kept) == len(entries) and all(kept[k] is entries[k] for k in kept):
                return node
            return Map(kept, {k: s for k, s in keys.items() if k in kept}, span)
        case Seq(items, span):
            rest = tuple(
                _without(i, drop) for n, i in enumerate(items) if not drop(node, str(n), i)
            )
            unchanged = len(rest) == len(items) and all(map(operator.is_, rest, items))
            return node if unchanged else Seq(rest, span)
        case _:
            return node


def _drop(fact: Fact, root: Node) -> Callable[[Node, str, Node], bool]:
    name = fact.name.raw

    def is_operation(_parent: Node, _key: str, member: Node) -> bool:
        found = member.entries.get("operationId") if isinstance(member, Map) else None
        return isinstance(found, Scalar) and found.value == name

    def is_property(parent: Node, key: str, member: Node) -> bool:
        return (
            key == name and isinstance(parent, Map) and fact.span in (member.span, parent.keys[key])
        )

    shared: set[str] = set()

    def is_parameter(parent: Node, _key: str, member: Node) -> bool:
        if not isinstance(member, Map):
            return False
        found, ref = member.entries.get("name"), member.entries.get("$ref")
        if isinstance(ref, Scalar):
            return isinstance(parent, Seq) and ref.value in shared
        return isinstance(parent, Seq) and isinstance(found, Scalar) and found.value == name

    components = root.entries["components"] if isinstance(root, Map) else None
    parameters = components.entries.get("parameters") if isinstance(components, Map) else None
    for key, member in parameters.entries.items() if isinstance(parameters, Map) else ():
        found = member.entries.get("name") if isinstance(member, Map) else None
        if isinstance(found, Scalar) and found.value == name:
            shared.add(f"#/components/parameters/{key}")
    values: list[Node] = []

    def is_value(parent: Node, _key: str, member: Node) -> bool:
        if isinstance(member, Map) and member.span == fact.span and "enum" in member.entries:
            values.append(member.entries["enum"])
        return parent in values and isinstance(member, Scalar) and member.value == name

    kinds = {
        "operation": is_operation,
        "property": is_property,
        "parameter": is_parameter,
        "value": is_value,
    }
    return kinds[fact.kind]


def _facts(provider: str) -> Iterator[Fact]:
    problems, facts = _complaints(provider, _document(provider).root)
    assert not problems
    seen: set[object] = set()
    for fact in facts:
        if (fact.kind, fact.name, fact.span) not in seen:
            seen.add((fact.kind, fact.name, fact.span))
            yield fact


@cache
def _all_facts(provider: str) -> tuple[Fact, ...]:
    return tuple(_facts(provider))


@pytest.mark.parametrize("provider", BUNDLED)
def test_every_kind_of_fact_is_noted(provider: str) -> None:
    facts = _all_facts(provider)
    assert len(facts) > 60
    assert {f.kind for f in facts} == {"operation", "parameter", "property", "value"}


@pytest.mark.parametrize("provider", BUNDLED)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=strategies.data())
def test_nothing_that_is_mapped_can_go_unnoticed(
    provider: str, data: strategies.DataObject
) -> None:
    fact = data.draw(strategies.sampled_from(_all_facts(provider)))
    root = _document(provider).root
    changed = _without(root, _drop(fact, root))
    assert changed is not root, f"{fact} was not found in the document"
    said, _ = _complaints(provider, changed)
    assert fact.name.raw in said


@pytest.mark.parametrize("provider", BUNDLED)
def test_a_new_value_of_a_mapped_enumeration_has_to_be_mapped(provider: str) -> None:
    """Tables and error codes are total: an API that grows fails the build until somebody decides."""
    spans = {f.span for f in _facts(provider) if f.kind == "value"}
    added = 0

    def grown(node: Node) -> Node:
        nonlocal added
        match node:
            case Map(entries, keys, span):
                inner = {k: grown(v) for k, v in entries.items()}
                enum = inner.get("enum")
                if span in spans and isinstance(enum, Seq):
                    added += 1
                    inner["enum"] = Seq((*enum.items, Scalar("brandNew", enum.span)), enum.span)
                return Map(inner, keys, span)
            case Seq(items, span):
                return Seq(tuple(map(grown, items)), span)
            case _:
                return node

    said, _ = _complaints(provider, grown(_document(provider).root))
    assert added
    assert "brandNew" in said
