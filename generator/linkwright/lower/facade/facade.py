"""A definition and its mappings become a facade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...diagnostics import Collector
from ...ir.api import Api
from ...ir.expressions import (
    Expr,
    Var,
)
from ...ir.facade import (
    Adapter,
    Argument,
    Done,
    Facade,
    FacadeEnum,
    FacadeError,
    FacadeOperation,
    FacadeRecord,
    Mapper,
)
from ...ir.types import Named, Type, union
from ...mapping.model import (
    Definition,
    FieldDefinition,
    OperationMapping,
    ProviderMapping,
    ResourceMapping,
)
from ...source.text import SpecText, shown
from .answers import lower_errors, lower_webhooks
from .calls import Calls
from .operations import lower_operations
from .values import Native, Scope, Values
from .ways import Ways
from .world import Names, World, near

__all__ = ["lower_facade"]


def lower_facade(
    definition: Definition,
    mappings: Sequence[ProviderMapping],
    apis: Mapping[str, Api],
    out: Collector,
) -> Facade:
    """Check a facade against the providers it covers.

    Args:
        definition: What it offers.
        mappings: One for every provider; each has its API.
        apis: By provider.
        out: Takes E501 to E504.
    """
    enums = tuple(
        FacadeEnum(e.name, tuple((SpecText(v), d) for v, d in e.values.items()), e.description)
        for e in definition.enums
    )
    records = _records(definition, enums, out)
    names = Names({e.name: e for e in enums}, {r.name: r for r in records})
    if definition.resource not in names.records:
        out.add("E502", f"there is no resource {definition.resource}", definition.span)
    operations = lower_operations(definition, names, out)
    errors = tuple(FacadeError(e.name, e.description, e.statuses) for e in definition.errors)
    facade = Facade(
        name=definition.name,
        package=definition.package,
        resource=definition.resource,
        summary=definition.summary,
        enums=enums,
        records=records,
        errors=errors,
        operations=operations,
        adapters=(),
    )
    adapters = tuple(
        _adapter(mapping, World(apis[mapping.provider], names, out), facade) for mapping in mappings
    )
    return Facade(
        name=facade.name,
        package=facade.package,
        resource=facade.resource,
        summary=facade.summary,
        enums=enums,
        records=records,
        errors=errors,
        operations=operations,
        adapters=adapters,
    )


def _records(
    definition: Definition, enums: tuple[FacadeEnum, ...], out: Collector
) -> tuple[FacadeRecord, ...]:
    """Records may name each other, so their names come first."""
    bare = {r.name: FacadeRecord(r.name, r.native, (), r.description) for r in definition.records}
    names = Names({e.name: e for e in enums}, bare)
    for record in definition.records:
        if record.name in names.enums:
            out.add("E501", f"{record.name} is an enumeration already", record.span)
    return tuple(
        FacadeRecord(r.name, r.native, arguments(r.fields, names, out), r.description)
        for r in definition.records
    )


def arguments(
    fields: tuple[FieldDefinition, ...], names: Names, out: Collector
) -> tuple[Argument, ...]:
    """Fields or arguments with their types."""
    return tuple(
        Argument(
            f.name, names.type_of(f.type, out), f.description, f.secret, f.positional, f.default
        )
        for f in fields
    )


def _adapter(mapping: ProviderMapping, world: World, facade: Facade) -> Adapter:
    natives = {r.name: _native(r, world) for r in mapping.resources}
    values = Values(world, natives, mapping.hooks is not None)
    settings = tuple(
        Argument(s.name, world.names.type_of(s.type, world.out), s.description)
        for s in mapping.settings
    )
    operations = {o.name: o for o in facade.operations}
    ways = Ways(mapping, values, Calls(values), operations, settings)
    known = {a.name for o in facade.operations for a in o.arguments}
    for name in mapping.optional:
        if name not in known:
            world.bad("E502", f"no operation has an argument {shown(name)!r}", mapping.span)
    guards = tuple(ways.guards())
    return Adapter(
        provider=mapping.provider,
        hooks=mapping.hooks,
        settings=settings,
        guards=guards,
        mappers=tuple(_mapper(r, values, facade) for r in mapping.resources),
        rules=lower_errors(mapping.errors, facade, world),
        operations=tuple(_done(mapping, ways, facade, world)),
        webhooks=(
            lower_webhooks(mapping.webhooks, mapping, facade, world) if mapping.webhooks else None
        ),
        facts=tuple(world.facts),
        span=mapping.span,
    )


def _done(mapping: ProviderMapping, ways: Ways, facade: Facade, world: World) -> Iterator[Done]:
    given: dict[str, OperationMapping] = {o.name: o for o in mapping.operations}
    wanted: dict[str, FacadeOperation] = {o.name: o for o in facade.operations}
    for name, found in given.items():
        if name not in wanted:
            world.out.add(
                "E502",
                f"the facade has no operation {shown(name)!r}",
                found.span,
                help=near(name, list(wanted)),
            )
    for name, operation in wanted.items():
        if name in given:
            yield ways.done(given[name], operation)
            continue
        world.out.add(
            "E504",
            f"{mapping.provider} says nothing about the operation {name}",
            mapping.span,
            help=f"{name}: {{level: unsupported, reason: Why not., alternative: get}}",
            related=[(operation.span, f"the facade offers {name} here")],
        )


def _native(resource: ResourceMapping, world: World) -> Native:
    sources: list[Type] = []
    for name, span in resource.sources:
        found = world.declaration(name, span)
        if found is not None:
            sources.append(Named(found.key))
    context = tuple(Var(f.name, world.names.type_of(f.type, world.out)) for f in resource.context)
    return Native(tuple(sources), context)


def _mapper(resource: ResourceMapping, values: Values, facade: Facade) -> Mapper:
    world = values.world
    native = values.natives[resource.name]
    variable = Var("native", union(native.sources) if native.sources else Named(""))
    variables = {"native": variable, **{v.name: v for v in native.context}}
    scope = Scope(variables, variable)
    record = world.names.records.get(resource.name)
    if record is None or not record.native:
        world.out.add(
            "E502",
            f"the facade has no resource {resource.name}",
            resource.span,
            help=near(resource.name, [r.name for r in facade.records if r.native]),
        )
        return Mapper(resource.name, (), variable, native.context, ())
    fields: list[tuple[str, Expr]] = []
    wanted = {f.name: f for f in record.fields}
    for key, span in resource.keys.items():
        if key not in wanted:
            world.out.add(
                "E502",
                f"{record.name} has no field {shown(key)!r}",
                span,
                help=near(key, list(wanted)),
            )
    for name, one in wanted.items() if native.sources else ():
        if name not in resource.fields:
            world.bad(
                "E504",
                f"{world.api.provider} says nothing about {record.name}.{name}",
                resource.span,
                help=f"{name}: a.path, or {name}: {{none: why there is nothing}}",
            )
            continue
        what = f"{record.name}.{name}"
        fields.append((name, values.fitted(resource.fields[name], one.type, scope, what)))
    keys = tuple(s.key for s in native.sources if isinstance(s, Named))
    return Mapper(resource.name, keys, variable, native.context, tuple(fields))
