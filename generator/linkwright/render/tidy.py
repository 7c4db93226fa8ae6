"""Stage *tidy*: sources become formatted sources.

Black runs in process with a mode of ours; no configuration file is ever looked for. Its safety
check stays off: it costs as much again, and the result is compiled here in any case. What is known
to have its form already is left out (`settled.py`).
"""

from __future__ import annotations

import functools

from .settled import settle

__all__ = ["tidy"]

LINE_LENGTH = 100
_SHORT = 4_000


def tidy(path: str, text: str) -> str:
    """Format one file; what is not Python only gets its line ends put right.

    Raises:
        SyntaxError: The file is not Python: a bug of the generator, never of a spec.
    """
    if not path.endswith(".py"):
        return "\n".join(line.rstrip() for line in text.strip().split("\n")) + "\n"
    compile(text, path, "exec", dont_inherit=True)
    return settle(text, _formatted)


def _formatted(text: str) -> str:
    return _black_again(text) if len(text) < _SHORT else _black(text)


@functools.lru_cache(maxsize=1_000)
def _black_again(text: str) -> str:
    """For what is left of a short module, which is often what is left of others, too."""
    return _black(text)


def _black(text: str) -> str:
    # Imported here: black costs a third of a second that an unchanged run does not pay.
    import black
    from black.mode import TargetVersion
    from black.report import NothingChanged

    mode = black.Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    try:
        return black.format_file_contents(text, fast=True, mode=mode)
    except NothingChanged:
        return text
