"""Sync and async come from one template: the async text, rewritten, is the sync text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parents[1] / "generated" / "clients"

#: Everything in which the two may differ, in the order of application.
REWRITES = (
    (r"\basync def\b", "def"),
    (r"\bawait ", ""),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\basynchronous\b", "synchronous"),
    (r"\b_runtime\.aio\b", "_runtime.client"),
    (r"\bhttpx2\.AsyncClient\b", "httpx2.Client"),
)
#: Only the client stands one folder deeper than its twin.
CLIENT_REWRITES = (
    (r"from \.\.\._runtime", "from .._runtime"),
    (r"from \.\. import operations", "from . import operations"),
    (r"from \.(?=\w+ import [A-Z])", "from .resources."),
    (r"from \.resources\.client import", "from .client import"),
)


def _pairs() -> Iterator[tuple[Path, Path]]:
    for path in sorted(CLIENTS.glob("*/aio/*.py")):
        if path.name == "__init__.py":
            continue
        provider = path.parents[1]
        client = path.name == "client.py"
        yield path, provider / "client.py" if client else provider / "resources" / path.name


@pytest.mark.parametrize(
    ("asynchronous", "synchronous"), list(_pairs()), ids=lambda p: f"{p.parents[1].name}-{p.stem}"
)
def test_the_async_file_rewritten_is_the_sync_file(asynchronous: Path, synchronous: Path) -> None:
    text = asynchronous.read_text("utf-8")
    rules = REWRITES + (CLIENT_REWRITES if asynchronous.name == "client.py" else ())
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text)
    # Names are imported in their own order, where `AsyncSigner` comes before `Decoding`.
    text = re.sub(r"(?m)(?<=_runtime\.operation import ).+$", _sorted, text)
    assert text == synchronous.read_text("utf-8")


def _sorted(match: re.Match[str]) -> str:
    return ", ".join(sorted(match[0].split(", ")))


def test_every_sync_resource_has_its_twin() -> None:
    for resources in sorted(CLIENTS.glob("*/resources")):
        names = {p.name for p in resources.glob("*.py")}
        twins = {p.name for p in (resources.parent / "aio").glob("*.py")} - {"client.py"}
        assert names == twins
