"""A loop of symbolic links."""

from pathlib import Path

from tests.hostile.documents import operation, write

Path("loop.yaml").symlink_to("loop.yaml")
write({"/a": {"get": operation({"$ref": "loop.yaml"})}})
