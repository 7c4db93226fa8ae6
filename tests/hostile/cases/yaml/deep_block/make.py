from pathlib import Path

Path("spec.yaml").write_text("".join(" " * n + "a:\n" for n in range(2_000)))
