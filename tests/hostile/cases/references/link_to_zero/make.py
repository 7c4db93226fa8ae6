"""A link to /dev/zero."""

from pathlib import Path

from tests.hostile.documents import operation, write

Path("zero.yaml").symlink_to("/dev/zero")
write({"/a": {"get": operation({"$ref": "zero.yaml"})}})
