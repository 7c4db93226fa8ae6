"""A link to /dev/zero as configuration."""

from pathlib import Path

Path("linkwright.toml").symlink_to("/dev/zero")
