"""Python names of a provider's package and of the facade, as far as adapters need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...diagnostics import Collector
from ...ir.api import Api, Operation
from ...ir.facade import Facade
from ...ir.types import (
    Anything,
    Constant,
    Enumeration,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    TupleOf,
    Type,
    UnionOf,
)
from ...source.text import SpecText
from ..annotations import Annotations
from ..classes import assign_classes
from ..declarations import field_names, member_names
from ..literals import Code, string
from ..methods import method_names, resource_names
from ..names import class_name, constant, known_name
from ..provider import client_name
from ..signatures import Signatures

__all__ = [
    "Annotator",
    "Method",
    "ProviderNames",
    "enum_member",
    "generic_records",
    "known_class",
    "pascal_name",
]

_SCALARS = {
    ScalarKind.STRING: "str",
    ScalarKind.INTEGER: "int",
    ScalarKind.FLOAT: "float",
    ScalarKind.BOOLEAN: "bool",
    ScalarKind.DECIMAL_NUMBER: "Decimal",
    ScalarKind.DECIMAL_STRING: "Decimal",
    ScalarKind.DATE: "date",
    ScalarKind.TIMESTAMP: "datetime",
    ScalarKind.UTC_TIMESTAMP: "datetime",
    ScalarKind.LOCAL_TIMESTAMP: "datetime",
    ScalarKind.BYTES: "bytes",
    ScalarKind.FILE: "str",
}


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a provider's client."""

    operation: Operation
    path: Code
    arguments: Mapping[int, Code]

    @property
    def lazy(self) -> bool:
        """Whether calling it sends nothing yet, so that there is nothing to await."""
        return self.operation.browser or self.operation.paging is not None


class ProviderNames:
    """Names in one provider's package."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.package = known_name(api.provider)
        self.client = client_name(api)
        self._quiet = Collector()
        self._classes = assign_classes(api, self._quiet)
        self._fields: dict[str, dict[str, Code]] = {}
        self._members: dict[str, dict[str, Code]] = {}
        self._methods: dict[str, Method] = {}
        signatures = Signatures(Annotations(api.declarations, self._classes), {}, self._quiet)
        attributes = resource_names(api.resources, self._quiet)
        for resource, attribute in zip(api.resources, attributes, strict=True):
            names = method_names(resource, self._quiet)
            for operation in resource.operations:
                path = Code(f"{attribute}.{names[operation.key]}")
                arguments = signatures.arguments(operation)
                self._methods[operation.key] = Method(operation, path, arguments)

    def model(self, key: str) -> Code:
        """Name of the class of a declaration."""
        return self._classes[key]

    def field(self, key: str, wire: SpecText) -> Code:
        """Attribute of a property."""
        if key not in self._fields:
            struct = self.api.declarations[key]
            assert isinstance(struct, Struct)
            self._fields[key] = field_names(struct, self._quiet)
        return self._fields[key][wire.raw]

    def member(self, key: str, value: SpecText) -> Code:
        """A member of an enumeration, with its class; a string where there is none."""
        if key not in self._members:
            enum = self.api.declarations[key]
            assert isinstance(enum, Enumeration)
            self._members[key] = member_names(enum)
        name = self._members[key].get(value.raw)
        return Code(f"models.{self._classes[key]}.{name}") if name else string(value)

    def method(self, key: str) -> Method:
        """The method of an operation."""
        return self._methods[key]


def pascal_name(name: str) -> Code:
    """`refresh_all` as `RefreshAll`."""
    return class_name((SpecText(name), SpecText("")), "")


class Annotator:
    """Types as annotations of the facade's modules.

    Args:
        facade: What is native in it decides what is generic.
        names: Of the provider whose adapter is written; None in modules that are about all.
        native: What a resource's native model is.
    """

    def __init__(self, facade: Facade, names: ProviderNames | None, native: str) -> None:
        self._names = names
        self.native = Code(native)
        self.generic = generic_records(facade)

    def __call__(self, type_: Type, many: str = "list", native: str | None = None) -> Code:
        """An annotation.

        Args:
            type_: The type.
            many: What a list is: `list`, `tuple` or `Sequence`.
            native: Replaces the native model.
        """
        return Code(self._write(type_, many, native or self.native))

    def _write(self, type_: Type, many: str, native: str) -> str:
        match type_:
            case Scalar(kind):
                return _SCALARS[kind]
            case Named(key) if key.startswith("facade:"):
                name = known_class(key.removeprefix("facade:"))
                return f"{name}[{native}]" if name in self.generic else str(name)
            case Named(key):
                assert self._names is not None
                return f"models.{self._names.model(key)}"
            case ListOf(item):
                inner = self._write(item, many, native)
                return f"tuple[{inner}, ...]" if many == "tuple" else f"{many}[{inner}]"
            case MapOf(value):
                return f"Mapping[str, {self._write(value, many, native)}]"
            case UnionOf(variants):
                return " | ".join(self._write(v, many, native) for v in variants)
            case Nullable(inner):
                return f"{self._write(inner, many, native)} | None"
            case Constant(value):
                return type(value.raw).__name__
            case TupleOf(items):
                return f"tuple[{', '.join(self._write(i, many, native) for i in items)}]"
            case Anything():
                return "object"


def known_class(name: str) -> Code:
    """The class name of a record or an enumeration, whose form its reader has checked."""
    return known_name(name)


def generic_records(facade: Facade) -> frozenset[str]:
    """Records that keep a native model, or a record that does."""
    found = {r.name for r in facade.records if r.native}
    while True:
        more = {
            r.name
            for r in facade.records
            if any(_mentions(f.type) & found for f in r.fields) and r.name not in found
        }
        if not more:
            return frozenset(found)
        found |= more


def _mentions(type_: Type) -> set[str]:
    match type_:
        case Named(key):
            return {key.removeprefix("facade:")}
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            return _mentions(inner)
        case _:
            return set()


def enum_member(key: str, value: SpecText) -> Code:
    """A member of an enumeration of the facade."""
    return Code(f"{known_class(key.removeprefix('facade:'))}.{constant(value)}")
