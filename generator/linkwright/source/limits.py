"""How much of an input is read: bounds that no honest document comes near."""

from __future__ import annotations

import os

__all__ = [
    "MAX_ALIASED",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_FIELDS",
    "MAX_FILES",
    "MAX_GROUPS",
    "MAX_LITERAL",
    "MAX_NODES",
    "MAX_VARIANTS",
    "NO_WAIT",
]

#: How files are opened: nothing is waited for, and bytes are as they are.
NO_WAIT: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
#: Bytes of one file, and of all files of one description together.
MAX_BYTES = 64 * 1024 * 1024
#: Files of one description.
MAX_FILES = 4_000
#: Levels of nesting, aliases expanded.
MAX_DEPTH = 200
#: Values in one file, aliases expanded. The largest published descriptions have about a million.
MAX_NODES = 2_000_000
#: How many of these may come from aliases: what they refer to is read again at every place.
MAX_ALIASED = 200_000
#: Characters of one string that the output repeats as a value: a default, a constant.
MAX_LITERAL = 100_000
#: Digits of one number.
MAX_DIGITS = 400
#: Properties of all objects together, those counted that `allOf` takes over. Large ones have 50,000.
MAX_FIELDS = 100_000
#: Groups of operations, of which each becomes four classes in two files.
MAX_GROUPS = 2_000
#: Alternatives of one choice: Python cannot read many more in one type.
MAX_VARIANTS = 400
