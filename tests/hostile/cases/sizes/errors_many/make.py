"""Thirty thousand errors."""

from tests.hostile.documents import operation, write

write(
    {
        "/a": {
            "get": operation(
                {
                    "type": "object",
                    "properties": {f"p{n}": {"type": "pwned"} for n in range(30_000)},
                }
            )
        }
    }
)
