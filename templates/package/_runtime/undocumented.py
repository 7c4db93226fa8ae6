"""Requests that no operation describes: the way out when a provider is ahead of its specification."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from .errors import RequestError
from .operation import UNTYPED, ApiKey, Operation

if TYPE_CHECKING:
    from .operation import Provider, Retry, Scheme

__all__ = ["describe"]

_METHODS: Final[dict[str, Retry]] = {
    "DELETE": "idempotent",
    "GET": "safe",
    "HEAD": "safe",
    "OPTIONS": "safe",
    "PATCH": "never",
    "POST": "never",
    "PUT": "idempotent",
}
# No query, no fragment, no backslash that something takes for a slash, and no braces, which would
# stand for a parameter.
_PATH: Final = re.compile(r"/[^\x00-\x20\x7f-\U0010ffff?#\\{}]*")


def describe(
    provider: Provider, method: object, path: object, given: Iterable[str]
) -> Operation[Any]:
    """Describe a request as if the specification did: any body, and every credential.

    Args:
        provider: Whose it is.
        method: An HTTP method, in capitals.
        path: Encoded path below the base URL.
        given: The schemes that there are credentials for.

    Raises:
        RequestError: It would leave the base URL, or is no path or method.
    """
    # Callers without a type checker give anything.
    retry = _METHODS.get(method) if isinstance(method, str) else None
    if not isinstance(method, str) or retry is None:
        problem = f"`method` must be one of {', '.join(_METHODS)}"
    elif not isinstance(path, str) or not _is_path(path):
        problem = "`path` must start with `/`, be encoded, and hold no query and no `..`"
    else:
        return Operation(
            id="request",
            name="request",
            method=method,
            path=path,
            retry=retry,
            results={"2XX": UNTYPED, 204: None},
            errors=((_anything, ("default",)),),
            security=(_together(provider, given),),
            body="application/json",
            bodies=("*/*",),
            accept="application/json, */*;q=0.1",
        )
    raise RequestError(problem, provider=provider.name, operation="request")


def _is_path(path: str) -> bool:
    segments = path.lower().replace("%2e", ".").split("/")
    return _PATH.fullmatch(path) is not None and {".", ".."}.isdisjoint(segments)


def _together(provider: Provider, given: Iterable[str]) -> tuple[str, ...]:
    # Of two that go to the same place, the one that the specification names first.
    places: dict[tuple[str, str], str] = {}
    for scheme in given:
        places.setdefault(_place(provider.credentials[scheme]), scheme)
    return tuple(places.values())


def _place(scheme: Scheme) -> tuple[str, str]:
    if isinstance(scheme, ApiKey):
        return scheme.place, scheme.name.lower()
    return "header", "authorization"


def _anything() -> Any:
    return Any
