"""Stage *lower*: an `OpenApi` becomes an `Api`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Collector
from ..ir.api import Api, Operation, Resource
from ..openapi import model
from ..source.text import SpecText
from .credentials import lower_credentials
from .events import lower_events
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
    resources = tuple(_resources(document, operations))
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


def _resources(document: model.OpenApi, operations: OperationLowering) -> Iterator[Resource]:
    """Group by first tag, in the order of the document's tags; without a tag, by first path segment.

    Tags that differ in case, spaces and punctuation only are one, unless they were given names.
    """
    groups: dict[SpecText, list[Operation]] = {}
    declared = {tag.wire: tag for tag in document.tags}
    used = {_group(operation) for operation in document.operations}
    spellings: dict[str, list[SpecText]] = {}
    for wire in used:
        if (tag := declared.get(wire)) is None or tag.name is None:
            spellings.setdefault(_folded(wire), []).append(wire)
    one = {
        wire: min(wires, key=lambda w: (w not in declared, w.raw))
        for wires in spellings.values()
        for wire in wires
    }
    for operation in document.operations:
        lowered = operations.operation(operation)
        if lowered is not None:
            group = _group(operation)
            group = one.get(group, group)
            groups.setdefault(group, []).append(lowered)
    order = [tag for tag in declared if tag in groups] + [
        tag for tag in groups if tag not in declared
    ]
    for wire in order:
        tag = declared.get(wire)
        yield Resource(
            wire=wire,
            given=tag.name if tag else None,
            description=tag.description if tag else None,
            operations=tuple(groups[wire]),
            span=tag.span if tag else groups[wire][0].span,
        )


def _group(operation: model.Operation) -> SpecText:
    return operation.group or next(iter(operation.tags), _first_segment(operation.path))


def _folded(wire: SpecText) -> str:
    return "".join(c for c in wire.raw.casefold() if c.isalnum()) or wire.raw


def _first_segment(path: SpecText) -> SpecText:
    for segment in re.split("[?#]", path.raw)[0].split("/"):
        if segment and not segment.startswith("{"):
            return SpecText(segment)
    return SpecText("root")
