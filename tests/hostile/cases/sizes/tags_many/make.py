"""1,000 tags, all declared, none used."""

from tests.hostile.documents import operation, write

import json
from pathlib import Path

write({"/a": {"get": operation()}})
document = json.loads(Path("spec.yaml").read_text())
document["tags"] = [{"name": f"t{n}", "description": "x" * 500} for n in range(1_000)]
Path("spec.yaml").write_text(json.dumps(document))
