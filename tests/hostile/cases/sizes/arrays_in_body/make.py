"""Lists in lists in a request, 90 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(90):
    schema = {"type": "array", "items": schema}
write(
    {
        "/a": {
            "post": operation(
                schema, body=schema, parameters=[{"name": "q", "in": "query", "schema": schema}]
            )
        }
    }
)
