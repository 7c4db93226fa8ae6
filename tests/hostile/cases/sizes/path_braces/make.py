"""A path of 100,000 opening braces."""

from tests.hostile.documents import operation, write

write({"/" + "{" * 100_000: {"get": operation()}})
