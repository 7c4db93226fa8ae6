"""A choice of 2,000 objects."""

from tests.hostile.documents import operation, write

variants = [{"type": "object", "properties": {f"a{n}": {"type": "string"}}} for n in range(2_000)]
write({"/a": {"get": operation({"oneOf": variants}, body={"anyOf": variants})}})
