"""Values and URLs as written in prose, as what they mean."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

__all__ = ["base_url", "component_key", "typed", "whole"]

_LONG = 2_000


def component_key(name: str, otherwise: str = "Unnamed") -> str:
    """A key that OpenAPI allows under `components`."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name) or otherwise


def base_url(text: str) -> tuple[str, list[str]]:
    """A base URL, without the stand-in host of a server that is not known, and its variables."""
    match = re.match(r"https?://localhost(?=/|$)(.*)$", text)
    if match:
        return match[1].rstrip("/"), []
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text):
        # A word that stands for the whole URL.
        return f"{{{text}}}", [text]
    if not re.match(r"https?://|/|\{", text):
        return "", []
    return text, list(dict.fromkeys(re.findall(r"\{([^{}]+)\}", text)))


def whole(text: str | None) -> bool:
    """Whether an example is a whole number."""
    return text is not None and re.fullmatch(r"-?\d{1,18}", text.strip()) is not None


def typed(text: str, schema: Mapping[str, object]) -> object:
    """A value as written in prose, as a value of its type; None if it is none."""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = cast("list[object]", kind)[0]
    bare = text.strip()
    if bare[:1] in "'\"" and bare[-1:] == bare[:1] and len(bare) > 1:
        bare = bare[1:-1]
    if kind == "string":
        return bare
    if kind == "boolean":
        return {"true": True, "false": False}.get(bare.lower())
    try:
        if kind == "integer":
            return int(bare) if len(bare) < 20 else None
        if kind == "number":
            return int(bare) if whole(bare) else _finite(bare)
        if kind in ("array", "object") and len(bare) < _LONG:
            value = json.loads(bare.replace("'", '"') if kind == "array" else bare)
            fits = isinstance(value, list if kind == "array" else dict)
            return cast("object", value) if fits else None
    except (ValueError, RecursionError):
        return None
    return None if kind else bare


def _finite(text: str) -> float | None:
    value = float(text)
    return value if value == value and abs(value) != float("inf") else None
