"""Verifying webhooks: the raw body, compared in constant time, and not too old."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

from .failures import FacadeError, WebhookError, dig
from .mapping import moment

if TYPE_CHECKING:
    from .models import Model

__all__ = ["Part", "SignatureRules", "Webhook", "decoded", "found", "partly", "when"]

M = TypeVar("M", bound="Model")
T = TypeVar("T")

Part: TypeAlias = tuple[Literal["text", "header", "path", "url", "body"], str]
"""One part of what is signed: its kind, and the text or the name of the header."""

WINDOW: Final = 300.0
"""Seconds that the clocks may differ, and that a webhook may have been under way."""

_PREFIX: Final = "whsec_"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it came.

    Attributes:
        body: The raw body, before anything has decoded it.
        headers: By name; case does not matter.
        url: Where it was sent to, as the provider has it.
    """

    body: bytes
    headers: Mapping[str, str]
    url: str = ""

    def header(self, name: str) -> str | None:
        """A header, whatever the case of its name."""
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), None)

    @property
    def path(self) -> str:
        """The path of the URL, without host and query."""
        rest = self.url.partition("://")[2] or self.url
        path = rest[rest.find("/") :] if "/" in rest else "/"
        return path.partition("?")[0]

    @property
    def json(self) -> object:
        """The decoded body; None if it is no JSON."""
        try:
            found: object = json.loads(self.body)
        except ValueError:
            return None
        return found


@dataclass(frozen=True, slots=True)
class SignatureRules:
    """How a provider signs its webhooks.

    Attributes:
        provider: Its key.
        algorithm: `hmac-sha256` with a shared secret, or `rsa-sha256` with a public key.
        secret: Form of what it is verified with: plain text, `whsec_` and base64, or PEM.
        parts: What is signed, in order.
        header: The header with the signature.
        prefix: What stands before it there.
        separator: What stands between several signatures; one of them must be right.
        time: Where it says when it was sent: a header, or a path into the body.
    """

    provider: str
    algorithm: Literal["hmac-sha256", "rsa-sha256"]
    secret: Literal["text", "whsec", "pem"]
    parts: tuple[Part, ...]
    header: str
    prefix: str = ""
    separator: str | None = None
    time: tuple[Literal["header", "body"], str] = ("header", "")

    def verify(
        self, webhook: Webhook, secret: str | bytes, *, now: datetime | None = None
    ) -> datetime:
        """Make sure that a webhook comes from the provider, unchanged and lately.

        Args:
            webhook: As it came.
            secret: What the provider gave to verify with.
            now: The time, for tests.

        Returns:
            When it was sent.

        Raises:
            WebhookError: It is not to be trusted. The text says why, but nothing secret.
        """
        given = webhook.header(self.header)
        if not given:
            raise self._bad("it is not signed")
        signed = b"".join(self._part(webhook, part) for part in self.parts)
        matches = self._matcher(signed, secret)
        candidates = given.split(self.separator) if self.separator else [given]
        # All are compared, so that the time it takes does not depend on which is right.
        results = [matches(c[len(self.prefix) :]) for c in candidates if c.startswith(self.prefix)]
        if not any(results):
            raise self._bad("the signature is wrong")
        sent = self._sent(webhook)
        moment_now = datetime.now(UTC) if now is None else now
        if abs((moment_now - sent).total_seconds()) > WINDOW:
            raise self._bad("it is too old, or the clocks differ")
        return sent

    def _part(self, webhook: Webhook, part: Part) -> bytes:
        kind, name = part
        match kind:
            case "text":
                return name.encode()
            case "body":
                return webhook.body
            case "path":
                return webhook.path.encode()
            case "url":
                return webhook.url.encode()
            case "header":
                value = webhook.header(name)
                if not value:
                    raise self._bad(f"the header {name} is missing")
                return value.encode()

    def _matcher(self, signed: bytes, secret: str | bytes) -> Callable[[str], bool]:
        if self.algorithm == "rsa-sha256":
            from .rsa import RsaVerifier

            verifier = RsaVerifier(secret)
            return lambda given: verifier(signed, _decoded(given))
        expected = hmac.new(self._key(secret), signed, hashlib.sha256).digest()
        return lambda given: hmac.compare_digest(_decoded(given), expected)

    def _key(self, secret: str | bytes) -> bytes:
        raw = secret.encode() if isinstance(secret, str) else secret
        if not raw:
            raise self._bad("there is no secret to verify with")
        if self.secret == "whsec":  # noqa: S105  # the form of a secret
            key = _decoded(raw.decode("ascii", "replace").removeprefix(_PREFIX))
            if not key:
                raise self._bad("the secret is not of the form whsec_...")
            return key
        return raw

    def _sent(self, webhook: Webhook) -> datetime:
        place, name = self.time
        found: object = webhook.header(name) if place == "header" else None
        if place == "body":
            found = dig(webhook.json, tuple(name.split(".")))
        sent = _moment(found)
        if sent is None:
            raise self._bad("it does not say when it was sent")
        return sent

    def _bad(self, why: str) -> WebhookError:
        return WebhookError(f"webhook refused: {why}", provider=self.provider)


def found(payload: object, path: tuple[str | int, ...]) -> str | None:
    """A text or number in the JSON of a webhook, as text."""
    value = dig(payload, path)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def when(payload: object, path: tuple[str | int, ...]) -> datetime | None:
    """A time in the JSON of a webhook; one without a zone is UTC."""
    return _moment(dig(payload, path))


def decoded(kind: type[M], payload: object, path: tuple[str | int, ...]) -> M | None:
    """A model in the JSON of a webhook; None where there is none that can be read."""
    from pydantic import ValidationError

    value = dig(payload, path)
    try:
        return None if value is None else kind.model_validate(value)
    except ValidationError:
        # Webhooks carry part of what the API answers. Whoever needs all of it asks for it.
        return None


def partly(read: Callable[[], T]) -> T | None:
    """What is read of a model in a webhook; None where the model lacks what that needs."""
    try:
        return read()
    except (FacadeError, AttributeError, TypeError):
        return None


def _decoded(text: str) -> bytes:
    """Base64; what is none has no signature."""
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _moment(value: object) -> datetime | None:
    """A time in any of the forms that are seen: seconds, RFC 3339, or that of HTTP."""
    if not isinstance(value, str):
        return None
    try:
        if value.isdecimal():
            return datetime.fromtimestamp(int(value), UTC)
        found = moment(value) or parsedate_to_datetime(value)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
