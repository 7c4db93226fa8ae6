"""Names and paths on which a careless regular expression takes for ever."""

from tests.hostile.documents import operation, write

evil = "A" * 30_000 + "!"
write(
    {
        "/"
        + "a-"
        * 20_000: {
            "get": operation(
                {
                    "type": "object",
                    "properties": {
                        evil: {"type": "string"},
                        "_" * 30_000 + "a": {"type": "string"},
                        "Aa" * 20_000: {"type": "string"},
                    },
                },
                id="aB" * 20_000,
                tag="-" * 30_000 + "x",
            )
        }
    }
)
