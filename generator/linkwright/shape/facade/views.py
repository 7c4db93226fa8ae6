"""What the templates of a facade see."""

from __future__ import annotations

from dataclasses import dataclass

from ..literals import Code
from ..model_views import KeptView

__all__ = [
    "AdapterView",
    "CapabilityView",
    "EnumView",
    "ErrorKindView",
    "FacadeView",
    "MapperView",
    "ProtocolView",
    "RecordFieldView",
    "RecordView",
    "SettingView",
    "WaitView",
    "WebhookView",
]


@dataclass(frozen=True, slots=True)
class EnumView:
    """A closed enumeration: members with their values and docstrings."""

    name: Code
    doc: Code
    members: tuple[tuple[Code, Code, Code], ...]


@dataclass(frozen=True, slots=True)
class RecordFieldView:
    """A field of a record; `hidden` from its repr."""

    name: Code
    annotation: Code
    hidden: bool
    doc: Code


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record: `native` if it keeps a model, `generic` if it or something in it does."""

    name: Code
    doc: Code
    fields: tuple[RecordFieldView, ...]
    native: bool
    generic: bool


@dataclass(frozen=True, slots=True)
class ErrorKindView:
    """A kind of error."""

    name: Code
    doc: Code
    retryable: bool


@dataclass(frozen=True, slots=True)
class ProtocolView:
    """The capability of doing one operation, in both flavors."""

    name: Code
    doc: Code
    head: Code
    async_head: Code
    method_doc: Code
    operation: Code


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """One cell of the matrix: literals, and what the table of the documentation shows."""

    operation: Code
    arguments: Code
    mark: Code
    notes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting of `connect`."""

    name: Code
    annotation: Code
    doc: Code


@dataclass(frozen=True, slots=True)
class MapperView:
    """The function that makes a resource of a native model."""

    name: Code
    resource: Code
    signature: Code
    doc: Code
    body: tuple[Code, ...]
    variable: Code | None
    models: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class WebhookView:
    """How the webhooks of a provider are verified and read; every field is Python."""

    rules: Code
    types: tuple[tuple[Code, Code], ...]
    refine: tuple[tuple[Code, Code, Code], ...]
    native_type: Code
    id: Code
    connection_id: Code
    owner_id: Code
    occurred_at: Code
    helpers: Code
    at: Code | None
    mapper: Code
    model: Code
    context: Code
    hooks: bool


@dataclass(frozen=True, slots=True)
class AdapterView:
    """One provider behind the facade.

    Attributes:
        kept: What its classes were called while its client had another name.
    """

    provider: Code
    key: Code
    client: Code
    title: Code
    adapter: Code
    facade: Code
    native: Code
    settings: tuple[SettingView, ...]
    remembers: tuple[Code, ...]
    methods: tuple[Code, ...]
    async_methods: tuple[Code, ...]
    imports: tuple[Code, ...]
    async_imports: tuple[Code, ...]
    checking: tuple[Code, ...]
    async_checking: tuple[Code, ...]
    unsupported: tuple[tuple[Code, Code, Code], ...]
    capabilities: tuple[CapabilityView, ...]
    protocols: tuple[Code, ...]
    mapping_imports: tuple[Code, ...]
    mappers: tuple[MapperView, ...]
    functions: tuple[Code, ...]
    tables: tuple[Code, ...]
    rules: tuple[Code, ...]
    codes: tuple[tuple[Code, Code], ...]
    statuses: tuple[tuple[Code, Code], ...]
    pace: Code | None
    webhooks: WebhookView | None
    kept: tuple[KeptView, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitView:
    """How a facade waits, and which fields its records have for it."""

    operation: Code
    handle: Code
    outcome: Code
    status: Code
    ready: tuple[Code, ...]
    failed: tuple[Code, ...]
    going: tuple[Code, ...]
    owner: bool
    jobs: bool
    baseline: bool
    job: Code | None
    imports: tuple[Code, ...]
    checking: tuple[Code, ...]
    error: bool
    action: bool
    detail: bool
    revision: bool


@dataclass(frozen=True, slots=True)
class FacadeView:
    """A facade."""

    package: Code
    name: Code
    key: Code
    resource: Code
    resource_variable: Code
    summary: Code
    about: Code
    enums: tuple[EnumView, ...]
    records: tuple[RecordView, ...]
    errors: tuple[ErrorKindView, ...]
    last_error: Code
    protocols: tuple[ProtocolView, ...]
    model_imports: tuple[Code, ...]
    protocol_imports: tuple[Code, ...]
    adapters: tuple[AdapterView, ...]
    wait: WaitView | None
    event: bool
    capabilities_json: Code
    exports: tuple[tuple[Code, Code], ...]
