"""One provider's API becomes the views of its package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..diagnostics import Collector
from ..ir.api import Api, Step
from ..ir.types import Struct, Type, union
from ..source.text import SpecText
from .annotations import Annotations
from .bodies import bodies
from .classes import assign_classes
from .constructor import constructor
from .declarations import field_names, models
from .events import shape_events
from .imports import names_in, standard_imports, typing_import
from .layout import listed
from .literals import Code, docstring, markdown, prose, string, string_of
from .model_views import (
    BodyView,
)
from .names import class_name
from .operations import shape_resources
from .schemes import scheme, scheme_class
from .views import (
    ErrorView,
    ExportView,
    LazyView,
    OperationView,
    ProviderView,
    ResourceView,
)

__all__ = ["client_name", "shape"]

#: The runtime's classes by status, with what a reader of the provider's module wants to know.
_STATUS_ERRORS = (
    ("400", "BadRequest", "does not accept the request"),
    ("401", "Unauthorized", "does not accept the credentials"),
    ("402", "PaymentRequired", "asks for payment first"),
    ("403", "Forbidden", "does not allow this"),
    ("404", "NotFound", "does not know what was asked for"),
    ("405", "MethodNotAllowed", "does not support this operation here"),
    ("406", "NotAcceptable", "cannot do what was asked in its present state or form"),
    ("409", "Conflict", "sees a clash with the current state"),
    ("410", "Gone", "no longer has what was asked for"),
    ("415", "UnsupportedMediaType", "does not accept this kind of body"),
    ("422", "UnprocessableEntity", "refuses the content of the request"),
    ("429", "RateLimited", "wants fewer requests; see `retry_after`"),
    ("5XX", "ServerError", "failed"),
)
#: What of `typing` the types of answers are made of.
_DECODED = frozenset({"Annotated", "Any"})


def shape(api: Api, out: Collector) -> ProviderView:
    """Assign every name of a provider's package and lay out what its templates print.

    Raises nothing; name clashes are left in `out` as E301.
    """
    classes = assign_classes(api, out)
    annotations = Annotations(api.declarations, classes)
    client = client_name(api)
    errors = _errors(client, api)
    error_names = {e.status: e.name for e in errors} | {"": Code(f"{client}Error")}

    def field_of(step: Step) -> Code:
        struct = api.declarations[step.struct]
        assert isinstance(struct, Struct)
        return field_names(struct, Collector())[step.wire.raw]

    shaped = shape_resources(
        api.resources, api.links, annotations, field_of, client, error_names, out
    )
    built = constructor(api, out)
    named = tuple(zip(api.credentials, built.names, strict=True))
    body_views = bodies(api, classes, annotations)
    error_body = _error_body(api, annotations)
    error_names_used = names_in([error_body])
    error_checking = ["TYPE_CHECKING"] if "models" in error_names_used else []
    result_names = names_in(f"X[{o.result}]" for o in shaped.operations) - {"X"}
    body_names = names_in(a for view in body_views for a in view.annotations)
    return ProviderView(
        package=Code(api.provider),
        client=client,
        title=string(api.title),
        heading=markdown(api.title, cell=True),
        about=markdown(api.description),
        base_url=string(api.base_url) if api.base_url else None,
        client_typing=typing_import(
            names_in(v.annotation for v in built.variables), "TYPE_CHECKING"
        ),
        client_doc=built.doc,
        credential_arguments=built.credentials,
        token_inputs=built.inputs,
        credentials=tuple(Code(f"{string_of(c.key)}: {name}") for c, name in named),
        schemes=tuple(scheme(c, name, shaped.symbols) for c, name in named),
        variables=built.variables,
        errors=errors,
        error_body=error_body,
        error_exports=tuple(sorted([Code(f"{client}Error"), *(e.name for e in errors)])),
        error_typing=typing_import(error_names_used, *error_checking),
        error_models="models" in error_names_used,
        runtime_errors=listed(
            "_runtime.errors import (", sorted([*(e.base for e in errors), "ResponseError"]), ")"
        ),
        operations=shaped.operations,
        operations_typing=typing_import(
            result_names, "Final", *_checking(shaped.operations, result_names)
        ),
        operations_imports=standard_imports(result_names),
        operation_imports=_operation_imports(api, shaped.operations),
        paging=any(o.kind == "PagedOperation" for o in shaped.operations),
        operations_lazy=tuple(_lazy(shaped.operations, result_names)),
        resources=shaped.resources,
        events=shape_events(api, annotations, out),
        links=shaped.links,
        async_exports=_async_exports(client, shaped.resources),
        models=models(api, classes, annotations, out),
        bodies=body_views,
        bodies_typing=typing_import(body_names, *_bodies_typing(body_views, body_names)),
        bodies_imports=tuple(_bodies_imports(body_names)),
        readme_arguments=Code(", ".join(f"{name}=..." for name in built.names)),
        classes=classes,
    )


def _async_exports(client: Code, resources: Iterable[ResourceView]) -> tuple[ExportView, ...]:
    exports = [ExportView(r.module, Code(f"Async{r.name}")) for r in resources]
    exports.append(ExportView(Code("client"), Code(f"Async{client}")))
    return tuple(sorted(exports, key=lambda export: export.module))


def _bodies_imports(names: frozenset[str]) -> Iterator[Code]:
    standard = standard_imports(names)
    yield from standard
    if standard and {"models", "File"} & names:
        yield Code("")
    if "File" in names:
        yield Code("from .._runtime.files import File")
    if "models" in names:
        yield Code("from . import models")


def _bodies_typing(views: Sequence[BodyView], names: frozenset[str]) -> list[str]:
    lines = [line for view in views for line in view.fields]
    wanted = ["NotRequired"] if any("NotRequired[" in line for line in lines) else []
    wanted += ["TypedDict"] if views else []
    needs_checking = standard_imports(names) or {"models", "File"} & names
    return [*wanted, "TYPE_CHECKING"] if needs_checking else wanted


def _lazy(operations: Sequence[OperationView], results: frozenset[str]) -> Iterator[LazyView]:
    decoded = names_in(a for o in operations for a in o.decoded) | results
    if "types" in decoded:
        yield LazyView(Code("types"), Code(".._runtime"), Code("._runtime.types"))
    if "models" in decoded:
        yield LazyView(Code("models"), Code("."), Code("models"))


def _checking(operations: Sequence[OperationView], results: frozenset[str]) -> list[str]:
    used = any(_lazy(operations, results)) or standard_imports(results)
    # What answers are decoded into is an expression, which no annotation has to mention.
    decoded = names_in(a for o in operations for a in o.decoded) & _DECODED
    return [*sorted(decoded), *(["TYPE_CHECKING"] if used else [])]


def _operation_imports(api: Api, operations: Sequence[OperationView]) -> Code:
    names: set[str] = {"Provider", *(scheme_class(c) for c in api.credentials)}
    names |= {str(o.kind) for o in operations}
    if any(c.token for c in api.credentials):
        names.add("TokenCall")
    if any(c.flows for c in api.credentials):
        names.add("OAuthFlows")
    if any(c.expired for c in api.credentials):
        names.add("Expired")
    names = names.union(*(o.runtime for o in operations))
    return Code(", ".join(sorted(names, key=lambda n: (not n.isupper(), n))))


def client_name(api: Api) -> Code:
    """Class name of a provider's client."""
    name = class_name((api.given or SpecText(api.provider),), "Api")
    # What the root package and the client's own module import beside it.
    taken = {"Client", "Credential", "Decoding", "Issue", "RequestOptions", "Response"}
    return Code(f"{name}Api") if name in taken else name


def _errors(client: Code, api: Api) -> tuple[ErrorView, ...]:
    provider = " ".join(prose(api.title)) or str(client)
    views: list[ErrorView] = []
    for status, base, text in _STATUS_ERRORS:
        key = status if status.isdecimal() else string_of(status)
        doc = docstring([f"{provider} {text} ({status})."], 4)
        views.append(ErrorView(Code(f"{client}{base}"), Code(base), doc, Code(status), Code(key)))
    return tuple(views)


def _error_body(api: Api, annotations: Annotations) -> Code:
    """The type of `body` on the provider's errors: whatever any operation documents."""
    types: dict[Type, None] = {}
    for resource in api.resources:
        for operation in resource.operations:
            types.update((o.type, None) for o in operation.failures if o.type is not None)
    text = annotations.received(union(types)) if types else Code("Any")
    return text if text == "Any" or text.endswith("None") else Code(f"{text} | None")
