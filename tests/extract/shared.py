"""Where real documentation lies beside the project, and what to say where it does not."""

from __future__ import annotations

import pytest

from tests.helpers import REPO

__all__ = ["CORPUS", "SEEDS", "needs_corpus", "needs_seeds"]

_SHARED = REPO.parent / "shared"
CORPUS = _SHARED / "corpus"
SEEDS = _SHARED / "seeds"

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"real documentation sets are not here: {CORPUS}"
)
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the seed pages are not here: {SEEDS}")
