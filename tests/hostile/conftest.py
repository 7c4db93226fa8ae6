"""One jail for each process of the test run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.jail import Jail


@pytest.fixture(scope="session")
def jail() -> Iterator[Jail]:
    """Where hostile documents are tried."""
    with Jail() as opened:
        yield opened
