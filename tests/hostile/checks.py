"""What must hold of messages and of output, whatever the document says."""

from __future__ import annotations

import ast
import builtins
import functools
import keyword
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tests.helpers import GENERATED, REPO

__all__ = ["codes", "constants", "differences", "flaws_of_messages", "flaws_of_output", "shape"]

#: Controls, formats (direction marks), surrogates, private use, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
#: What CI systems take for a command at the beginning of a line.
_COMMAND = re.compile(r"^\s*(::|##\[|##vso)", re.M)
_PLACE = re.compile(r"^  --> .+:[1-9]\d*:[1-9]\d*(: .*)?$", re.M)
_CODE = re.compile(r"^(?:error)\[(E\d{3})\]: ", re.M)
#: Errors that may be about a file as a whole.
_WHOLE_FILE = frozenset({"E101", "E104", "E110", "E302"})


def codes(messages: str) -> set[str]:
    """The codes of all errors."""
    return set(_CODE.findall(messages))


def _hidden(text: str) -> set[str]:
    return {ascii(c) for c in text if c != "\n" and unicodedata.category(c) in _HIDDEN}


def flaws_of_messages(messages: str, *, refused: bool) -> list[str]:
    """What is wrong with what was said."""
    flaws: list[str] = []
    if "Traceback" in messages:
        flaws.append("a traceback")
    if hidden := _hidden(messages):
        flaws.append(f"raw characters {hidden}")
    if _COMMAND.search(messages):
        flaws.append("a line that CI takes for a command")
    if refused:
        if len(messages) > 20_000:
            flaws.append(f"{len(messages)} characters")
        if not codes(messages):
            flaws.append("no error with a code")
        elif not _PLACE.search(messages) and not codes(messages) & _WHOLE_FILE:
            flaws.append("no place")
    return flaws


_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)


def flaws_of_output(files: Mapping[str, bytes], package: str) -> list[str]:
    """What is wrong with an output, by path; what every output carries is not looked at.

    Args:
        files: All files, by path below the output folder.
        package: The folder of the provider.
    """
    flaws: list[str] = []
    folded = Counter(path.casefold() for path in files)
    flaws += [f"{path}: differs in case only" for path, n in folded.items() if n > 1]
    own: dict[str, ast.Module] = {}
    for path, content in files.items():
        flaws += [f"{path}: {flaw}" for flaw in _flaws_of_path(path)]
        text = content.decode("utf-8")
        if hidden := _hidden(text):
            flaws.append(f"{path}: raw characters {hidden}")
        if path.endswith(".py"):
            if re.search("coding[:=]", "\n".join(text.split("\n")[:2])):
                flaws.append(f"{path}: declares an encoding")
            tree = ast.parse(text)
            compile(text, path, "exec", dont_inherit=True)
            if path.startswith(f"{package}/"):
                own[path] = tree
    flaws += _flaws_of_code(own)
    return flaws


def _flaws_of_path(path: str) -> Iterator[str]:
    if len(path) > 200:
        yield "a long path"
    for part in path.split("/"):
        if not re.fullmatch(r"[a-zA-Z0-9_]+(\.names)?(\.(py|md|typed|lock|toml|json))?", part):
            yield f"{part!r} is not portable"
        if _DEVICE.fullmatch(part):
            yield f"{part!r} is a device"
        if len(part) > 100:
            yield "a long name"


def _flaws_of_code(modules: Mapping[str, ast.Module]) -> Iterator[str]:
    """Calls and imports that no output for an ordinary document has, and bad names."""
    allowed_imports, allowed_calls = _ordinary()
    classes = {
        node.name
        for t in modules.values()
        for node in ast.walk(t)
        if isinstance(node, ast.ClassDef)
    }
    inner = {path.rpartition("/")[2].removesuffix(".py") for path in modules}
    for path, tree in modules.items():
        for node in ast.walk(tree):
            for module in _imported(node):
                own = module.startswith(".") and module.rpartition(".")[2] in inner
                if module not in allowed_imports and not own:
                    yield f"{path}:{getattr(node, 'lineno', 0)}: imports {module}"
            if isinstance(node, ast.Call):
                called = _dotted(node.func)
                if called not in allowed_calls and called.rpartition(".")[2] not in classes:
                    yield f"{path}:{node.lineno}: calls {called}"
            for name in _names(node):
                if len(name) > 100:
                    yield f"{path}: a name of {len(name)} characters"
                if not name.isascii() or keyword.iskeyword(name):
                    yield f"{path}: {name!r} as a name"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        # Modules of our own stand higher or lower, as files of models are many or few.
        inner = (node.module or "").startswith("_runtime")
        yield ("." if inner else "." * node.level) + (node.module or "")


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
            yield name
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.keyword(arg=str(name)):
            yield name
        case _:
            return


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{_dotted(value)}.{name}"
        case ast.Subscript(value=value):
            return _dotted(value)
        case _:
            return f"<{type(node).__name__}>"


def _expected_modules() -> Iterator[ast.Module]:
    """The code that reviewed expectations hold."""
    for folder in (GENERATED, REPO / "tests" / "cases"):
        for path in folder.rglob("*.py"):
            parts = path.relative_to(folder).parts
            if not parts[0].startswith("_") and parts[0] != "testing":
                yield ast.parse(path.read_bytes())


@functools.cache
def _ordinary() -> tuple[frozenset[str], frozenset[str]]:
    """Modules that ordinary outputs import, and what they call."""
    imports: set[str] = set()
    calls: set[str] = set()
    for tree in _expected_modules():
        for node in ast.walk(tree):
            imports.update(_imported(node))
            if isinstance(node, ast.Call):
                calls.add(_dotted(node.func))
    # Modules of many models, which no expectation has.
    return frozenset(imports | {"._runtime.lazy"}), frozenset(calls | {"refers"})


@functools.cache
def _vocabulary() -> frozenset[str]:
    """Names that mean something: of Python, and those that stand in every provider's package."""
    shared: set[str] | None = None
    for folder in sorted(path.parent for path in GENERATED.glob("*/operations.py")):
        trees = (ast.parse(path.read_bytes()) for path in folder.rglob("*.py"))
        names = {name for tree in trees for node in ast.walk(tree) for name in _names(node)}
        shared = names if shared is None else shared & names
    assert shared
    return frozenset(shared) | frozenset(dir(builtins)) | sys.stdlib_module_names | {"pwned"}


def shape(sources: Iterable[bytes]) -> Counter[str]:
    """What modules do, by how often: statements, calls, imports, names. Strings do not count.

    Names that a document may choose are alike; the order of statements, which follows them, is not
    looked at.
    """
    known = _vocabulary()
    found: Counter[str] = Counter()
    for source in sources:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [s for s in body if not _is_text(s)]  # type: ignore[attr-defined]
            names = [name if name in known else "_" for name in _names(node)]
            modules = [part for m in _imported(node) for part in m.split(".") if part in known]
            constant = type(node.value).__name__ if isinstance(node, ast.Constant) else ""
            found[" ".join([type(node).__name__, *names, *modules, constant]).strip()] += 1
    return found


def _is_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def differences(one: Counter[str], other: Counter[str]) -> list[str]:
    """How two shapes differ."""
    return [f"{key}: {one[key]} and {other[key]}" for key in one | other if one[key] != other[key]]


def constants(sources: Iterable[bytes]) -> set[str]:
    """Every string that code holds, and every name: what of a document is still there."""
    found: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            found.update(_names(node))
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
    return found
