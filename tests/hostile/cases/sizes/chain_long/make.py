"""A chain of 1,000 objects, each with a property that refers to the next, sent and answered."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {
    f"T{n}": {"type": "object", "properties": {"next": {"$ref": f"{ref}T{n + 1}"}}}
    for n in range(1_000)
}
schemas["T1000"] = {"type": "object", "properties": {"a": {"type": "string"}}}
write({"/a": {"get": operation({"$ref": ref + "T0"}, body={"$ref": ref + "T0"})}}, schemas)
