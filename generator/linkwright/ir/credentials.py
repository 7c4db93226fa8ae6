"""What an API is authenticated with. Part of `api`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..source.span import Span
from ..source.text import SpecText, SpecValue

__all__ = [
    "Credential",
    "CredentialKind",
    "Expired",
    "Flows",
    "Signature",
    "TokenCall",
]

CredentialKind: TypeAlias = Literal["bearer", "basic", "key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCall:
    """The operation that gives the tokens of a credential.

    Attributes:
        operation: Its key.
        parameters: What it is called with, by wire name.
        body: What is sent with it.
        inputs: Fields of the body that the user of the client gives.
        token: Field of the answer that holds the token.
        expires: Field of the answer that holds its lifetime.
    """

    operation: str
    parameters: SpecValue
    body: SpecValue | None
    inputs: tuple[SpecText, ...]
    token: SpecText
    expires: SpecText
    span: Span


@dataclass(frozen=True, slots=True)
class Flows:
    """Where an OAuth 2 server gives tokens: URLs, or paths of the API.

    Attributes:
        token_url: For the credentials of the client.
        refresh_url: For a refresh token.
        scope: What operations want of tokens, as it is sent.
    """

    token_url: SpecText | None
    refresh_url: SpecText | None
    scope: SpecText | None


@dataclass(frozen=True, slots=True)
class Expired:
    """An answer that means an expired token: by its status, or by what stands in its body."""

    status: int
    path: tuple[SpecText, ...]
    value: SpecText


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature is made over, and the header of the moment it ends."""

    expires: SpecText
    lifetime: int
    text: SpecText


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One way to authenticate; `key` is what `Operation.security` names."""

    key: str
    wish: SpecText
    kind: CredentialKind
    place: Literal["header", "query", "cookie"]
    wire: SpecText
    prefix: SpecText
    base64: bool
    token: TokenCall | None
    flows: Flows | None
    expired: tuple[Expired, ...] | None
    signature: Signature | None
    description: SpecText | None
    span: Span
