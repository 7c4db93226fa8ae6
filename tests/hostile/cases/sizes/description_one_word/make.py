"""A description that is one word of a megabyte."""

from tests.hostile.documents import operation, write

get = operation(
    {"type": "object", "description": "x" * 1_000_000, "properties": {"x": {"type": "string"}}}
)
get["description"] = "x" * 1_000_000
write({"/a": {"get": get}})
