"""Diamonds of anyOf with objects at the bottom."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {}
for level in range(20):
    for n in range(8):
        below = [{"$ref": f"{ref}S{level - 1}x{m}"} for m in range(8)]
        leaf = {"type": "object", "properties": {f"p{n}": {"type": "string"}}}
        schemas[f"S{level}x{n}"] = {"anyOf": below} if level else leaf
write({"/a": {"get": operation({"$ref": ref + "S19x0"})}}, schemas)
