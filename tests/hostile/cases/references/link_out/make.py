"""A symbolic link out of the folder of the document."""

from pathlib import Path

from tests.hostile.documents import operation, write

Path("secret.yaml").symlink_to("/etc/passwd")
write({"/a": {"get": operation({"$ref": "secret.yaml"})}})
