"""10,000 parameters of one operation."""

from tests.hostile.documents import operation, write

given = [{"name": f"q{n}", "in": "query", "schema": {"type": "string"}} for n in range(10_000)]
write({"/a": {"get": operation(parameters=given)}})
