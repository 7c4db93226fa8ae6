"""A symbolic link to a folder elsewhere."""

from pathlib import Path

from tests.hostile.documents import operation, write

Path("sub").symlink_to("/etc")
write({"/a": {"get": operation({"$ref": "sub/passwd"})}})
