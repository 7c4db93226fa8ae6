"""Two tags that differ in their last character."""

from pathlib import Path

tags = ["x" * 10_000 + end for end in "ab"]
operations = "".join(
    f"  /a{i}:\n    get: {{operationId: fetch{i}, tags: [{tag}], responses: {{'204': {{description: D}}}}}}\n"
    for i, tag in enumerate(tags)
)
head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\npaths:\n"
Path("spec.yaml").write_text(head + operations)
