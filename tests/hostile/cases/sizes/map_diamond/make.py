"""Maps and lists of schemas that are no objects, doubling by properties."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {"S0": {"type": "array", "items": {"type": "string"}}}
for n in range(1, 30):
    inner = {"$ref": f"{ref}S{n - 1}"}
    schemas[f"S{n}"] = {"anyOf": [inner, {"type": "array", "items": inner}]}
write({"/a": {"post": operation({"$ref": ref + "S29"}, body={"$ref": ref + "S29"})}}, schemas)
