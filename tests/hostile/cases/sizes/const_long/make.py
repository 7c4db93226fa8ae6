"""A constant of a megabyte."""

from tests.hostile.documents import operation, write

write(
    {
        "/a": {
            "get": operation(
                {"type": "object", "properties": {"x": {"const": "x" * 1_000_000}}},
                parameters=[{"name": "q", "in": "query", "schema": {"const": "\x00" * 300_000}}],
            )
        }
    }
)
