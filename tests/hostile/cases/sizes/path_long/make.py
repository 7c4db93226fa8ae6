"""A path of a megabyte."""

from tests.hostile.documents import operation, write

write({"/" + "a" * 1_000_000: {"get": operation()}})
