"""A pattern, a description and a title of a million characters."""

from tests.hostile.documents import operation, write

long = {"pattern": "(a+)+" * 200_000, "description": "word " * 200_000, "title": "T" * 1_000_000}
schema = {"type": "object", "properties": {"a": {"type": "string", **long}}}
write({"/a": {"get": operation(schema, body=schema)}})
