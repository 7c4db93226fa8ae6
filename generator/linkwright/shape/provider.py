"""One provider's API becomes the views of its package; all providers become the root package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..diagnostics import Collector
from ..ir.api import Api, Credential, Expired, Flows, Step, TokenCall
from ..ir.types import Struct, Type, union
from ..source.span import Span
from ..source.text import SpecText
from .annotations import Annotations
from .bodies import bodies
from .classes import assign_classes
from .declarations import field_names, models
from .events import shape_events
from .imports import names_in, standard_imports, typing_import
from .layout import listed
from .literals import Code, docstring, entry, markdown, prose, string, string_of, value
from .names import Scope, Wanted, attribute, class_name, digested, tell_apart
from .operations import shape_resources
from .views import (
    ArgumentView,
    BodyView,
    ClientView,
    ErrorView,
    ExportView,
    LazyView,
    OperationView,
    Package,
    ProviderView,
    VariableView,
)

__all__ = ["OPTION_RESERVED", "client_name", "shape", "shape_package"]

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
_TIMEOUT = 60
#: What of `typing` the types of answers are made of.
_DECODED = frozenset({"Annotated", "Any"})
#: Arguments of the client's constructor that all of them have.
OPTION_RESERVED = frozenset(
    "self base_url timeout retries decoding retry_budget max_body hooks http_client".split()
)


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
    scope = Scope("arguments of the client", out)
    credentials = _credential_names(api, scope)
    arguments = tuple(
        ArgumentView(
            f"credential {c.key}", name, Code("Signer" if c.signature else "Credential"), Code("")
        )
        for c, name in zip(api.credentials, credentials, strict=True)
    )
    inputs = tuple(_token_inputs(api, scope))
    body_views = bodies(api, classes, annotations)
    error_body = _error_body(api, annotations)
    error_names_used = names_in([error_body])
    result_names = names_in(f"X[{o.result}]" for o in shaped.operations) - {"X"}
    body_names = names_in(a for view in body_views for a in view.annotations)
    variables = tuple(_variables(api, scope))
    return ProviderView(
        package=Code(api.provider),
        client=client,
        title=string(api.title),
        heading=markdown(api.title, cell=True),
        about=markdown(api.description),
        base_url=string(api.base_url) if api.base_url else None,
        client_typing=typing_import(names_in(v.annotation for v in variables), "TYPE_CHECKING"),
        client_doc=_client_doc(api, credentials, inputs, variables),
        credential_arguments=arguments,
        token_inputs=inputs,
        credentials=tuple(
            Code(f"{string_of(c.key)}: {name}")
            for c, name in zip(api.credentials, credentials, strict=True)
        ),
        schemes=tuple(
            _scheme(c, name, shaped.symbols)
            for c, name in zip(api.credentials, credentials, strict=True)
        ),
        variables=variables,
        errors=errors,
        error_body=error_body,
        error_exports=tuple(sorted([Code(f"{client}Error"), *(e.name for e in errors)])),
        error_typing=typing_import(
            error_names_used, *(["TYPE_CHECKING"] if "models" in error_names_used else [])
        ),
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
        async_exports=tuple(
            sorted(
                [
                    ExportView(Code("client"), Code(f"Async{client}")),
                    *(ExportView(r.module, Code(f"Async{r.name}")) for r in shaped.resources),
                ],
                key=lambda e: e.module,
            )
        ),
        models=models(api, classes, annotations, out),
        bodies=body_views,
        bodies_typing=typing_import(body_names, *_bodies_typing(body_views, body_names)),
        bodies_imports=(
            *(standard := standard_imports(body_names)),
            *([Code("")] if standard and {"models", "File"} & body_names else []),
            *([Code("from .._runtime.files import File")] if "File" in body_names else []),
            *([Code("from . import models")] if "models" in body_names else []),
        ),
        readme_arguments=Code(", ".join(f"{name}=..." for name in credentials)),
        classes=classes,
    )


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
    names: set[str] = {"Provider", *(_scheme_class(c) for c in api.credentials)}
    names |= {str(o.kind) for o in operations}
    if any(c.token for c in api.credentials):
        names.add("TokenCall")
    if any(c.flows for c in api.credentials):
        names.add("OAuthFlows")
    if any(c.expired for c in api.credentials):
        names.add("Expired")
    names = names.union(*(o.runtime for o in operations))
    return Code(", ".join(sorted(names, key=lambda n: (not n.isupper(), n))))


def shape_package(clients: Mapping[str, tuple[str, ...]], facades: Iterable[str] = ()) -> Package:
    """The root package over all providers.

    Args:
        clients: By the name of the provider's package, that of the client class, and after it what
            it was called before.
        facades: Names of the packages of facades.
    """
    named = sorted(facades)
    assert all(name.isidentifier() for p, names in clients.items() for name in (p, *names))
    assert all(name.isidentifier() for name in named)
    return Package(
        tuple(
            ClientView(Code(package), Code(client), tuple(map(Code, kept)))
            for package, (client, *kept) in sorted(clients.items())
        ),
        tuple(Code(name) for name in named),
    )


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


def _credential_names(api: Api, scope: Scope) -> list[Code]:
    """Constructor argument of every credential; two schemes may share one by intent only."""
    wanted: dict[str, Wanted] = {name: Wanted((name,)) for name in _input_names(api)}
    for one in api.credentials:
        name = attribute(one.wish, OPTION_RESERVED)
        longer = (Code(f"{name.rstrip('_')}_{one.kind}"), digested(name, one.key))
        # One that was given is a wish of the user, whatever it clashes with.
        given = one.wish.raw != one.key
        wanted[f" {one.key}"] = Wanted((name,)) if given else Wanted((name, *longer), rank=1)
    names = tell_apart(wanted)
    return [scope.take(names[f" {one.key}"], one.span) for one in api.credentials]


def _input_names(api: Api) -> set[Code]:
    """The arguments that `_token_inputs` gives."""
    return {view.name for view in _token_inputs(api, Scope("", Collector()))}


def _token_inputs(api: Api, scope: Scope) -> Iterator[ArgumentView]:
    """Constructor arguments for what the user gives to get tokens; schemes may share them."""
    inputs: dict[str, tuple[Code, Span]] = {}
    for credential in api.credentials:
        if credential.token:
            for wire in credential.token.inputs:
                inputs[wire.raw] = (Code("int | Credential"), credential.token.span)
        if credential.flows:
            refreshed = ["refresh_token"] if credential.flows.refresh_url else []
            for name in ("client_id", "client_secret", *refreshed):
                inputs.setdefault(name, (Code("Credential"), credential.span))
    for name, (annotation, span) in inputs.items():
        argument = scope.take(attribute(SpecText(name), OPTION_RESERVED), span)
        yield ArgumentView(f"input {name}", argument, annotation, string_of(name))


def _client_doc(
    api: Api,
    credentials: list[Code],
    inputs: tuple[ArgumentView, ...],
    variables: tuple[VariableView, ...],
) -> Code:
    lines = prose(api.description, 90) or prose(api.title, 90)
    lines += ["", "Args:"]
    for credential, name in zip(api.credentials, credentials, strict=True):
        about = " ".join(prose(credential.description)) or "A credential."
        lines += entry(f"{name}: {about} {_forms(credential)}")
    for argument in inputs:
        about = "Sent to get tokens with. A value, or a function."
        if argument.wire == string_of("refresh_token"):
            about += " Where each use replaces it, give `auth.RefreshToken`, which tells you."
        lines += entry(f"{argument.name}: {about}")
    for variable, view in zip(api.variables, variables, strict=True):
        lines += entry(f"{view.name}: {_about(variable.description)}")
    lines += entry(
        f"base_url: Replaces the address of the API; for tests and proxies.{_other_servers(api)}"
    )
    lines += entry(
        "timeout: Seconds a call may take in all, with retries and pauses; operations known to be "
        "slow take longer."
    )
    lines += entry("retries: How often a call that is safe to repeat is tried again at most.")
    lines += entry(
        "decoding: Whether an answer that is not as documented is kept as it came, or an error."
    )
    lines += entry(
        "retry_budget: What retries may cost together; clients of one provider can share it."
    )
    lines += entry("max_body: Bytes of an answer, decompressed, that are taken at most.")
    lines += entry("hooks: Are told about every attempt; nothing secret is shown to them.")
    lines += entry("http_client: A client of your own; it is not closed by this one.")
    return docstring(lines, 4)


def _variables(api: Api, scope: Scope) -> Iterator[VariableView]:
    for variable in api.variables:
        values = ", ".join(string(choice) for choice in variable.choices)
        yield VariableView(
            f"variable {variable.wire.raw}",
            scope.take(attribute(variable.wire, OPTION_RESERVED), variable.span),
            string(variable.wire),
            Code(f"Literal[{values}]" if values else "str"),
            string(variable.default),
        )


def _other_servers(api: Api) -> str:
    """The further addresses that the document names, for whoever wants one of them."""
    named: list[str] = []
    for server in api.servers:
        url = " ".join(prose(server.url))
        about = " ".join(prose(server.description)).rstrip(".")
        named.append(f"{url} ({about})" if about else url)
    elsewhere = any(o.server for resource in api.resources for o in resource.operations)
    return (" Also of operations that have one of their own." if elsewhere else "") + (
        f" Documented are also: {', '.join(named)}." if named else ""
    )


def _forms(credential: Credential) -> str:
    if credential.signature:
        return (
            "A function that signs bytes, such as `RsaSigner` of the runtime; it is asked before "
            "every attempt."
        )
    if credential.kind == "bearer":
        source = credential.token or credential.flows
        got = " Without it, tokens are got and renewed by the client." if source else ""
        return (
            "A value, a function that is asked before every attempt, or what gets and renews "
            f"tokens.{got}"
        )
    return "A value, or a function that is asked before every attempt."


def _about(description: SpecText | None) -> str:
    return " ".join(prose(description)) or "Part of the address of the API."


def _scheme_class(credential: Credential) -> Code:
    plain_bearer = credential.kind == "bearer" and credential.wire.raw == "Authorization"
    if credential.signature:
        return Code("Signature")
    return Code("Bearer" if plain_bearer else "Basic" if credential.kind == "basic" else "ApiKey")


def _scheme(credential: Credential, name: Code, symbols: Mapping[str, Code]) -> Code:
    items = [f"argument={string_of(name)}"]
    if credential.signature:
        signature = credential.signature
        items += [
            f"header={string(credential.wire)}",
            f"expires_header={string(signature.expires)}",
            f"lifetime={signature.lifetime}",
            f"text={string(signature.text)}",
        ]
    elif credential.kind == "key":
        items += [f"place={string_of(credential.place)}", f"name={string(credential.wire)}"]
        if credential.prefix:
            items.append(f"prefix={string(credential.prefix)}")
        if credential.base64:
            items.append("base64=True")
    if credential.token:
        items.append(_token_call(credential.token, symbols))
    elif credential.flows:
        items.append(_flows(credential.flows))
    if credential.expired is not None:
        expired = [_expired(one) for one in credential.expired]
        items.append(listed("expired=(", expired, ",)" if len(expired) == 1 else ")", 12, after=1))
    head = f"{string_of(credential.key)}: {_scheme_class(credential)}("
    return listed(head, items, ")", 8, after=1)


def _token_call(call: TokenCall, symbols: Mapping[str, Code]) -> str:
    items = [f"lambda: {symbols[call.operation]}"]
    if call.parameters.raw:
        items.append(f"parameters={value(call.parameters)}")
    if call.body is not None:
        items.append(f"body={value(call.body)}")
    if call.inputs:
        inputs = ", ".join(string(name) for name in call.inputs)
        items.append(f"inputs=({inputs}{',' if len(call.inputs) == 1 else ''})")
    if call.token.raw != "access_token":
        items.append(f"token={string(call.token)}")
    if call.expires.raw != "expires_in":
        items.append(f"expires={string(call.expires)}")
    return listed("source=TokenCall(", items, ")", 12, after=1)


def _flows(flows: Flows) -> str:
    items: list[str] = []
    if flows.token_url:
        items.append(f"token_url={string(flows.token_url)}")
    if flows.refresh_url:
        items.append(f"refresh_url={string(flows.refresh_url)}")
    if flows.scope:
        items.append(f"scope={string(flows.scope)}")
    return listed("source=OAuthFlows(", items, ")", 12, after=1)


def _expired(expired: Expired) -> str:
    items = [str(expired.status)]
    if expired.path:
        path = ", ".join(string(part) for part in expired.path)
        items.append(f"({path}{',' if len(expired.path) == 1 else ''})")
        items.append(string(expired.value))
    return f"Expired({', '.join(items)})"
