"""Names of inline schemas are made of where they stand, and get long."""

from tests.hostile.documents import operation, write

schema = {"type": "string"}
for n in range(60):
    schema = {"type": "object", "properties": {f"a_rather_long_name_{n}": schema}}
write({"/a": {"get": operation(schema)}})
