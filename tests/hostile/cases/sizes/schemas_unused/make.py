"""20,000 schemas that nothing refers to."""

from tests.hostile.documents import operation, write

write(
    {"/a": {"get": operation({"type": "object", "properties": {"x": {"type": "string"}}})}},
    {
        f"S{n}": {
            "type": "object",
            "properties": {"x": {"$ref": f"#/components/schemas/S{(n * 7) % 20_000}"}},
        }
        for n in range(20_000)
    },
)
