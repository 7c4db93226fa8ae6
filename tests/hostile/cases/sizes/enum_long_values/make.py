"""An enumeration of long values."""

from tests.hostile.documents import operation, write

schema = {
    "type": "object",
    "properties": {"k": {"type": "string", "enum": [f"{n}" + "x" * 5_000 for n in range(200)]}},
}
write({"/a": {"get": operation(schema)}})
