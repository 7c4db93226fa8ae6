"""What holds for all tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another run left in the user's cache would prove nothing; tests of it have their own."""
    monkeypatch.setenv("LINKWRIGHT_CACHE", "off")
