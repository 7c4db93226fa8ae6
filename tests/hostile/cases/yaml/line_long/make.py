from pathlib import Path

Path("spec.yaml").write_text(
    "{openapi: 3.1.0, info: {title: T, version: '1'}, x-a: '"
    + "\u202e" * 3_000_000
    + "', paths: {/a: {get: {operationId: a, responses: {'604': []}}}}}\n"
)
