"""A description of 100,000 lines."""

from tests.hostile.documents import operation, write

get = operation()
get["description"] = "x\n" * 100_000
get["summary"] = "- y\n" * 100_000
write({"/a": {"get": get}})
