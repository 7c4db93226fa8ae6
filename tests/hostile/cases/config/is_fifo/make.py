"""A named pipe as configuration."""

import os

os.mkfifo("linkwright.toml")
