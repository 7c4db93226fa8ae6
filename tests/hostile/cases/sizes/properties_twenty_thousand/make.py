"""One object of 20,000 properties."""

from tests.hostile.documents import operation, write

schema = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(20_000)}}
write({"/a": {"get": operation(schema)}})
