"""A default of two megabytes."""

from tests.hostile.documents import operation, write

write(
    {
        "/a": {
            "get": operation(
                parameters=[
                    {
                        "name": "q",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "string", "default": "\"'\\" * 700_000},
                    }
                ]
            )
        }
    }
)
