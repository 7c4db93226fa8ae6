from pathlib import Path

Path("spec.yaml").write_text("- " * 10_000 + "a\n")
