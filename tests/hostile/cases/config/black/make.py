"""A configuration of black, kept out of the sight of black."""

from pathlib import Path

Path("pyproject.toml").write_text(
    '[tool.black]\nline-length = 1\npreview = true\nextend-exclude = ".*"\n'
)
