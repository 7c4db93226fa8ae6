from pathlib import Path

Path("spec.yaml").write_text("openapi: 3.1.0\n" + "k" * 1_000_000 + ": 1\n")
