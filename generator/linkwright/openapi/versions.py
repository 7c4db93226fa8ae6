"""Which version of the specification a document follows."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from ..diagnostics import Collector
from ..source.document import Document, Map, Scalar
from ..source.text import shown
from .describe import describe

__all__ = ["Version", "declared_version", "require_version"]

Version: TypeAlias = Literal["2.0", "3.0", "3.1", "3.2"]

_VERSIONS: dict[str, Version] = {"2.0": "2.0", "3.0": "3.0", "3.1": "3.1", "3.2": "3.2"}


def declared_version(document: Document) -> Version | None:
    """What a file says about itself; None for a fragment, which follows its root document."""
    if not isinstance(document.root, Map):
        return None
    for key in ("openapi", "swagger"):
        node = document.root.entries.get(key)
        if isinstance(node, Scalar):
            # `swagger: 2.0` without quotes is a number.
            found = re.fullmatch(r"(\d+\.\d+)(\.\d+)?", str(node.value))
            version = _VERSIONS.get(found[1]) if found else None
            if version is not None and (key == "swagger") == (version == "2.0"):
                return version
    return None


def require_version(document: Document, out: Collector) -> Version:
    """The version of a root document, or fail with E201."""
    root = document.root
    if not isinstance(root, Map):
        out.fail("E201", f"an OpenAPI document is a mapping, this is {describe(root)}", root.span)
    version = declared_version(document)
    if version is not None:
        return version
    key = "openapi" if "openapi" in root.entries else "swagger"
    if key not in root.entries:
        out.fail(
            "E201",
            "not an OpenAPI document: there is no 'openapi' key",
            root.span,
            help="openapi: 3.1.0",
        )
    node = root.entries[key]
    said = shown(str(node.value)) if isinstance(node, Scalar) else describe(node)
    return out.fail(
        "E201",
        f"{'OpenAPI' if key == 'openapi' else 'Swagger'} version {said!r} is not read",
        node.span,
        help="read are Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2",
    )
