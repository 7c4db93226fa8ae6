"""A sparse file."""

from pathlib import Path

with Path("spec.yaml").open("wb") as stream:
    stream.truncate(1 << 40)
