"""2,000 properties with long descriptions."""

from tests.hostile.documents import operation, write

schema = {
    "type": "object",
    "properties": {f"p{n}": {"type": "string", "description": "word " * 700} for n in range(600)},
}
write({"/a": {"get": operation(schema)}})
