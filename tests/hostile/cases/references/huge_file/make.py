"""A sparse file of a terabyte."""

from pathlib import Path

from tests.hostile.documents import operation, write

with Path("huge.yaml").open("wb") as stream:
    stream.truncate(1 << 40)
write({"/a": {"get": operation({"$ref": "huge.yaml"})}})
