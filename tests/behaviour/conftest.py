"""Puts the generated package on the path; one server, and the clients that talk to it, per worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "generated"))

from .calling import Caller
from .server import Loopback, running


@pytest.fixture(scope="session")
def loopback() -> Iterator[Loopback]:
    """The one server of a worker."""
    with running() as server:
        yield server


@pytest.fixture
def server(loopback: Loopback) -> Loopback:
    """The server, as if it had just started."""
    loopback.reset(lambda _: None)
    return loopback


@pytest.fixture(scope="session")
def caller(loopback: Loopback) -> Iterator[Caller]:
    """Clients of every provider, with all their credentials."""
    with Caller(loopback.url) as caller:
        yield caller


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    """An HTTP client that many clients may share, since making one is slow."""
    with httpx2.Client() as client:
        yield client
