"""Writes the document and its overlay."""

from pathlib import Path

with Path("overlay.yaml").open("wb") as file:
    file.truncate(50 << 30)
