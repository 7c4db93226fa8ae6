"""The capability matrix: what our notes say of each provider, and that no copy of it can differ."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from clients.facade import capabilities
from tests.helpers import GENERATED

PROVIDERS = ("powens", "basiq", "saltedge", "codat_expenses", "codat_lending")
#: n native, e emulated, p partial, - unsupported; in the order of PROVIDERS.
NOTED = {
    "list": "nnnnn",
    "iterate": "eennn",
    "get": "nnnnn",
    "create": "ppnnn",
    "create_partner_expense": "---n-",
    "update": "ppp--",
    "refresh": "nnnpp",
    "refresh_all": "enepp",
    "reconnect": "ppnpp",
    "submit_interactive": "nnn--",
    "unlink": "--pnn",
    "delete": "nnnnn",
    "purge": "pnp--",
    "authorize_url": "nnnnn",
    "wait_until_ready": "nnnnn",
    # Ours: jobs have ids at some providers only.
    "track": "-n-nn",
}
LEVELS = {"n": "native", "e": "emulated", "p": "partial", "-": "unsupported"}


@pytest.mark.parametrize("operation", NOTED)
def test_the_matrix_is_the_one_of_our_notes(operation: str) -> None:
    found = [capabilities()[provider][operation].level for provider in PROVIDERS]
    assert found == [LEVELS[level] for level in NOTED[operation]]


def test_nothing_is_missing_from_it() -> None:
    assert set(capabilities()) == set(PROVIDERS)
    for row in capabilities().values():
        assert set(row) == set(NOTED)
        for operation, cell in row.items():
            assert cell.level == "native" or cell.reason
            assert (cell.level == "unsupported") is (cell.alternative is not None)
            assert cell.alternative is None or cell.alternative in NOTED
            if operation == "iterate":
                assert cell.paging == ("native" if cell.level == "native" else "emulated")


def test_json_and_documentation_say_the_same() -> None:
    said = json.loads((GENERATED / "facade" / "capabilities.json").read_text("utf-8"))
    page = (GENERATED / "facade" / "CAPABILITIES.md").read_text("utf-8")
    for provider, row in capabilities().items():
        for operation, cell in row.items():
            told = said[provider][operation]
            assert told["level"] == cell.level
            assert told.get("reason") == cell.reason
            assert told.get("data") == cell.data
            assert told.get("refuses", {}) == dict(cell.refuses)
            assert cell.reason is None or cell.reason.replace("<", "&lt;") in page


def test_the_facade_loads_no_provider_before_it_is_connected() -> None:
    program = """
import sys
import clients.facade as facade
from clients.facade import CanList, capabilities, connect, errors, models
capabilities()
loaded = {m.split(".")[1] for m in sys.modules if m.startswith("clients.")}
assert not loaded & set(capabilities()), loaded
assert not [m for m in sys.modules if m in ("pydantic", "httpx2")]
from clients import Powens
powens = facade.connect("powens", Powens(token="x"))
others = {m.split(".")[1] for m in sys.modules if m.startswith("clients.")} & set(capabilities())
assert others == {"powens"}, others
assert not [m for m in sys.modules if m.endswith(("powens.aio.client", ".aio"))]
"""
    subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(GENERATED.parent)},
        check=True,
        timeout=60,
    )


def test_a_client_of_another_provider_is_refused() -> None:
    from clients import Powens
    from clients.facade import connect

    with pytest.raises(ValueError, match="one of 'powens', not of 'basiq'"):
        connect("basiq", Powens(token="x"))  # type: ignore[call-overload]  # by name
    with pytest.raises(ValueError, match="not of 'nobody'"):
        connect("nobody", Powens(token="x"))  # type: ignore[call-overload]  # by name
    with pytest.raises(TypeError, match="a client of a provider is expected, not object"):
        connect("basiq", object())  # type: ignore[call-overload]  # by type
