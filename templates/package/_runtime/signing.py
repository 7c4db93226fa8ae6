"""Signs a request as it goes over the wire."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from .errors import ConfigurationError

if TYPE_CHECKING:
    from .operation import Provider, Signature

__all__ = ["sign"]

_PART: Final = re.compile(r"\{(expires|method|url|body)\}")


def sign(
    provider: Provider, scheme: Signature, signer: object, method: str, url: str, body: bytes
) -> dict[str, str]:
    """Make the headers that sign a request.

    Args:
        provider: Named in errors.
        scheme: What is signed, and how that is sent.
        signer: Signs bytes.
        method: HTTP method, in capitals.
        url: The URL as it is sent, with its query.
        body: The body as it is sent.

    Raises:
        ConfigurationError: The signer gives no bytes.
    """
    from base64 import b64encode

    expires = str(int(time.time()) + scheme.lifetime)
    parts = {
        "expires": expires.encode(),
        "method": method.encode(),
        "url": url.encode(),
        "body": body,
    }
    # Split, not replaced one after the other: a body may hold "{url}".
    text = b"".join(
        parts[piece] if index % 2 else piece.encode()
        for index, piece in enumerate(_PART.split(scheme.text))
    )
    signature: object = signer(text) if callable(signer) else None
    if not isinstance(signature, bytes):
        raise ConfigurationError(f"`{scheme.argument}` gave no bytes", provider=provider.name)
    return {
        scheme.expires_header: expires,
        scheme.header: b64encode(signature).decode("ascii"),
    }
