"""A folder as configuration."""

from pathlib import Path

Path("linkwright.toml").mkdir()
