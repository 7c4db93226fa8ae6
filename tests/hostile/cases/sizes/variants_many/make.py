"""A union of 1,000 objects."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {
    f"S{n}": {"type": "object", "properties": {"k": {"const": f"v{n}"}}} for n in range(1_000)
}
union = {"oneOf": [{"$ref": ref + n} for n in schemas], "discriminator": {"propertyName": "k"}}
write({"/a": {"get": operation(union)}}, schemas)
