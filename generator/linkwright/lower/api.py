"""Stage *lower*: an `OpenApi` becomes an `Api`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ..diagnostics import Collector
from ..ir.api import (
    Api,
    Body,
    Credential,
    Delimiter,
    Expired,
    Operation,
    Outcome,
    Param,
    Repeat,
    Resource,
    ServerVariable,
    Signature,
    TokenCall,
)
from ..ir.types import Anything, Constant, Type, Wish
from ..openapi import model
from ..source.text import SpecText, shown
from .paging import lower_paging
from .schemas import TypeTable

__all__ = ["lower"]

_IDEMPOTENCY_HEADER = "idempotency-key"
#: OpenAPI says that header parameters of these names are ignored: other parts describe them.
_OWNED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_REPEAT: dict[str, Repeat] = {
    "GET": "safe",
    "HEAD": "safe",
    "OPTIONS": "safe",
    "TRACE": "safe",
    "QUERY": "safe",
    "PUT": "idempotent",
    "DELETE": "idempotent",
}
_DELIMITERS: dict[str, Delimiter] = {"spaceDelimited": " ", "pipeDelimited": "|"}
_FORM = "application/x-www-form-urlencoded"


def lower(document: model.OpenApi, provider: str, out: Collector) -> Api:
    """Give a document its meaning.

    Args:
        document: What was read.
        provider: The provider's name, a Python identifier.
        out: Takes unsupported shapes (E205) and warnings.
    """
    return _Lowering(document, provider, out).api()


class _Lowering:
    def __init__(self, document: model.OpenApi, provider: str, out: Collector) -> None:
        self._document = document
        self._provider = provider
        self._out = out
        self._types = TypeTable(document.schemas, out)

    def api(self) -> Api:
        document = self._document
        for server in document.servers[1:]:
            self._out.add(
                "W204", "only the first server is the default; this one is not used", server.span
            )
        first = document.servers[0] if document.servers else None
        if first is not None and first.url.raw.startswith("/"):
            self._out.add(
                "W204",
                "the server has no host, so the client must be given its base_url",
                first.span,
            )
            first = None
        credentials = tuple(self._credential(s) for s in document.security_schemes)
        resources = tuple(self._resources())
        return Api(
            provider=self._provider,
            given=document.name,
            title=document.title,
            version=document.version,
            description=document.description or document.summary,
            base_url=first.url if first else None,
            variables=tuple(
                ServerVariable(v.wire, v.default, v.description, v.span)
                for v in (first.variables if first else ())
            ),
            credentials=credentials,
            resources=resources,
            declarations=dict(self._types.declarations),
            span=document.span,
        )

    def _resources(self) -> Iterator[Resource]:
        """Group by first tag, in the order of the document's tags; without a tag, by first path segment."""
        groups: dict[SpecText, list[Operation]] = {}
        declared = {tag.wire: tag for tag in self._document.tags}
        for operation in self._document.operations:
            lowered = self._operation(operation)
            if lowered is not None:
                group = operation.group or next(
                    iter(operation.tags), _first_segment(operation.path)
                )
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

    def _operation(self, operation: model.Operation) -> Operation | None:
        if operation.method == "TRACE":
            self._out.add("W204", "TRACE operations are not generated", operation.span)
            return None
        # Spelled like the ids that are made of paths, and named by the same rule.
        id_ = operation.operation_id or SpecText(f"{operation.path.raw} {operation.method.lower()}")
        wish = Wish((id_,))
        params: list[Param] = []
        idempotency: SpecText | None = None
        for parameter in operation.parameters:
            lowered_name = parameter.wire.raw.lower()
            if parameter.place == "header" and lowered_name == _IDEMPOTENCY_HEADER:
                idempotency = parameter.wire
            elif parameter.place == "header" and lowered_name in _OWNED_HEADERS:
                self._out.add(
                    "W201", "OpenAPI ignores header parameters of this name", parameter.span
                )
            else:
                params.append(self._param(parameter, wish))
        successes, failures = self._outcomes(operation, wish)
        paging = lower_paging(
            operation.paging,
            operation.method,
            params,
            successes,
            self._types.declarations,
            operation.span,
            self._out,
        )
        return Operation(
            key=f"{operation.method} {operation.path.raw}",
            id=id_,
            given=operation.name,
            suggested=operation.suggested_name,
            method=operation.method,
            path=operation.path,
            summary=operation.summary,
            description=operation.description,
            deprecated=operation.deprecated,
            params=tuple(params),
            body=self._body(operation.body, wish) if operation.body else None,
            successes=successes,
            failures=failures,
            security=self._security(operation),
            repeat=operation.retry or _REPEAT.get(operation.method, "never"),
            browser=operation.browser,
            timeout=operation.timeout,
            idempotency_header=idempotency,
            paging=paging,
            span=operation.span,
        )

    def _param(self, parameter: model.Parameter, wish: Wish) -> Param:
        schema = parameter.schema
        type_: Type = Anything()
        if schema is not None:
            type_ = self._types.type_of(schema, wish.inside(parameter.wire.raw), sending=True)
        constant = type_.value if isinstance(type_, Constant) else None
        default = (schema.default if schema else None) or constant
        return Param(
            wire=parameter.wire,
            place=parameter.place,
            type=type_,
            required=parameter.required,
            delimiter=None if parameter.explode else _DELIMITERS.get(parameter.style, ","),
            deep=parameter.style == "deepObject",
            default=default if parameter.required and parameter.place != "path" else None,
            constant=constant,
            secret=parameter.secret or bool(schema and schema.secret),
            description=parameter.description or (schema.description if schema else None),
            given=parameter.name,
            span=parameter.span,
        )

    def _body(self, body: model.RequestBody, wish: Wish) -> Body | None:
        chosen = next((m for m in body.content if _is_json(m.media_type)), None) or next(
            (m for m in body.content if m.media_type.raw.partition(";")[0].strip() == _FORM), None
        )
        if chosen is None:
            for media in body.content:
                self._out.add(
                    "E205",
                    f"a request body of {media.media_type.shown} is not supported",
                    media.span,
                    help=f"supported: application/json, {_FORM}",
                )
            return None
        for media in body.content:
            if media is not chosen:
                self._out.add(
                    "W204",
                    f"bodies are sent as {chosen.media_type.shown}; {media.media_type.shown} is not used",
                    media.span,
                )
        type_ = (
            self._types.type_of(chosen.schema, wish.inside("Request"), sending=True)
            if chosen.schema
            else Anything()
        )
        return Body(chosen.media_type, type_, body.required, body.description, body.span)

    def _outcomes(
        self, operation: model.Operation, wish: Wish
    ) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...]]:
        successes: list[Outcome] = []
        failures: list[Outcome] = []
        documented = [r.status for r in operation.responses]
        several = sum(1 for s in documented if _succeeds(s, documented, operation.browser)) > 1
        for response in operation.responses:
            success = _succeeds(response.status, documented, operation.browser)
            part = ("Response" if success else "Error") + (
                response.status if several or not success else ""
            )
            type_ = self._content(response, wish.inside(part))
            outcome = Outcome(response.status, type_, response.description, response.span)
            (successes if success else failures).append(outcome)
        return tuple(successes), tuple(failures)

    def _content(self, response: model.Response, wish: Wish) -> Type | None:
        if not response.content:
            return None
        chosen = next((m for m in response.content if _is_json(m.media_type)), None)
        if chosen is None:
            media = response.content[0]
            self._out.add(
                "E205", f"answers of {media.media_type.shown} are not supported", media.span
            )
            return None
        for media in response.content:
            if media is not chosen:
                self._out.add(
                    "W204",
                    f"answers are asked for as JSON; {media.media_type.shown} is not read",
                    media.span,
                )
        return self._types.type_of(chosen.schema, wish) if chosen.schema else Anything()

    def _security(self, operation: model.Operation) -> tuple[tuple[str, ...], ...]:
        required = self._document.security if operation.security is None else operation.security
        return tuple(tuple(key.raw for key in alternative) for alternative in required)

    def _credential(self, scheme: model.SecurityScheme) -> Credential:
        form = scheme.form
        bearer_like = scheme.kind in ("bearer", "oauth2", "openIdConnect")
        if scheme.kind in ("oauth2", "openIdConnect"):
            self._out.add(
                "W203",
                "the flows are not read; the client takes a token, or what gets one, such as "
                "`oauth.ClientCredentials`",
                scheme.span,
            )
        prefix = SpecText("Bearer ") if bearer_like else SpecText("")
        return Credential(
            key=scheme.key.raw,
            wish=scheme.name or scheme.key,
            kind="bearer" if bearer_like else ("basic" if scheme.kind == "basic" else "key"),
            place=scheme.place or "header",
            wire=scheme.wire or SpecText("Authorization"),
            prefix=form.prefix if form else prefix,
            base64=form.base64 if form else False,
            token=self._token_call(scheme.key, scheme.token) if scheme.token else None,
            expired=(
                None
                if scheme.expired is None
                else tuple(Expired(e.status, e.path, e.value) for e in scheme.expired)
            ),
            signature=(
                Signature(
                    scheme.signature.expires, scheme.signature.lifetime, scheme.signature.text
                )
                if scheme.signature
                else None
            ),
            description=scheme.description,
            span=scheme.span,
        )

    def _token_call(self, scheme: SpecText, form: model.TokenForm) -> TokenCall | None:
        found = (o for o in self._document.operations if o.operation_id == form.operation)
        operation = next(found, None)
        problem: str | None = None
        if operation is None:
            problem = f"there is no operation {form.operation.shown!r}"
        elif any(scheme.raw in alternative for alternative in self._security(operation)):
            problem = "the operation that gives a token must not need one"
        else:
            raw = form.parameters.raw
            given = set(cast("dict[str, object]", raw)) if isinstance(raw, dict) else set[str]()
            known = {p.wire.raw: p.required for p in operation.parameters}
            if given - known.keys():
                problem = f"the operation has no parameter {shown(min(given - known.keys()))!r}"
            missing = [name for name, required in known.items() if required and name not in given]
            if missing:
                problem = f"the operation needs the parameter {shown(missing[0])!r}"
        if problem or operation is None:
            self._out.add("E202", f"x-linkwright-token: {problem}", form.span)
            return None
        return TokenCall(
            operation=f"{operation.method} {operation.path.raw}",
            parameters=form.parameters,
            body=form.body,
            inputs=form.inputs,
            token=form.token,
            expires=form.expires,
            span=form.span,
        )


def _succeeds(status: str, documented: list[str], browser: bool) -> bool:
    """Whether a documented status is what the caller hopes for."""
    if status.startswith("2"):
        return True
    if status == "default":
        return not any(s.startswith("2") for s in documented)
    # A page for the browser answers with a redirect.
    return browser and status.startswith("3")


def _is_json(media_type: SpecText) -> bool:
    essence = media_type.raw.partition(";")[0].strip().lower()
    return essence in ("application/json", "*/*", "text/json") or essence.endswith("+json")


def _first_segment(path: SpecText) -> SpecText:
    for segment in path.raw.split("/"):
        if segment and not segment.startswith("{"):
            return SpecText(segment)
    return SpecText("root")
