"""Inline objects, 200 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(200):
    schema = {"type": "object", "properties": {"p": schema}}
write({"/a": {"get": operation(schema)}})
