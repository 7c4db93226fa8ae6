"""A long chain of files."""

from pathlib import Path

from tests.hostile.documents import operation, write

for n in range(60):
    Path(f"f{n}.yaml").write_text(f"type: object\nproperties: {{x: {{$ref: 'f{n + 1}.yaml'}}}}\n")
Path("f60.yaml").write_text("type: string\n")
write({"/a": {"get": operation({"$ref": "f0.yaml"})}})
