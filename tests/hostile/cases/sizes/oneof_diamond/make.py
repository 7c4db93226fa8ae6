"""Diamonds of oneOf: twenty levels of eight."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {}
for level in range(20):
    for n in range(8):
        below = (
            [{"$ref": f"{ref}S{level - 1}x{m}"} for m in range(8)]
            if level
            else [{"type": "string"}]
        )
        schemas[f"S{level}x{n}"] = {"oneOf": below}
write({"/a": {"get": operation({"$ref": ref + "S19x0"})}}, schemas)
