"""Schemas of which each is only a reference to the next."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {f"S{n}": {"$ref": f"{ref}S{n + 1}"} for n in range(3_000)}
write({"/a": {"get": operation({"$ref": ref + "S0"})}}, {**schemas, "S3000": {"type": "string"}})
