"""An example 180 levels deep."""

from tests.hostile.documents import operation, write

value = 1
for n in range(180):
    value = {"a": value}
write(
    {
        "/a": {
            "get": operation(
                {"type": "object", "properties": {"x": {"type": "string"}}, "example": value}
            )
        }
    }
)
