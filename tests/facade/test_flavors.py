"""Both flavors of an adapter come from one text: the asynchronous one, rewritten, is the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers import GENERATED

ADAPTERS = sorted((GENERATED / "facade" / "providers").glob("*/aio.py"))
REWRITES = (
    (r"\basync def\b", "def"),
    (r"\basync for\b", "for"),
    (r"\bawait ", ""),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\basynchronous\b", "synchronous"),
    (r"\bwait_async\b", "wait"),
)
#: What only a thread can do: a task is cancelled from outside.
ONLY_SYNC = (
    (r"^    from threading import Event\n", ""),
    (r"^        cancel: Event \| None = None,\n", ""),
    (r"^            cancel: Ends the waiting when another thread sets it\.\n", ""),
    (r", look, cancel\b", ", look"),
    (r"\(\n\s+(Wait\(PACE, timeout, \"\w+\", \"\w+\"\)), look\n\s+\)", r"(\1, look)"),
)


def _normal(text: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, new in rules:
        text = re.sub(pattern, new, text, flags=re.M)
    # Lines and lists are broken where the words are longer; imports are sorted by their names.
    joined = re.sub(
        r",?\s*([)\]}])", r"\1", re.sub(r"([(\[{])\s*", r"\1", re.sub(r"\s+", " ", text))
    )
    return " ".join(sorted(joined.split(" ")[:60])) + " ".join(joined.split(" ")[60:])


@pytest.mark.parametrize("path", ADAPTERS, ids=lambda p: p.parent.name)
def test_the_async_adapter_rewritten_is_the_sync_one(path: Path) -> None:
    asynchronous = _normal(path.read_text("utf-8"), REWRITES + ONLY_SYNC)
    synchronous = _normal((path.parent / "adapter.py").read_text("utf-8"), ONLY_SYNC)
    assert asynchronous == synchronous
