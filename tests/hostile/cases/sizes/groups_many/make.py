"""10,000 operations, each with a tag of its own."""

from tests.hostile.documents import operation, write

write({f"/a{n}": {"get": operation(id=f"get{n}", tag=f"tag {n}")} for n in range(10_000)})
