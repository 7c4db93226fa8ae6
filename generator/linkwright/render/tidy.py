"""Stage *tidy*: sources become formatted sources.

One in-process call of black with a mode of ours; no configuration file is ever looked for. Its
safety check stays off: it costs as much again, and the result is compiled here in any case.
"""

from __future__ import annotations

__all__ = ["tidy"]

LINE_LENGTH = 100


def tidy(path: str, text: str) -> str:
    """Format one file; what is not Python only gets its line ends put right.

    Raises:
        SyntaxError: The file is not Python: a bug of the generator, never of a spec.
    """
    if not path.endswith(".py"):
        return "\n".join(line.rstrip() for line in text.strip().split("\n")) + "\n"
    # Imported here: black costs a third of a second that an unchanged run does not pay.
    import black
    from black.mode import TargetVersion
    from black.report import NothingChanged

    compile(text, path, "exec", dont_inherit=True)
    mode = black.Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    try:
        return black.format_file_contents(text, fast=True, mode=mode)
    except NothingChanged:
        return text
