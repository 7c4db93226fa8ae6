"""Objects that hold objects, by reference."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {
    f"S{n}": {"type": "object", "properties": {"next": {"$ref": f"{ref}S{n + 1}"}}}
    for n in range(60)
}
write({"/a": {"get": operation({"$ref": ref + "S0"})}}, {**schemas, "S60": {"type": "object"}})
