"""Signatures by an RSA key. The only module that needs `cryptography`: `pip install cryptography`."""

from __future__ import annotations

from contextlib import suppress
from typing import NoReturn

from .errors import ConfigurationError

__all__ = ["RsaSigner", "RsaVerifier"]


class RsaSigner:
    """Signs by RSA with SHA-256 and PKCS #1 v1.5 padding. Safe to share between threads.

    Args:
        key: The private key in PEM.
        password: Opens the key, if it is encrypted.

    Raises:
        ConfigurationError: It is no such key, or `cryptography` is not installed.
    """

    __slots__ = ("_key",)

    def __init__(self, key: str | bytes, *, password: str | bytes | None = None) -> None:
        try:
            from cryptography.exceptions import UnsupportedAlgorithm
            from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
            from cryptography.hazmat.primitives.serialization import load_pem_private_key
        except ImportError:
            raise ConfigurationError("RsaSigner needs `pip install cryptography`") from None
        loaded: object = None
        # Raised below, without a context that may quote the key.
        with suppress(ValueError, TypeError, UnsupportedAlgorithm):
            loaded = load_pem_private_key(
                _bytes(key), None if password is None else _bytes(password)
            )
        if not isinstance(loaded, RSAPrivateKey):
            raise ConfigurationError("`key` is no RSA private key that can be read")
        self._key = loaded

    def __call__(self, text: bytes) -> bytes:
        """Give the signature of bytes."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._key.sign(text, PKCS1v15(), SHA256())

    def __repr__(self) -> str:
        return "RsaSigner(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled")


class RsaVerifier:
    """Verifies signatures by RSA with SHA-256 and PKCS #1 v1.5 padding.

    Args:
        key: The public key in PEM.

    Raises:
        ConfigurationError: It is no such key, or `cryptography` is not installed.
    """

    __slots__ = ("_key",)

    def __init__(self, key: str | bytes) -> None:
        try:
            from cryptography.exceptions import UnsupportedAlgorithm
            from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
            from cryptography.hazmat.primitives.serialization import load_pem_public_key
        except ImportError:
            raise ConfigurationError("RsaVerifier needs `pip install cryptography`") from None
        loaded: object = None
        with suppress(ValueError, TypeError, UnsupportedAlgorithm):
            loaded = load_pem_public_key(_bytes(key))
        if not isinstance(loaded, RSAPublicKey):
            raise ConfigurationError("`key` is no RSA public key that can be read")
        self._key = loaded

    def __call__(self, text: bytes, signature: bytes) -> bool:
        """Tell whether a signature is that of bytes."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            self._key.verify(signature, text, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
