from pathlib import Path

Path("spec.yaml").write_text("openapi: " + "[" * 10_000 + "]" * 10_000)
