from pathlib import Path

Path("spec.yaml").write_text("---\n" * 10_000)
