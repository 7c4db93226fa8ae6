"""A union of 3,000 lists of lists."""

from tests.hostile.documents import operation, write

schema = {"anyOf": [{"type": "array", "items": {"const": n}} for n in range(3_000)]}
write({"/a": {"get": operation(schema)}})
