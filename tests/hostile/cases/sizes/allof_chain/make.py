"""200 schemas of which each is all of the one before, and all are used."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {"S0": {"type": "object", "properties": {"p0": {"type": "string"}}}}
for n in range(1, 200):
    schemas[f"S{n}"] = {
        "allOf": [
            {"$ref": f"{ref}S{n - 1}"},
            {"type": "object", "properties": {f"p{n}": {"type": "string"}}},
        ]
    }
write({"/a": {"get": operation({"$ref": ref + "S199"})}}, schemas)
