"""A path of 300 parameters."""

from tests.hostile.documents import operation, write

names = [f"p{n}" for n in range(300)]
write(
    {
        "/"
        + "/".join("{" + n + "}" for n in names): {
            "get": operation(
                parameters=[
                    {"name": n, "in": "path", "required": True, "schema": {"type": "string"}}
                    for n in names
                ]
            )
        }
    }
)
