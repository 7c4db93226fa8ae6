"""A description of two megabytes of quotes."""

from tests.hostile.documents import operation, write

get = operation(
    {
        "type": "object",
        "description": '"' * 1_000_000,
        "properties": {"x": {"type": "string", "description": '\\\\"' * 300_000}},
    }
)
get["description"] = "'\"" * 500_000
write({"/a": {"get": get}})
