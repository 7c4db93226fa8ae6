"""An enumeration of 50,000 numbers."""

from tests.hostile.documents import operation, write

schema = {"type": "object", "properties": {"k": {"type": "integer", "enum": list(range(50_000))}}}
write({"/a": {"get": operation(schema)}})
