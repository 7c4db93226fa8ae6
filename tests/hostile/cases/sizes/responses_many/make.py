"""An operation that documents every status there is."""

from tests.hostile.documents import operation, write

get = operation()
get["responses"] = {
    str(n): {
        "description": "x",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"x": {"type": "string"}}}
            }
        },
    }
    for n in range(200, 600)
}
write({"/a": {"get": get}})
