"""An operation of 1,000 parameters."""

from tests.hostile.documents import operation, write

parameters = [{"name": f"p{n}", "in": "query", "schema": {"type": "string"}} for n in range(1_000)]
write({"/a": {"get": operation(parameters=parameters)}})
