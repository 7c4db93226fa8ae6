"""What templates see: plain values, every string of them `Code`, ready for its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .flavors import Flavor
from .literals import Code, string_of
from .model_views import BodyView, KeptView, ModelsView

__all__ = [
    "DeclaredView",
    "ErrorView",
    "EventView",
    "EventsView",
    "ExportView",
    "HeadView",
    "LazyView",
    "LinkView",
    "MethodView",
    "OperationView",
    "ProviderView",
    "ResourceView",
    "SignatureView",
    "VariableView",
]


@dataclass(frozen=True, slots=True)
class OperationView:
    """One constant of the operations module.

    Attributes:
        kind: Its class in the runtime.
        result: What that class is parametrised with.
        decoded: Expressions for the types of its answers.
        runtime: What it uses of the runtime's operation module.
        key: HTTP method and path, which are not for templates.
        call: Resource and method.
        names: Argument by place and name in the document.
    """

    name: Code
    kind: Code
    result: Code
    arguments: tuple[Code, ...]
    decoded: tuple[Code, ...]
    runtime: frozenset[str]
    key: str
    call: Code
    names: Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class DeclaredView:
    """One argument of a method.

    Attributes:
        name: The argument.
        annotation: Its type.
        default: None where it must be given.
        key: Place and name in the document; None for what is not a parameter.
        positional: Whether it may be given by position.
    """

    name: Code
    annotation: Code
    default: Code | None
    key: str | None = None
    positional: bool = False


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature in its parts.

    Attributes:
        name: Of the method.
        arguments: In order.
        returns: Annotation in the synchronous flavor.
        async_returns: Likewise, in the asynchronous one.
        local: See `MethodView`.
    """

    name: Code
    arguments: tuple[DeclaredView, ...]
    returns: Code
    async_returns: Code
    local: bool


@dataclass(frozen=True, slots=True)
class HeadView:
    """A signature, from the name to the colon, in both flavors.

    Attributes:
        deprecated: What to use instead, as a string literal, if this overload was given up.
    """

    sync: Code
    aio: Code
    deprecated: Code | None = None


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method of a resource.

    Attributes:
        signature: Its head in parts.
        choices: The same for each form of its answer, where there is a choice.
        head: Its signature.
        overloads: One for each choice, and one for each way to call it with names that were given up.
        doc: Docstring.
        call: The call on the client, without `await`.
        local: Nothing is sent; the method is a plain `def` in both flavors.
        operation: `OperationView.key` of what it calls.
        deprecated: What to use instead, as a string literal, if this is a name that was given up.
        kept: Names of arguments that were given up, with what they are called now.
        helpers: What the call takes from the runtime's module of choices.
    """

    name: Code
    signature: SignatureView
    choices: tuple[SignatureView, ...]
    head: HeadView
    overloads: tuple[HeadView, ...]
    doc: Code
    call: Code
    local: bool
    summary: Code
    method: Code
    request: Code
    operation: str
    deprecated: Code | None = None
    kept: tuple[KeptView, ...] = ()
    helpers: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceView:
    """One resource class.

    Attributes:
        deprecated: What to use instead, as a string literal, if it has only names that were given
            up.
    """

    module: Code
    name: Code
    doc: Code
    attribute_doc: Code
    summary: Code
    methods: tuple[MethodView, ...]
    imports: tuple[Code, ...]
    async_imports: tuple[Code, ...]
    options: bool
    pager: bool
    files: Code
    local_import: Code | None
    typing: Code
    values: Code
    choices: Code
    renamed: Code
    deprecated: Code | None = None


@dataclass(frozen=True, slots=True)
class EventView:
    """The function that parses one webhook or callback.

    Attributes:
        result: Annotation of what it gives.
        decoded: The same as an expression.
        key: What it is in the document, which is not for templates.
        deprecated: What to use instead, as a string literal, if this is a name that was given up.
    """

    name: Code
    doc: Code
    result: Code
    decoded: Code
    key: str
    deprecated: Code | None = None


@dataclass(frozen=True, slots=True)
class EventsView:
    """The module of webhooks and callbacks.

    Attributes:
        typing: What is imported from `typing`.
        standard: Imports for annotations.
        lazy: Modules that are imported when they are used.
    """

    events: tuple[EventView, ...]
    typing: Code
    standard: tuple[Code, ...]
    lazy: tuple[LazyView, ...]


@dataclass(frozen=True, slots=True)
class LinkView:
    """The constant of a link between two operations, which are given by their own constants.

    Attributes:
        key: What it is in the document, which is not for templates.
    """

    name: Code
    source: Code
    target: Code
    arguments: tuple[Code, ...]
    doc: Code
    key: str


@dataclass(frozen=True, slots=True)
class ErrorView:
    """One error class of a provider."""

    name: Code
    base: Code
    doc: Code
    status: Code
    key: Code


@dataclass(frozen=True, slots=True)
class ExportView:
    """A name that a package exports, and the module that defines it."""

    module: Code
    name: Code


@dataclass(frozen=True, slots=True)
class LazyView:
    """A module that is imported when it is first used.

    Attributes:
        name: What it is called.
        origin: The package it is in, for type checkers.
        submodule: Its name relative to the provider's package, for `LazyModule`.
    """

    name: Code
    origin: Code
    submodule: Code


@dataclass(frozen=True, slots=True)
class VariableView:
    """One part of an address that the user chooses.

    Attributes:
        key: What it is in the document, which is not for templates.
    """

    key: str
    name: Code
    wire: Code
    annotation: Code
    default: Code


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """An argument of the client's constructor.

    Attributes:
        key: What it is in the document, which is not for templates.
        name: The argument.
        annotation: Its type in the synchronous client, without what says that it may be left out.
        wire: What it stands for in the body of a token request, as a string literal.
    """

    key: str
    name: Code
    annotation: Code
    wire: Code

    def typed(self, flavor: Flavor) -> Code:
        """Its type in one of the clients."""
        words = self.annotation.split(" | ")
        return Code(" | ".join(w if w == "int" else f"{flavor.prefix}{w}" for w in words))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    """Everything that is rendered for one provider.

    Attributes:
        package: Name of its package.
        client: Name of its client class; the asynchronous one has `Async` before it.
        title: String literal.
        heading: Markdown.
        about: Markdown.
        base_url: String literal; None where the document names no server.
        credential_arguments: Arguments of the client's constructor.
        token_inputs: Further arguments, with which tokens are got.
        credentials: Items of the mapping from scheme to argument.
        schemes: Items of the mapping from scheme to its description.
        error_body: Annotation of `body` on the provider's errors.
        classes: Name of the class of every declaration, by its key.
    """

    package: Code
    client: Code
    title: Code
    heading: Code
    about: Code
    base_url: Code | None
    client_doc: Code
    client_typing: Code
    credential_arguments: tuple[ArgumentView, ...]
    token_inputs: tuple[ArgumentView, ...]
    credentials: tuple[Code, ...]
    schemes: tuple[Code, ...]
    variables: tuple[VariableView, ...]
    errors: tuple[ErrorView, ...]
    error_body: Code
    error_exports: tuple[Code, ...]
    error_typing: Code
    error_models: bool
    runtime_errors: Code
    operations: tuple[OperationView, ...]
    operations_typing: Code
    operations_imports: tuple[Code, ...]
    operation_imports: Code
    paging: bool
    operations_lazy: tuple[LazyView, ...]
    resources: tuple[ResourceView, ...]
    events: EventsView | None
    links: tuple[LinkView, ...]
    async_exports: tuple[ExportView, ...]
    models: ModelsView
    bodies: tuple[BodyView, ...]
    bodies_typing: Code
    bodies_imports: tuple[Code, ...]
    readme_arguments: Code
    classes: Mapping[str, Code]
    kept_clients: tuple[KeptView, ...] = ()
    kept_options: tuple[KeptView, ...] = ()
    kept_resources: tuple[KeptView, ...] = ()
    kept_classes: tuple[KeptView, ...] = ()
    kept_links: tuple[KeptView, ...] = ()
    kept_constants: tuple[KeptView, ...] = ()
    kept_models: tuple[KeptView, ...] = ()
    kept_bodies: tuple[KeptView, ...] = ()
    kept_errors: tuple[KeptView, ...] = ()

    @property
    def kept_options_text(self) -> Code:
        """What to say about old names of the client's arguments, as a string literal."""
        told = ", ".join(f"{k.old} is now called {k.new}" for k in self.kept_options)
        return string_of(f"{self.client}: argument {told}")

    @property
    def renamed(self) -> Code:
        """What the client's module imports to know names that were given up."""
        former = any(r.deprecated for r in self.resources)
        names = ["deprecated"] if self.kept_resources or self.kept_options or former else []
        return Code(", ".join([*names, *(["renamed_arguments"] if self.kept_options else [])]))

    def credential_imports(self, flavor: Flavor) -> Code:
        """What a client imports for the types of its arguments."""
        given = (*self.credential_arguments, *self.token_inputs)
        words = {w for a in given for w in a.typed(flavor).split(" | ")} - {"int"} | {"Decoding"}
        return Code(", ".join(sorted(words)))
