"""400 properties that all want one name."""

from tests.hostile.documents import operation, write

write(
    {
        "/a": {
            "get": operation(
                {
                    "type": "object",
                    "properties": {"a" + "-" * n + "b": {"type": "string"} for n in range(1, 400)},
                }
            )
        }
    }
)
