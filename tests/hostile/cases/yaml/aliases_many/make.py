"""Few bytes for each of very many values."""

from pathlib import Path

head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\n"
paths = "paths: {/a: {get: {operationId: a, responses: {'204': {description: D}}}}}\n"
Path("spec.yaml").write_text(
    head + paths + "x-a: &a {b: [c, d]}\nx-b: [" + "*a, " * 250_000 + "1]\n"
)
