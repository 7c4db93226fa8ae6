"""Leaving statements out before black sees a file changes nothing of what comes out."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import black
import pytest
from black.mode import TargetVersion
from black.parsing import InvalidInput

from linkwright.render.settled import settle
from linkwright.render.tidy import LINE_LENGTH, tidy

GENERATED = Path(__file__).parents[1] / "generated" / "clients"
MODULES = ("operations.py", "models.py", "bodies.py", "client.py", "webhooks.py")
FILES = sorted(
    path for path in GENERATED.rglob("*.py") if path.name in MODULES or path.parent.name == "aio"
)

Disturb = Callable[[str], str]


def _black(text: str) -> str:
    mode = black.Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    return black.format_str(text, mode=mode)


def _outcome(form: Callable[[str], str], text: str) -> str:
    try:
        return form(text)
    except (SyntaxError, InvalidInput):
        return "refused"


_DISTURBANCES: tuple[Disturb, ...] = (
    lambda line: line + " ",
    lambda line: line + "\n",
    lambda line: line.removesuffix(","),
    lambda line: line + "," if line.endswith(('"', ")", "]")) else line,
    lambda line: line.replace('"', "'"),
    lambda line: line.replace('"', "\"it's ", 1) if '"""' not in line else line,
    lambda line: line.replace(", ", ",", 1),
    lambda line: line.replace("=", " = ", 1),
    lambda line: "" if not line.strip() else line + "\n\n",
    lambda line: line + "  # said" if '"""' not in line else line,
    lambda line: line + " # said" if '"""' not in line else line,
    lambda line: re.sub(r"\b([a-z]{3,})\b", lambda m: m[1] * 3, line),
    lambda line: line.replace("(", "((", 1).replace(")", "))", 1),
    lambda line: line.replace('"""', '""" ', 1),
    lambda line: line.replace(".", ' \\"', 1),
    lambda line: line.replace("e", "\u4e16", 1),
    lambda line: "    " + line if '"""' not in line else line,
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_output_comes_out_the_way_black_has_it(path: Path) -> None:
    text = path.read_text("utf-8")
    assert settle(text, _black) == _black(text) == tidy(path.name, text)


@pytest.mark.parametrize("seed", range(10))
def test_disturbed_text_comes_out_the_way_black_has_it(seed: int) -> None:
    chance = random.Random(seed)
    lines = chance.choice(FILES).read_text("utf-8").split("\n")
    begin = chance.randrange(max(1, len(lines) - 120))
    while begin and (lines[begin] == "" or lines[begin][0] in ' )]}"'):
        begin -= 1
    lines = lines[begin : begin + 120]
    for _ in range(10):
        disturb = chance.choice(_DISTURBANCES)
        number = chance.randrange(len(lines))
        was, lines[number] = lines[number], disturb(lines[number])
        if _outcome(_black, "\n".join(lines)) == "refused":
            lines[number] = was
    text = "\n".join(lines)
    assert _outcome(lambda t: settle(t, _black), text) == _outcome(_black, text)


def test_what_lines_do_not_tell_goes_to_black_whole() -> None:
    for text in (
        "x = '''\na  =  1\n'''\ny = f(1,2)\n",
        "x = 1 + \\\n  2\n",
        'x = ("a"\n  """b"""\n)\n',
        "# fmt: off\nx   =  1\ny = 1\n# fmt: on\nx   =  1\ny = 1\n",
        "x   =  1  # fmt: skip\ny = 1  # fmt: skip\n",
        "_settled0x = 1\n",
        "if a:\n    return f(\n        a,\n  ).b(\n1,\n)\n",
    ):
        assert settle(text, _black) == _black(text)


def test_black_sees_little_of_what_has_its_form() -> None:
    text = (GENERATED / "codat_lending" / "operations.py").read_text("utf-8")
    seen: list[str] = []

    def watching(part: str) -> str:
        seen.append(part)
        return _black(part)

    assert settle(text, watching) == text
    assert len(seen[-1]) < len(text) / 2


def test_members_cost_in_proportion() -> None:
    def spent(members: int) -> float:
        lines = "".join(f'    A{n} = "a{n}"\n' for n in range(members))
        text = f"class A(OpenEnum):\n{lines}"
        begun = time.process_time()
        assert tidy("models.py", text) == text
        return time.process_time() - begun

    # In proportion is 8; all of them again for each would be 64.
    assert min(spent(20_000) for _ in range(2)) < 24 * min(spent(2_500) for _ in range(2))


def test_classes_that_have_their_form_are_left_out_whole() -> None:
    one = 'class A{}(B, c=True):\n    """What."""\n\n    a: str\n\n    b: int | None = None\n    """That."""\n'
    text = "x = 1\n\n\n" + "\n\n".join(one.format(n) for n in range(300)) + "\n\ny = 1\n"
    seen: list[str] = []

    def watching(part: str) -> str:
        seen.append(part)
        return _black(part)

    assert settle(text, watching) == text == _black(text)
    assert len(seen[-1]) < 100


@pytest.mark.parametrize(
    "text",
    [
        'class A(B):\n    """Doc."""\n    a: str\n',
        'class A(B):\n\n    """Doc."""\n\n    a: str\n',
        'class A(B):\n    """Doc."""\n\n\n    a: str\n',
        "class A(B):\n    a: str\n\n\n    b: str\n",
        "class A(B):\n    a: str\n\nclass C(D):\n    a: str\nx = 1\n",
        "class A(B):\n    a: str\n\n\n\nclass C(D):\n    a: str\n\n\n\n\nx = 1\n",
        "class A(B):\n    a: str\n    \n    b: str\n\n\nclass C(D):\n    a: str\n    # said\n",
        'class A(B):\n    """Doc."""\n\n\nclass C(D):\n    a: str\n    """Doc."""\nx = 1\n',
        "if a:\n    class A(B):\n        a: str\n\n\n    class C(D):\n        a: str\n",
        "@a\nclass A(B):\n    a: str\n\n\nclass C(D):\n    a: str\n",
        "class A(B):\n    x = f(\n        " + "a" * 120 + ",\n    )\n    y = 1\n",
        "class A(B):\n    x = f(\n        " + "a" * 60 + "." + "b" * 60 + ",\n    )\n",
        'x = {\n    "'
        + "a" * 120
        + '": "'
        + "b" * 20
        + '",\n}\ny = f(\n    a="'
        + "c" * 120
        + '",\n)\n',
        "from a import (\n    " + "a" * 60 + " as " + "a" * 60 + ",\n)\n",
        "from a import (\n    " + "a" * 60 + " as b" + ",\n)\n",
        "x = (\n    " + "a" * 120 + ",\n)\n",
        "x: f[\n    " + "a" * 120 + ",\n] = {\n    " + "b" * 120 + ": c,\n}\n",
    ],
)
def test_blank_lines_and_long_lines_are_up_to_black(text: str) -> None:
    assert settle(text, _black) == _black(text)
