"""Stage *lower*: an `OpenApi` becomes an `Api`."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Collector
from ..ir.api import Api, Operation, Resource
from ..openapi import model
from ..source.limits import MAX_GROUPS
from ..source.text import SpecText
from .credentials import lower_credentials
from .events import lower_events
from .grouping import groups
from .links import lower_links
from .operations import OperationLowering
from .schemas import TypeTable
from .servers import Servers

__all__ = ["lower"]


def lower(document: model.OpenApi, provider: str, out: Collector) -> Api:
    """Give a document its meaning.

    Args:
        document: What was read.
        provider: The provider's name, a Python identifier.
        out: Takes unsupported shapes (E205) and warnings.
    """
    types = TypeTable(document.schemas, out)
    servers = Servers(document.servers, out)
    operations = OperationLowering(document, types, servers, out)
    resources = tuple(_resources(document, operations, out))
    events = tuple(lower_events(document, types, out))
    by_key = {o.key: o for resource in resources for o in resource.operations}
    return Api(
        provider=provider,
        given=document.name,
        title=document.title,
        version=document.version,
        description=document.description or document.summary,
        base_url=servers.base_url,
        servers=servers.others,
        variables=servers.variables(),
        credentials=lower_credentials(document, out),
        resources=resources,
        events=events,
        links=tuple(lower_links(document, by_key, out)),
        declarations=dict(types.declarations),
        span=document.span,
    )


def _resources(
    document: model.OpenApi, operations: OperationLowering, out: Collector
) -> Iterator[Resource]:
    """Resources in the order of the document's tags, then in that of its operations."""
    found: dict[SpecText, list[Operation]] = {}
    declared = {tag.wire: tag for tag in document.tags}
    wanted = groups(document.operations, declared)
    for operation in document.operations:
        lowered = operations.operation(operation)
        if lowered is not None:
            found.setdefault(wanted[lowered.key], []).append(lowered)
    order = [tag for tag in declared if tag in found] + [
        tag for tag in found if tag not in declared
    ]
    if len(order) > MAX_GROUPS:
        out.fail(
            "E104",
            f"operations are in {len(order):,} groups by their tags or paths, at most {MAX_GROUPS:,}",
            found[order[MAX_GROUPS]][0].span,
            help="`include` and `exclude` choose operations; see docs/documents.md",
        )
    for wire in order:
        tag = declared.get(wire)
        yield Resource(
            wire=wire,
            given=tag.name if tag else None,
            description=tag.description if tag else None,
            operations=tuple(found[wire]),
            span=tag.span if tag else found[wire][0].span,
        )
