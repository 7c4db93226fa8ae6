"""allOf, 150 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "object", "properties": {"x": {"type": "string"}}}
for n in range(60):
    schema = {"allOf": [schema, {"type": "object", "properties": {f"p{n}": {"type": "string"}}}]}
write({"/a": {"get": operation(schema)}})
