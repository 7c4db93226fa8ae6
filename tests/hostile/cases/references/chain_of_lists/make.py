"""Lists of lists, by reference, so that no nesting shows."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {f"S{n}": {"type": "array", "items": {"$ref": f"{ref}S{n + 1}"}} for n in range(3_000)}
write({"/a": {"get": operation({"$ref": ref + "S0"})}}, {**schemas, "S3000": {"type": "string"}})
