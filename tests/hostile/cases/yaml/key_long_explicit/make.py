from pathlib import Path

head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\n"
paths = "paths: {/a: {get: {operationId: a, responses: {'204': {description: D}}}}}\n"
Path("spec.yaml").write_text(head + paths + "? " + "k" * 1_000_000 + "\n: 1\n")
