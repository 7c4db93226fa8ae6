"""A hundred thousand keywords that mean nothing."""

from tests.hostile.documents import operation, write

import json
from pathlib import Path

write(
    {
        "/a": {
            "get": operation(
                {
                    "type": "object",
                    "properties": {"x": {"type": "string", **{f"k{n}": n for n in range(100_000)}}},
                }
            )
        }
    }
)
