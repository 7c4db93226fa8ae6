"""Each mapping merges the one before it: quadratic in entries, and in time if copied."""

from pathlib import Path

lines = [
    "openapi: 3.1.0",
    "info: {title: T, version: '1'}",
    "servers: [{url: 'https://a.example'}]",
]
lines.append("x-0: &m0 {k0: v}")
lines += [f"x-{n}: &m{n} {{<<: *m{n - 1}, k{n}: v}}" for n in range(1, 3_000)]
lines.append("paths: {/a: {get: {operationId: a, responses: {'204': {description: D}}}}}")
Path("spec.yaml").write_text("\n".join(lines) + "\n")
