"""oneOf, 90 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(90):
    schema = {"oneOf": [schema, {"type": "array", "items": {"type": "integer"}}]}
write({"/a": {"get": operation(schema)}})
