"""What gets and renews tokens, given to a client in place of a token; and signers."""

from __future__ import annotations

from ._runtime.oauth import ClientCredentials, RefreshToken
from ._runtime.operation import AsyncCredential, AsyncSigner, Credential, Signer
from ._runtime.rsa import RsaSigner
from ._runtime.tokens import TokenSource

__all__ = [
    "AsyncCredential",
    "AsyncSigner",
    "ClientCredentials",
    "Credential",
    "RefreshToken",
    "RsaSigner",
    "Signer",
    "TokenSource",
]
