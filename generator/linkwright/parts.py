"""One provider's part of the output, as it is kept in the cache and put together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .diagnostics import Diagnostic, Lines
from .names import Names
from .source.span import Span

__all__ = ["Part"]

#: What a facade has: its names are those of its own document.
NO_NAMES = Names()


@dataclass(frozen=True, slots=True)
class Part:
    """What came out for one provider.

    Attributes:
        provider: Its name.
        client: Name of its client class; a facade has none.
        sources: SHA-256 by input name of every file that was read.
        files: Formatted content by path below the output root.
        diagnostics: What there was to say.
        lines: Source lines for excerpts.
        names: What everything in it is called.
    """

    provider: str
    client: str
    sources: Mapping[str, str]
    files: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    lines: Lines
    names: Names = NO_NAMES

    @property
    def clients(self) -> tuple[str, ...]:
        """The name of the client class, and after it those that it had before."""
        return (self.client, *(kept.name for kept in self.names.kept if kept.kind == "client"))

    def to_bytes(self) -> bytes:
        """For the cache."""
        document = {
            "provider": self.provider,
            "client": self.client,
            "sources": dict(self.sources),
            "files": dict(self.files),
            "names": self.names.to_json(),
            "diagnostics": [
                [d.code, d.message, _place(d.span), d.help, [[_place(s), w] for s, w in d.related]]
                for d in self.diagnostics
            ],
            "lines": [[f, n, text] for f, by in self.lines.items() for n, text in by.items()],
        }
        return json.dumps(document).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Part:
        """Back from the cache, which hands out only what was put in."""
        document: dict[str, Any] = json.loads(content)
        lines: dict[str, dict[int, str]] = {}
        for file, number, text in document["lines"]:
            lines.setdefault(file, {})[number] = text
        return cls(
            provider=document["provider"],
            client=document["client"],
            sources=document["sources"],
            files=document["files"],
            diagnostics=tuple(
                Diagnostic(code, message, Span(*span), advice, _related(related))
                for code, message, span, advice, related in document["diagnostics"]
            ),
            lines=lines,
            names=Names.from_json(document["names"]),
        )


def _place(span: Span) -> list[object]:
    return [span.file, span.line, span.column]


def _related(entries: list[list[Any]]) -> tuple[tuple[Span, str], ...]:
    return tuple((Span(*span), what) for span, what in entries)
