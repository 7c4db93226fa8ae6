"""A discriminator that maps 5,000 values."""

from tests.hostile.documents import operation, write

ref = "#/components/schemas/"
schemas = {n: {"type": "object", "properties": {"k": {"type": "string"}}} for n in ("A", "B")}
union = {
    "oneOf": [{"$ref": ref + n} for n in schemas],
    "discriminator": {
        "propertyName": "k",
        "mapping": {f"v{n}": ref + "AB"[n % 2] for n in range(5_000)},
    },
}
write({"/a": {"get": operation(union)}}, schemas)
