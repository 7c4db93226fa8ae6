"""1,000 schemas of which each is all of the one before, and each is used."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {"S0": {"type": "object", "properties": {"p0": {"type": "string"}}}}
for n in range(1, 1_000):
    own = {"type": "object", "properties": {f"p{n}": {"type": "string"}}}
    schemas[f"S{n}"] = {"allOf": [{"$ref": f"{ref}S{n - 1}"}, own]}
uses = {"type": "object", "properties": {n: {"$ref": ref + n} for n in schemas}}
write({"/a": {"get": operation(uses)}}, schemas)
