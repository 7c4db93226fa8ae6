"""Lists in lists, 180 levels deep: more brackets than Python takes."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(180):
    schema = {"type": "array", "items": schema}
write({"/a": {"get": operation(schema)}})
