"""A folder as document."""

from pathlib import Path

Path("spec.yaml").mkdir()
