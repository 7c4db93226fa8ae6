"""Writes the document and its overlay."""

from pathlib import Path

Path("overlay.yaml").unlink(missing_ok=True)
