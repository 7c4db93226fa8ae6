"""Security schemes as frozen values. Part of `model`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue

__all__ = [
    "CredentialForm",
    "ExpiredForm",
    "FlowsForm",
    "SchemeKind",
    "SecurityScheme",
    "SignatureForm",
    "TokenForm",
]

SchemeKind: TypeAlias = Literal["bearer", "basic", "apiKey", "mutualTLS", "oauth2", "openIdConnect"]


@dataclass(frozen=True, slots=True)
class CredentialForm:
    """`x-linkwright-credential`: how a key becomes the value that is sent."""

    prefix: SpecText
    base64: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenForm:
    """`x-linkwright-token`: the operation that gives the tokens of a scheme."""

    operation: SpecText
    parameters: SpecValue
    body: SpecValue | None
    inputs: tuple[SpecText, ...]
    token: SpecText
    expires: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class ExpiredForm:
    """One item of `x-linkwright-expired`: an answer that means an expired token."""

    status: int
    path: tuple[SpecText, ...]
    value: SpecText


@dataclass(frozen=True, slots=True)
class FlowsForm:
    """`flows` of an OAuth 2 scheme: URLs, or paths of the API, that take secrets.

    Attributes:
        token_url: Gives tokens for the credentials of the client.
        refresh_url: Gives tokens for a refresh token.
    """

    token_url: SpecText | None
    refresh_url: SpecText | None


@dataclass(frozen=True, slots=True)
class SignatureForm:
    """`x-linkwright-signature`: what is signed, and what goes with the signature."""

    expires: SpecText
    lifetime: int
    text: SpecText


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """One entry of `components.securitySchemes`."""

    span: Span
    key: SpecText
    kind: SchemeKind
    place: Literal["header", "query", "cookie"] | None
    wire: SpecText | None
    form: CredentialForm | None
    token: TokenForm | None
    expired: tuple[ExpiredForm, ...] | None
    signature: SignatureForm | None
    flows: FlowsForm | None
    description: SpecText | None
    name: SpecText | None
