"""Classes of yours on top of generated models."""

from __future__ import annotations

import subprocess
import sys

from tests.helpers import REPO

_USER = """
import sys
from clients.powens import models


class Mine(models.Connector, frozen=True):
    note: str | None = None


class Deeper(Mine, frozen=True):
    further: int = 0


known = {name: None for name, field in models.Connector.model_fields.items() if field.is_required()}
made = Deeper.model_construct(**known, note="n")
assert (made.note, made.further) == ("n", 0)
assert set(models.Connector.model_fields) < set(Deeper.model_fields)
assert Deeper.__pydantic_complete__ or Deeper.model_rebuild()
"""


def test_a_subclass_knows_the_types_of_what_it_inherits() -> None:
    """In a process of its own, where nothing has used the model before."""
    ran = subprocess.run(
        [sys.executable, "-c", _USER],
        cwd=REPO / "generated",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
