"""Where the API is: the servers of a document, of its paths and of its operations."""

from __future__ import annotations

import re
from dataclasses import replace

from ..diagnostics import Collector
from ..ir.api import NamedServer, Server, ServerVariable
from ..openapi import model
from ..source.text import SpecText

__all__ = ["Servers"]

_ORIGIN = re.compile(r"[^:/]+://[^/]+")


class Servers:
    """Addresses, and the variables in them.

    Attributes:
        base_url: Where the API is by default; None where the document names no host.
        others: Further addresses that may be chosen instead.
    """

    def __init__(self, servers: tuple[model.Server, ...], out: Collector) -> None:
        self._out = out
        self._variables: dict[str, ServerVariable] = {}
        first = self._absolute(servers[0]) if servers else None
        if first is not None and first.url.raw.startswith("/"):
            out.add(
                "W204",
                "the server has no host, so the client must be given its base_url",
                first.span,
            )
            first = None
        self.base_url = first.url if first else None
        others = servers[1:] if first is not None else servers
        self.others = tuple(Server(s.url, s.description) for s in others)
        if first is not None:
            self._note(first)

    def of(self, operation: model.Operation) -> tuple[NamedServer, ...]:
        """The addresses of an operation that has servers of its own, each once."""
        found: dict[SpecText, NamedServer] = {}
        for server in operation.servers:
            absolute = self._absolute(server)
            url = absolute.url
            if url.raw.startswith("/"):
                # Relative to the document, which stands where the API is as far as anybody knows.
                origin = _ORIGIN.match(self.base_url.raw) if self.base_url else None
                if origin is None:
                    if found or len(operation.servers) > 1:
                        self._out.add(
                            "W204", "this server has no host, and is not used", server.span
                        )
                    continue
                url = SpecText(origin[0] + url.raw.rstrip("/"))
            if url != self.base_url:
                self._note(absolute)
            found.setdefault(url, NamedServer(server.name or url, url))
        return tuple({one.name: one for one in reversed(found.values())}.values())[::-1]

    def variables(self) -> tuple[ServerVariable, ...]:
        """The variables of every address that is used."""
        return tuple(self._variables.values())

    def _absolute(self, server: model.Server) -> model.Server:
        """A server whose address begins with a variable for all of it, with what that is."""
        for variable in server.variables:
            whole = "{" + variable.wire.raw + "}"
            if server.url.raw.startswith(whole) and _ORIGIN.match(variable.default.raw):
                self._out.add(
                    "W203",
                    f"the variable {variable.wire.shown!r} is an address: give a `base_url` for "
                    "another one",
                    variable.span,
                )
                url = variable.default.raw.rstrip("/") + server.url.raw.removeprefix(whole)
                kept = tuple(v for v in server.variables if v is not variable)
                return replace(server, url=SpecText(url), variables=kept)
        return server

    def _note(self, server: model.Server) -> None:
        for variable in server.variables:
            known = self._variables.setdefault(
                variable.wire.raw,
                ServerVariable(
                    variable.wire,
                    variable.default,
                    variable.choices,
                    variable.description,
                    variable.span,
                ),
            )
            if (known.default, known.choices) != (variable.default, variable.choices):
                self._out.add(
                    "W204",
                    f"the variable {variable.wire.shown!r} has another default or other values "
                    "elsewhere, which hold",
                    variable.span,
                )
