"""Operations become constants, methods and resource classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..diagnostics import Collector
from ..ir.api import Link, Operation, Resource, Step
from ..source.text import SpecText
from .annotations import Annotations
from .descriptors import Descriptors
from .imports import names_in_signature, standard_imports, typing_import
from .links import link_names, shape_links
from .literals import Code, docstring, markdown, prose
from .methods import method_names, resource_names
from .names import Wanted, class_name, constant, digested, module, tell_apart
from .signatures import Signatures
from .views import LinkView, MethodView, OperationView, ResourceView

__all__ = ["Shaped", "resource_of", "shape_resources", "with_methods"]

_WRAP = 88
#: What else the module of the constants is made of.
_CONSTANT_RESERVED = frozenset({"PROVIDER", "TYPE_CHECKING"})
_RUNTIME_NAMES = frozenset({"Client", "Credential", "Decoding", "List", "RequestOptions"})
#: What bodies are given as, besides models and mappings.
_FILES = ("Content", "File")


@dataclass(frozen=True, slots=True)
class Shaped:
    """Resources with the constants their methods use."""

    resources: tuple[ResourceView, ...]
    operations: tuple[OperationView, ...]
    symbols: Mapping[str, Code]
    """The name of each constant by the key of its operation."""
    links: tuple[LinkView, ...]


def shape_resources(
    resources: tuple[Resource, ...],
    links: tuple[Link, ...],
    annotations: Annotations,
    field_of: Callable[[Step], Code],
    client: Code,
    error_names: dict[str, Code],
    out: Collector,
) -> Shaped:
    """Shape all resources of one provider.

    Args:
        resources: From the IR.
        links: Likewise.
        annotations: Writer of annotations.
        field_of: Gives the Python name of a property.
        client: Class name of the client, which a resource must not take.
        error_names: Error class by status key, with "" for the provider's base error.
        out: Takes name clashes (E301).
    """
    descriptors = Descriptors(annotations, field_of)
    signatures = Signatures(annotations, error_names, out)
    modules = resource_names(resources, out)
    views: list[ResourceView] = []
    operations: list[OperationView] = []
    shaped = [(r, name, method_names(r, out)) for r, name in zip(resources, modules, strict=True)]
    symbols = tell_apart(
        {
            o.key: _constant(o, Code(f"{name}_{names[o.key]}".upper()))
            for resource, name, names in shaped
            for o in resource.operations
        }
    )
    linked = link_names(links, symbols, out)
    arguments: dict[str, dict[int, Code]] = {}
    calls: dict[str, Code] = {}
    for resource, name, names in shaped:
        methods: list[MethodView] = []
        for operation in resource.operations:
            key = operation.key
            symbol = symbols[key]
            own = arguments[key] = signatures.arguments(operation)
            calls[key] = Code(f"{name}.{names[key]}")
            operations.append(descriptors.operation(operation, symbol, calls[key], own))
            onward = sorted(linked[i] for i in linked if links[i].source == key)
            methods.append(signatures.method(operation, symbol, names[key], own, onward))
        methods.sort(key=lambda m: m.name)
        views.append(_resource(resource, name, client, tuple(methods)))
    return Shaped(
        tuple(sorted(views, key=lambda r: r.module)),
        tuple(sorted(operations, key=lambda o: o.name)),
        symbols,
        shape_links(links, linked, symbols, arguments, calls),
    )


def _constant(operation: Operation, method: Code) -> Wanted:
    """By the id; where ids differ in case or punctuation only, the method says which is which."""
    name = constant(operation.id, _CONSTANT_RESERVED)
    return Wanted((name, method, digested(method, operation.key)))


def _resource(
    resource: Resource, name: Code, client: Code, methods: tuple[MethodView, ...]
) -> ResourceView:
    text = resource.given or resource.wire
    # The class of one that had to take a longer name has it as well.
    class_ = class_name((text if name == module(text) else SpecText(name),), "Resource")
    # Both are imported into the client's module.
    if class_ == client or str(class_) in _RUNTIME_NAMES:
        class_ = Code(f"{class_}Resource")
    docs = prose(resource.description, _WRAP) or [f"Operations on {name}."]
    attribute_docs = prose(resource.description, _WRAP - 6) or [f"Operations on {name}."]
    return resource_of(
        name,
        class_,
        docstring(docs, 4),
        docstring(attribute_docs, 8),
        markdown(resource.description),
        methods,
    )


def resource_of(
    name: Code,
    class_: Code,
    doc: Code,
    attribute_doc: Code,
    summary: Code,
    methods: tuple[MethodView, ...],
    deprecated: Code | None = None,
) -> ResourceView:
    """A resource class with what its methods make its module import."""
    heads = [head for m in methods for head in (m.head, *m.overloads)]
    names = frozenset[str]().union(*(names_in_signature(head.sync) for head in heads))
    async_names = frozenset[str]().union(*(names_in_signature(head.aio) for head in heads))
    values = sorted(names & {"UNSET", "Unset"})
    local = sorted(names & {"bodies", "models"})
    renamed = {"renamed_arguments" for m in methods if m.kept}
    marks = [head.deprecated for m in methods for head in m.overloads]
    if any(marks) or any(m.deprecated and not m.kept for m in methods):
        renamed.add("deprecated")
    return ResourceView(
        module=name,
        name=class_,
        doc=doc,
        attribute_doc=attribute_doc,
        summary=summary,
        methods=methods,
        imports=standard_imports(names),
        async_imports=standard_imports(async_names),
        options="RequestOptions" in names,
        pager="Pager" in names,
        local_import=Code(f"from .. import {', '.join(local)}") if local else None,
        files=Code(", ".join(name for name in _FILES if name in names)),
        typing=typing_import(
            names, "TYPE_CHECKING", *(["overload"] if any(m.overloads for m in methods) else [])
        ),
        values=Code(", ".join(values)),
        choices=Code(", ".join(sorted({helper for m in methods for helper in m.helpers}))),
        renamed=Code(", ".join(sorted(renamed))),
        deprecated=deprecated,
    )


def with_methods(resource: ResourceView, methods: tuple[MethodView, ...]) -> ResourceView:
    """The same resource with other methods."""
    return resource_of(
        resource.module,
        resource.name,
        resource.doc,
        resource.attribute_doc,
        resource.summary,
        methods,
        resource.deprecated,
    )
