"""Requirements of 500 alternatives of many schemes."""

from tests.hostile.documents import operation, write

import json
from pathlib import Path

write({"/a": {"get": operation()}})
document = json.loads(Path("spec.yaml").read_text())
keys = [f"k{n}" for n in range(60)]
document["components"]["securitySchemes"] = {
    k: {"type": "apiKey", "in": "header", "name": f"X-{k}"} for k in keys
}
document["security"] = [{k: [] for k in keys} for _ in range(200)]
Path("spec.yaml").write_text(json.dumps(document))
