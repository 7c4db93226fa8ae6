"""A named pipe as document."""

import os

os.mkfifo("spec.yaml")
