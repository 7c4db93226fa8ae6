"""Arguments of a client: credentials, what tokens are got with, parts of addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..diagnostics import Collector
from ..ir.api import Api
from ..ir.credentials import Credential
from ..source.span import Span
from ..source.text import SpecText
from .literals import Code, docstring, entry, prose, string, string_of
from .names import Scope, Wanted, attribute, digested, joined, spelled, tell_apart
from .views import ArgumentView, VariableView

__all__ = ["Constructor", "OPTION_RESERVED", "constructor"]

#: Arguments of the client's constructor that all of them have.
OPTION_RESERVED = frozenset(
    "self base_url timeout retries decoding retry_budget max_body hooks http_client".split()
)


@dataclass(frozen=True, slots=True)
class Constructor:
    """The arguments of a client besides those that all clients have, and its docstring.

    Attributes:
        names: Of the argument of each credential.
        credentials: These arguments.
        inputs: With what tokens are got.
        variables: Parts of addresses.
    """

    names: tuple[Code, ...]
    credentials: tuple[ArgumentView, ...]
    inputs: tuple[ArgumentView, ...]
    variables: tuple[VariableView, ...]
    doc: Code


def constructor(api: Api, out: Collector) -> Constructor:
    """Name the arguments of a client; clashes of given names are left in `out` (E301)."""
    scope = Scope("arguments of the client", out)
    names = _credential_names(api, scope)
    inputs = tuple(_token_inputs(api, scope))
    taken = [*names, *(argument.name for argument in inputs)]
    variables = tuple(_variables(api, taken, scope))
    credentials = tuple(
        ArgumentView(
            f"credential {c.key}", name, Code("Signer" if c.signature else "Credential"), Code("")
        )
        for c, name in zip(api.credentials, names, strict=True)
    )
    doc = _client_doc(api, names, inputs, variables)
    return Constructor(tuple(names), credentials, inputs, variables, doc)


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


def _variables(api: Api, taken: Sequence[Code], scope: Scope) -> Iterator[VariableView]:
    """Constructor arguments for the variables of servers, beside those whose names are taken."""
    wanted: dict[str, Wanted] = {name: Wanted((name,)) for name in taken}
    for variable in api.variables:
        wire = variable.wire
        name = attribute(wire, OPTION_RESERVED)
        longer = (joined(name, Code("variable")), spelled(name, wire), digested(name, wire.raw))
        wanted[f" {wire.raw}"] = Wanted((name, *longer), rank=1)
    names = tell_apart(wanted)
    for variable in api.variables:
        values = ", ".join(string(choice) for choice in variable.choices)
        yield VariableView(
            f"variable {variable.wire.raw}",
            scope.take(names[f" {variable.wire.raw}"], variable.span),
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
