"""Docstrings of leading tabs and spaces, on which an old black took quadratic time."""

from tests.hostile.documents import operation, write

get = operation(
    {
        "type": "object",
        "description": "a\n" + "\t" * 50_000 + "b",
        "properties": {"x": {"type": "string", "description": ("\t" * 5_000 + "b\n") * 20}},
    }
)
get["description"] = "a" + "\n" * 20_000 + " \t" * 50_000 + "b"
write({"/a": {"get": get}})
