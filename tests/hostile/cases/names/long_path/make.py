"""A name that is derived from a very long path."""

from tests.hostile.documents import operation, write

get = operation(
    {"type": "object", "properties": {"x": {"type": "object", "properties": {"y": {}}}}}
)
del get["operationId"]
write({"/segment" * 1_000: {"get": get}})
