"""Security schemes and requirements."""

from __future__ import annotations

from typing import cast

from ..diagnostics import Collector
from ..ir.credentials import Credential, Expired, Flows, Signature, TokenCall
from ..openapi import model
from ..openapi.security_model import SecurityScheme, TokenForm
from ..source.text import SpecText, shown

__all__ = ["lower_credentials", "lower_security"]


def lower_security(
    document: model.OpenApi, operation: model.Operation
) -> tuple[tuple[str, ...], ...]:
    """The alternatives of an operation: its own, or the document's.

    What needs no credential comes last, so that one is sent wherever the client has it.
    """
    required = document.security if operation.security is None else operation.security
    sent = {scheme.key for scheme in _sent(document)}
    alternatives = [tuple(k.raw for k in alternative if k in sent) for alternative in required]
    return tuple(sorted(dict.fromkeys(alternatives), key=lambda alternative: not alternative))


def lower_credentials(document: model.OpenApi, out: Collector) -> tuple[Credential, ...]:
    """The ways to authenticate."""
    return tuple(_credential(document, scheme, out) for scheme in _sent(document))


def _sent(document: model.OpenApi) -> list[SecurityScheme]:
    """The schemes that put something into a request."""
    return [scheme for scheme in document.security_schemes if scheme.kind != "mutualTLS"]


def _credential(document: model.OpenApi, scheme: SecurityScheme, out: Collector) -> Credential:
    form = scheme.form
    bearer_like = scheme.kind in ("bearer", "oauth2", "openIdConnect")
    flows = _flows(document, scheme, out) if not scheme.token else None
    if scheme.kind in ("oauth2", "openIdConnect") and not scheme.token and not flows:
        out.add(
            "W203",
            "no flow says where the client gets tokens; it takes a token, or what gets one, such "
            "as `auth.ClientCredentials`",
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
        token=_token_call(document, scheme.key, scheme.token, out) if scheme.token else None,
        flows=flows,
        expired=(
            None
            if scheme.expired is None
            else tuple(Expired(e.status, e.path, e.value) for e in scheme.expired)
        ),
        signature=(
            Signature(scheme.signature.expires, scheme.signature.lifetime, scheme.signature.text)
            if scheme.signature
            else None
        ),
        description=scheme.description,
        span=scheme.span,
    )


def _flows(document: model.OpenApi, scheme: SecurityScheme, out: Collector) -> Flows | None:
    form = scheme.flows
    if form is None:
        return None
    addresses = {one.shown for one in (form.token_url, form.refresh_url) if one}
    out.add(
        "N401",
        f"tokens are got from {' and '.join(sorted(addresses))}",
        scheme.span,
        help="x-linkwright-token names an operation instead",
    )
    scopes = [scope.raw for scope in document.scopes.get(scheme.key, ())]
    return Flows(form.token_url, form.refresh_url, SpecText(" ".join(scopes)) if scopes else None)


def _token_call(
    document: model.OpenApi, scheme: SpecText, form: TokenForm, out: Collector
) -> TokenCall | None:
    found = (o for o in document.operations if o.operation_id == form.operation)
    operation = next(found, None)
    problem: str | None = None
    if operation is None:
        problem = f"there is no operation {form.operation.shown!r}"
    elif any(scheme.raw in alternative for alternative in lower_security(document, operation)):
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
        out.add("E202", f"x-linkwright-token: {problem}", form.span)
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
