"""Inline objects, 60 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(60):
    schema = {"type": "object", "properties": {"p": schema}}
write({"/a": {"get": operation(schema)}})
