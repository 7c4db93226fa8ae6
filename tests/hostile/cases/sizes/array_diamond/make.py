"""Lists of unions of lists, doubling at every level."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {"S0": {"type": "string"}}
for n in range(1, 40):
    inner = {"$ref": f"{ref}S{n - 1}"}
    schemas[f"S{n}"] = {
        "oneOf": [
            {"type": "array", "items": inner},
            {"type": "object", "additionalProperties": inner},
        ]
    }
write({"/a": {"get": operation({"$ref": ref + "S39"})}}, schemas)
