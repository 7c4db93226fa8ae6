"""Long names in the places of properties, parameters, schemas and enum values."""

from tests.hostile.documents import operation, write

long = "long_" * 2_000
names = [long + "a", long + "b"]
write(
    {
        "/a": {
            "get": operation(
                {"type": "object", "properties": {n: {"type": "string"} for n in names}}
            )
        }
    }
)
