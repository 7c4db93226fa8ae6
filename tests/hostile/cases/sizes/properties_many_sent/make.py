"""A request of 2,000 properties that need aliases."""

from tests.hostile.documents import operation, write

schema = {
    "type": "object",
    "properties": {f"P-{n}": {"type": "string", "description": "x"} for n in range(2_000)},
}
write({"/a": {"post": operation(body=schema)}})
