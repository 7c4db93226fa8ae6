"""Writes the document and its overlay."""

import os

os.mkfifo("overlay.yaml")
