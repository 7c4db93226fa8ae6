from pathlib import Path

Path("spec.yaml").write_text('{"openapi": ' + '{"a":' * 10_000 + "1" + "}" * 10_001)
