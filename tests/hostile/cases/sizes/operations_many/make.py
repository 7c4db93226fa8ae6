"""300 operations in one resource."""

from tests.hostile.documents import operation, write

write(
    {
        f"/a{n}": {
            "get": operation(
                {"type": "object", "properties": {"x": {"type": "string"}}}, id=f"op{n}"
            )
        }
        for n in range(150)
    }
)
