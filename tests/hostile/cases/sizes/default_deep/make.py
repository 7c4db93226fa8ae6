"""A default 190 levels deep."""

from tests.hostile.documents import operation, write

value = 1
for n in range(180):
    value = [value]
write(
    {
        "/a": {
            "get": operation(
                parameters=[
                    {
                        "name": "q",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "array", "default": value},
                    }
                ]
            )
        }
    }
)
