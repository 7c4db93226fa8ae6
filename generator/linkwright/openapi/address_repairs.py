"""Addresses of servers as people write them. Part of `repairs`."""

from __future__ import annotations

import re
from collections.abc import Container

from ..source.text import shown

__all__ = ["meant_address"]

_SCHEME = re.compile(r"(?:https?://)+", re.I)
#: Something that is a scheme, or an address, in a variable.
_VARIABLE = re.compile(r"\{([^{}/]+)\}")
#: A name with a top level of letters, which is no file, or a variable before one; and a port.
_HOST = re.compile(
    r"(?:(?:[a-z0-9_-]+|\{[^{}/]+\})\.)+(?!ya?ml\b|json\b)[a-z]{2,}(?::(?:[0-9]+|\{[^{}/]+\}))?(?=/|$)",
    re.I,
)
_PATH = re.compile(
    r"(?!localhost\b)(?:[\w~-]+|\{[^{}/]+\})(?:/(?:[\w~-][\w.~-]*|\{[^{}/]+\})?)*", re.A
)
#: `<host>`, `[host]`, `${host}`, `YOUR_HOST`: what the reader of the document knows.
_PLACEHOLDER = re.compile(r"<[^<>]+>|\[[a-z][a-z _-]*\]|\$\{[^{}]+\}", re.I)


def meant_address(url: str, whole: Container[str] = ()) -> tuple[str, str] | None:
    """An address of a server as it was meant, and what to say; None where nothing can be mended.

    Args:
        url: As it is written.
        whole: Names of its variables that stand for a scheme and more.

    Without a scheme it is https: no other can be guessed that would not send secrets in the clear.
    What is no host is a path of one that the document does not name.
    """
    bare = url.strip()
    if not bare:
        return "/", "an empty address of a server; read as /"
    if found := _SCHEME.match(bare):
        # A host that has a scheme of its own.
        scheme, _, rest = bare[bare.lower().rindex("http", 0, found.end()) :].partition("://")
        if _PLACEHOLDER.search(rest.partition("/")[0]):
            return "/", "the address of a server has a placeholder for its host; read as /"
        meant = f"{scheme.lower()}://{rest}"
        return None if meant == url else (meant, f"an address of a server; read as {shown(meant)}")
    rest = bare.removeprefix("//")
    first = _VARIABLE.match(rest)
    if _HOST.match(rest) and not (first and first[1] in whole):
        meant = f"https://{rest}"
        return meant, f"the address of a server has no scheme; read as {shown(meant)}"
    if bare == rest and not bare.startswith(("/", "{")):
        if _PLACEHOLDER.match(bare):
            return "/", "the address of a server has a placeholder for its host; read as /"
        if _PATH.fullmatch(bare):
            return f"/{bare}", f"the address of a server is a relative path; read as /{shown(bare)}"
    return None if bare == url else (bare, "whitespace around the address of a server; left out")
