"""Responses of which each is only a reference to the next."""

import json
from pathlib import Path

responses = {f"R{n}": {"$ref": f"#/components/responses/R{n + 1}"} for n in range(3_000)}
responses["R3000"] = {"description": "Done."}
get = {"operationId": "a", "responses": {"204": {"$ref": "#/components/responses/R0"}}}
document = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://a.example"}],
}
Path("spec.yaml").write_text(
    json.dumps({**document, "paths": {"/a": {"get": get}}, "components": {"responses": responses}})
)
