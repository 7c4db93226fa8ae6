"""Lists in lists in a property, 150 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(150):
    schema = {"type": "array", "items": schema}
write(
    {
        "/a": {
            "post": operation(
                {"type": "object", "properties": {"x": schema}},
                body={"type": "object", "properties": {"x": schema}},
            )
        }
    }
)
