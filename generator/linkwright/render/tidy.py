"""Stage *tidy*: sources become formatted sources.

One in-process call of black with a mode of ours; no configuration file is ever looked for. Its
safety check stays off: it costs as much again, and the result is compiled here in any case.
"""

from __future__ import annotations

import re

__all__ = ["tidy"]

LINE_LENGTH = 100
#: Many members of an enumeration, one a line: in their final form, which takes black a millisecond
#: a line to find out.
_MEMBERS = re.compile(
    rf'(?:^(?=.{{1,{LINE_LENGTH}}}$)    [A-Z][A-Z0-9_]* = (?:"[^"\\\n]*"|-?[0-9]+)\n){{20,}}', re.M
)


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
    word = "_held"
    while word in text:
        word += "_"
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"    {word}{len(held) - 1} = 0\n"

    shorter = _MEMBERS.sub(hold, text)
    try:
        formatted = black.format_file_contents(shorter, fast=True, mode=mode)
    except NothingChanged:
        return text
    return re.sub(rf"^    {word}(\d+) = 0\n", lambda m: held[int(m[1])], formatted, flags=re.M)
