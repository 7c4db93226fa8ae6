"""Values that all want one name."""

from tests.hostile.documents import operation, write

write(
    {
        "/a": {
            "get": operation(
                {
                    "type": "object",
                    "properties": {
                        "k": {
                            "type": "string",
                            "enum": ["a" + "-" * n + "b" for n in range(1, 1_000)],
                        }
                    },
                }
            )
        }
    }
)
