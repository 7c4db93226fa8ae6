"""Signs a request as it goes over the wire."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .auth import reason_against
from .errors import ConfigurationError
from .retry import seconds_until

if TYPE_CHECKING:
    from .operation import Provider, Signature

__all__ = ["Clock", "Unsigned", "signable"]

_PART: Final = re.compile(r"\{(expires|method|url|body)\}")


class Clock:
    """The time of this machine, set right by that of the provider where they differ too much."""

    __slots__ = ("_offset",)

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._offset

    def correct(self, date: str | None, tolerance: float) -> bool:
        """Take over the time of an answer.

        Args:
            date: Its `Date` header.
            tolerance: Seconds that the clocks may differ.

        Returns:
            Whether they differed by more.
        """
        ahead = seconds_until(date)
        if ahead is None or abs(ahead - self._offset) < tolerance:
            return False
        self._offset = ahead
        return True


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What is to be signed, and what becomes of the signature.

    Attributes:
        signer: Gives the signature of `text`; in asynchronous clients, it may be awaited.
        text: The bytes to sign.
    """

    provider: Provider
    scheme: Signature
    signer: Any = field(repr=False)
    expires: str
    text: bytes = field(repr=False)

    def headers(self, signature: object) -> dict[str, str]:
        """Make the headers that carry a signature.

        Raises:
            ConfigurationError: It is none.
        """
        if not isinstance(signature, bytes):
            raise ConfigurationError(
                f"`{self.scheme.argument}` {reason_against(signature) or 'gave no bytes'}",
                provider=self.provider.name,
            )
        from base64 import b64encode

        return {
            self.scheme.expires_header: self.expires,
            self.scheme.header: b64encode(signature).decode("ascii"),
        }


def signable(
    provider: Provider,
    scheme: Signature,
    signer: object,
    clock: Clock,
    method: str,
    url: str,
    body: bytes,
) -> Unsigned:
    """Put together what a signature is made over.

    Args:
        provider: Named in errors.
        scheme: What is signed, and how that is sent.
        signer: Signs bytes.
        clock: Says when the signature ends.
        method: HTTP method, in capitals.
        url: The URL as it is sent, with its query.
        body: The body as it is sent.
    """
    expires = str(int(clock.now()) + scheme.lifetime)
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
    return Unsigned(provider, scheme, signer, expires, text)
