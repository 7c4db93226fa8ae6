"""A harmless twin of a hostile document: the same shape, with words where the attacks stood.

What is generated from the twin shows what the generator writes for such a document of its own
accord; whatever the hostile one has beyond that came from its text.
"""

from __future__ import annotations

import json
import re
from typing import cast
from urllib.parse import unquote

from linkwright.diagnostics import Collector
from linkwright.source.document import plain
from linkwright.source.load import parse

__all__ = ["harmless", "twin"]

#: Text that means nothing in Python, wherever it stands.
_HARMLESS = re.compile(r"[A-Za-z0-9 _.,/{}$#:+*-]*")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_WORDS = re.compile(r"[A-Za-z0-9]+")


def harmless(text: str) -> bool:
    """Whether a string could not be code, however clumsily it is written into source."""
    return _HARMLESS.fullmatch(text) is not None


def twin(document: bytes) -> str:
    """The harmless twin of a document, as JSON."""
    root = plain(parse(document, "spec.yaml", Collector()).root)
    return json.dumps(_Disarmer().value(root))


class _Disarmer:
    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def value(self, given: object) -> object:
        match given:
            case str():
                return self.text(given)
            case list():
                return [self.value(item) for item in cast("list[object]", given)]
            case dict():
                members = cast("dict[str, object]", given)
                return {self.text(key): self.value(item) for key, item in members.items()}
            case _:
                return given

    def text(self, text: str) -> str:
        """The same words without what stands between them; different texts stay different."""
        if text.startswith("#/"):
            parts = (p.replace("~1", "/").replace("~0", "~") for p in unquote(text[2:]).split("/"))
            safe = (self.text(p).replace("~", "~0").replace("/", "~1") for p in parts)
            return "#/" + "/".join(safe)
        if harmless(text):
            return text
        if text.startswith(("/", "http:", "https:")):
            # Parts of a path keep their places, and parameters their braces.
            pieces = re.split(r"([/{}]|^https?://)", text)
            return "".join(p if harmless(p) else self._words(p, "-") for p in pieces)
        return self._words(text, "-" if _TOKEN.fullmatch(text) else " ")

    def _words(self, text: str, between: str) -> str:
        key = between + text
        if key not in self._given:
            words = _WORDS.findall(text)[:40] or ["x"]
            # More than one word, so that a name for it is no more alike than one for the attack.
            words += ["y"] if len(words) == 1 else []
            while between.join(words) in self._taken:
                words.append("z")
            self._given[key] = between.join(words)
            self._taken.add(self._given[key])
        return self._given[key]
