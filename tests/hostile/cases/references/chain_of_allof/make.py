"""Objects that are composed of objects, by reference."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {
    f"S{n}": {
        "allOf": [{"$ref": f"{ref}S{n + 1}"}, {"type": "object", "properties": {f"p{n}": {}}}]
    }
    for n in range(600)
}
write({"/a": {"get": operation({"$ref": ref + "S0"})}}, {**schemas, "S600": {"type": "object"}})
