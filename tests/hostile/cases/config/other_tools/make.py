"""Files that would be read, if anything looked into the working directory."""

from pathlib import Path

Path(".editorconfig").write_text("root = true\n[*]\nindent_size = 9\n")
Path("setup.cfg").write_text("[tool:black]\nline-length = 1\n")
Path("ruff.toml").write_text("line-length = 1\n")
for name in ("pydantic", "sitecustomize", "yaml", "black", "jinja2"):
    Path(f"{name}.py").write_text("raise SystemExit('shadowed')\n")
