"""How the fault tests call a client: either flavour, without long pauses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeAlias

import httpx2
import pytest

from ..runtime.toyapi import AsyncToy, Toy

SECRET = "pl4nted-s3cret"

# The deadlines of these tests are too short for the imports that a first call makes.
httpx2.Client().close()

Get: TypeAlias = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def get(request: pytest.FixtureRequest) -> Get:
    """Call `connections.get(7)` once, on a fresh client; the time it took is bounded here too."""

    def call(url: str, seconds: float = 2.0, retries: int = 0, **settings: Any) -> Any:
        settings = {"token": SECRET, "base_url": url, "timeout": seconds, **settings}
        began = monotonic()
        try:
            if request.param == "sync":
                with Toy(retries=retries, **settings) as client:
                    return client.connections.get(7)

            async def run() -> Any:
                async with AsyncToy(retries=retries, **settings) as client:
                    return await client.connections.get(7)

            return asyncio.run(run())
        finally:
            assert monotonic() - began < seconds + 0.5

    return call
