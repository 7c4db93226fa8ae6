"""Maps in maps, 180 levels deep."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(180):
    schema = {"type": "object", "additionalProperties": schema}
write({"/a": {"get": operation(schema)}})
