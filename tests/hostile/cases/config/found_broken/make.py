"""A configuration, kept out of the sight of other tools."""

from pathlib import Path

Path("pyproject.toml").write_text("[tool.linkwright]\nx = \u202e\u2066[[[\n")
