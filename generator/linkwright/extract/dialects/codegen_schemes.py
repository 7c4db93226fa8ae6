"""Security schemes as the API pages of openapi-generator and swagger-codegen show them."""

from __future__ import annotations

import re

from ..facts import Api, Place, Scheme
from ..pages import Block, Parsed

__all__ = ["configured", "scheme_hints", "scheme_titles"]

_CONFIGURE = re.compile(
    r"Configure (API key|OAuth2 access token|HTTP basic|HTTP bearer|Bearer)[^:\n]{0,40}authorization"
    r"(?: \([^)]*\))?: *(\S+)",
    re.I,
)
_KEY = re.compile(
    r"""(?:api_?key\[|apiKey\[|setApiKey\(|AddApiKey\(|ApiKey\.Add\()\s*:?['"]([^'"]+)['"]""", re.I
)


def scheme_hints(code: str, place: Place, api: Api) -> None:
    """Schemes from the comments of an example: their kinds, and the wire name of an API key."""
    lines = code.split("\n")
    for number, line in enumerate(lines):
        match = _CONFIGURE.search(line)
        if match is None:
            continue
        here = Place(place.page, place.line + 1 + number)
        scheme = api.schemes.setdefault(match[2], Scheme(here, match[2]))
        _kind(scheme, match[1].lower(), "example-comment", here)
        for near in lines[number + 1 : number + 4]:
            key = _KEY.search(near)
            if key and scheme.kind == "apiKey" and not scheme.key:
                scheme.key = key[1]
                # Newer generators index by the name of the scheme, which tells nothing.
                if key[1] == scheme.name:
                    scheme.key = ""
                else:
                    scheme.documented("key", "example-code", here)
                break


def _kind(scheme: Scheme, words: str, rule: str, place: Place) -> None:
    if scheme.kind:
        return
    if "oauth" in words:
        scheme.kind = "oauth2"
    elif "key" in words:
        scheme.kind = "apiKey"
    elif "basic" in words:
        scheme.kind, scheme.scheme = "http", "basic"
    elif "bearer" in words:
        scheme.kind, scheme.scheme = "http", "bearer"
    else:
        return
    scheme.documented("kind", rule, place)


def scheme_titles(page: Parsed, block: Block, api: Api) -> None:
    """`* OAuth Authentication (name):` before the code of a Python example."""
    matches = re.findall(r"^[*\s-]*(.+?) Authentication \(([^()]+)\):?\s*$", block.text, re.M)
    if not matches:
        page.ignore("example-text", block.line, block.end)
        return
    page.use("example-schemes", block.line, block.end)
    for words, name in matches:
        place = Place(page.page.name, block.line)
        _kind(
            api.schemes.setdefault(name, Scheme(place, name)), words.lower(), "example-title", place
        )


def configured(text: str, place: Place, api: Api) -> list[str]:
    """Kotlin's `Configure name:` with the field of the client that is set below it."""
    names: list[str] = []
    for part in re.split(r"^\s*Configure ", text, flags=re.M)[1:]:
        head, _, body = part.partition("\n")
        name = head.strip().removesuffix(":")
        names.append(name)
        scheme = api.schemes.setdefault(name, Scheme(place, name))
        key = re.search(r"""apiKey\[['"]([^'"]+)['"]\]""", body)
        if key:
            _kind(scheme, "key", "configure-lines", place)
            scheme.key = scheme.key or key[1]
            scheme.documented("key", "configure-lines", place)
        elif "username" in body:
            _kind(scheme, "basic", "configure-lines", place)
        elif "accessToken" in body and not scheme.kind:
            scheme.missing("kind", "an access token: OAuth 2 and bearer look alike")
    return names
