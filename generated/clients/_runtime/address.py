"""Where a provider is: base URLs and whether they may be trusted. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .errors import ConfigurationError

if TYPE_CHECKING:
    from .operation import Provider

__all__ = ["is_trustworthy", "resolve_base_url"]

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_VARIABLE_VALUE: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
# Behind the host, a variable may be several segments, or none.
_PATH_VALUE: Final = re.compile(
    r"([A-Za-z0-9_~-][A-Za-z0-9_.~-]*(/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*)?"
)
_HOST: Final = re.compile(r"[^/]*//[^/]*/")
# Printable ASCII without the backslash, which some readers of URLs take for a slash.
_URL_TEXT: Final = re.compile(r"[!-\[\]-~]+")


def resolve_base_url(
    provider: Provider,
    server: Mapping[str, str],
    override: str | None = None,
    *,
    template: str | None = None,
) -> str:
    """Fill in the variables of a base URL and check it.

    Args:
        provider: Gives the template.
        server: Values of the variables.
        override: Taken instead of the template.
        template: Of an operation that is elsewhere; by default that of the provider.

    Raises:
        ConfigurationError: It is no usable URL, or a variable could change what it points to.
    """
    template = provider.base_url if template is None else template
    host = _HOST.match(template)

    def fill(match: re.Match[str]) -> str:
        value: object = server.get(match[1])
        allowed = _PATH_VALUE if host and match.start() >= host.end() else _VARIABLE_VALUE
        if not isinstance(value, str) or not allowed.fullmatch(value):
            raise ConfigurationError(
                f"`{match[1]}` may only hold words of letters, digits, hyphens and underscores, "
                "joined by dots",
                provider=provider.name,
            )
        return value

    url = _VARIABLE.sub(fill, template) if override is None else override
    if not _is_base_url(url):
        raise ConfigurationError(
            "`base_url` must be an absolute http(s) URL without user, query and fragment",
            provider=provider.name,
        )
    return url.rstrip("/")


def is_trustworthy(base_url: str) -> bool:
    """Tell whether credentials may go there: over TLS, or to this very machine."""
    parts = urlsplit(base_url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    from ipaddress import ip_address

    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _is_base_url(url: object) -> bool:
    if not isinstance(url, str) or not _URL_TEXT.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
            return False
    except ValueError:
        return False
    # An "@" in the path is legal, and so rare that refusing any is the safer reading.
    return {"@", "?", "#"}.isdisjoint(url) and {".", ".."}.isdisjoint(parts.path.split("/"))
