"""How a client authenticates, as values of the operations module."""

from __future__ import annotations

from collections.abc import Mapping

from ..ir.credentials import Credential, Expired, Flows, TokenCall
from .layout import listed
from .literals import Code, string, string_of, value

__all__ = ["scheme", "scheme_class"]


def scheme_class(credential: Credential) -> Code:
    """The class of the runtime that describes it."""
    plain_bearer = credential.kind == "bearer" and credential.wire.raw == "Authorization"
    if credential.signature:
        return Code("Signature")
    return Code("Bearer" if plain_bearer else "Basic" if credential.kind == "basic" else "ApiKey")


def scheme(credential: Credential, name: Code, symbols: Mapping[str, Code]) -> Code:
    """One item of the mapping from schemes to what describes them.

    Args:
        credential: From the IR.
        name: Argument of the client.
        symbols: Constants of operations by key; one of them may give tokens.
    """
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
    head = f"{string_of(credential.key)}: {scheme_class(credential)}("
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
