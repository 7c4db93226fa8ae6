"""A named pipe beside the document."""

import os

from tests.hostile.documents import operation, write

os.mkfifo("pipe.yaml")
write({"/a": {"get": operation({"$ref": "pipe.yaml"})}})
