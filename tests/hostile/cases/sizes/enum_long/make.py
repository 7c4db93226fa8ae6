"""An enumeration of 10,000 values."""

from tests.hostile.documents import operation, write

schema = {
    "type": "object",
    "properties": {"k": {"type": "string", "enum": [f"value{n}" for n in range(10_000)]}},
}
write({"/a": {"get": operation(schema)}})
