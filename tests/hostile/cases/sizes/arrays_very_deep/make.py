"""Lists in lists, 1,000 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(900):
    schema = {"type": "array", "items": schema}
write({"/a": {"get": operation(schema)}})
