"""The root package over all providers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .literals import Code
from .model_views import (
    KeptView,
)

__all__ = ["ClientView", "Package", "shape_package"]


@dataclass(frozen=True, slots=True)
class ClientView:
    """What the root package says about a provider: its package, its client class, and
    what that was called before.
    """

    package: Code
    client: Code
    kept: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """The root of the output: the providers and facades, sorted by name."""

    providers: tuple[ClientView, ...]
    facades: tuple[Code, ...]

    @property
    def kept_clients(self) -> tuple[KeptView, ...]:
        """Names of clients that were given up, which are classes to type checkers."""
        return tuple(
            KeptView(old, p.client, Code(""), bases=p.client)
            for p in self.providers
            for old in p.kept
        )


def shape_package(clients: Mapping[str, tuple[str, ...]], facades: Iterable[str] = ()) -> Package:
    """The root package over all providers.

    Args:
        clients: By the name of the provider's package, that of the client class, and after it what
            it was called before. Of an old name that another client has, the package knows alone.
        facades: Names of the packages of facades.
    """
    named = sorted(facades)
    assert all(name.isidentifier() for p, names in clients.items() for name in (p, *names))
    assert all(name.isidentifier() for name in named)
    return Package(
        tuple(
            ClientView(Code(package), Code(client), tuple(map(Code, kept)))
            for package, client, kept in _told_apart(clients)
        ),
        tuple(Code(name) for name in named),
    )


def _told_apart(clients: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, list[str]]]:
    """Providers with those old names of their clients that the root can have.

    What is the name of a client now is not an old name of another one, too.
    """
    taken = {f"{prefix}{names[0]}" for names in clients.values() for prefix in ("", "Async")}
    for package, (client, *names) in sorted(clients.items()):
        kept: list[str] = []
        for old in names:
            both = {old, f"Async{old}"}
            if not both & taken:
                kept.append(old)
                taken |= both
        yield package, client, kept
