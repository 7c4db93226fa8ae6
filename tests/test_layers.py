"""Data flows one way: who may import whom, held by reading the import statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generator" / "linkwright"
RUNTIME = ROOT / "templates" / "package"

#: Layer -> what of ours it may import, besides itself. Single modules count as layers.
ALLOWED = {
    "source": {"diagnostics"},
    "diagnostics": {"source.limits", "source.span", "source.text"},
    "openapi": {"source", "diagnostics"},
    "ir": {"source.span", "source.text"},
    "mapping": {"source.document", "source.span", "source.text", "diagnostics"},
    "lower": {
        "openapi",
        "mapping",
        "ir",
        "source.limits",
        "source.span",
        "source.text",
        "diagnostics",
        "shape.words",
    },
    "shape": {"ir", "names", "source.span", "source.text", "diagnostics"},
    "render": {
        "shape.model_views",
        "shape.views",
        "shape.flavors",
        "shape.package",
        "shape.literals",
        "shape.annotations",
        "shape.facade.exports",
        "shape.facade.views",
    },
    "facades": {
        "cache",
        "config",
        "diagnostics",
        "inputs",
        "parts",
        "render",
        "resources",
        "ir.api",
        "ir.facade",
        "lower.facade",
        "mapping",
        "shape.facade",
        "source.document",
        "source.load",
        "source.files",
        "source.span",
        "source.text",
    },
    "formatting": {"cache", "inputs", "render.tidy", "workers"},
    "emit": {"source.text"},
    "resources": set[str](),
    "inputs": {"resources", "config", "names", "source.limits"},
    "cache": set[str](),
    "parts": {"diagnostics", "names", "source.span"},
    "workers": set[str](),
    "progress": {"source.text"},
    "config": {"resources", "source.limits", "source.span", "openapi.selection"},
    "settings": {
        "openapi.selection",
        "config",
        "licensing",
        "resources",
        "source.files",
        "source.span",
        "source.text",
        "diagnostics",
        "shape.words",
    },
    "pipeline": {
        "cache",
        "config",
        "diagnostics",
        "emit.lock",
        "emit.tree",
        "facades",
        "formatting",
        "inputs",
        "lower",
        "openapi",
        "ir.api",
        "licensing",
        "names",
        "parts",
        "render",
        "report.locate",
        "reuse",
        "resources",
        "shape",
        "source.document",
        "source.library",
        "source.load",
        "source.span",
        "workers",
    },
    "idle": {"config", "diagnostics", "emit", "inputs", "settings"},
    "console": {
        "cache",
        "config",
        "diagnostics",
        "names",
        "pipeline",
        "settings",
        "source.text",
        "workers",
    },
    "reuse": {"cache", "config", "inputs", "names", "parts"},
    "licensing": set[str](),
    "names": {"source.limits"},
    "hooks": {"cli", "config", "diagnostics", "emit.errors", "emit.lock", "inputs", "settings"},
    "report": {"ir", "names", "source.span", "source.text"},
    "extract": {"diagnostics", "source.document", "source.files", "source.span", "source.text"},
    "commands": {
        "names",
        "source.limits",
        "config",
        "console",
        "diagnostics",
        "emit",
        "extract",
        "idle",
        "inputs",
        "licensing",
        "pipeline",
        "progress",
        "report",
        "resources",
        "settings",
        "source.document",
        "source.load",
        "source.span",
        "workers",
    },
    "cli": {"commands", "console", "idle"},
    "__main__": {"cli", "idle"},
}


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path


def _imports(name: str, path: Path) -> Iterator[str]:
    """Modules of ours that a module imports, relative to the package."""
    parts = name.split(".") if name != "__init__" else []
    package = parts if path.name == "__init__.py" else parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            target = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            for alias in node.names:
                inner = f"{target}.{alias.name}".strip(".")
                yield inner if (PACKAGE / f"{inner.replace('.', '/')}.py").exists() else target
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("linkwright"):
            pytest.fail(f"{name} imports {node.module} absolutely")


@pytest.mark.parametrize(
    ("name", "path"), list(_modules()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_a_module_imports_only_what_its_layer_may(name: str, path: Path) -> None:
    if name == "__init__":
        assert not list(_imports(name, path))
        return
    layer = name.split(".")[0]
    allowed = ALLOWED[layer] | {layer}
    for target in _imports(name, path):
        if target:  # the package itself: its version
            assert any(
                target == a or target.startswith(f"{a}.") for a in allowed
            ), f"{name} imports {target}, its layer may import {sorted(allowed)}"


def test_every_permission_is_used() -> None:
    used: dict[str, set[str]] = {}
    for name, path in _modules():
        used.setdefault(name.split(".")[0], set()).update(_imports(name, path))
    for layer, allowed in ALLOWED.items():
        for permission in allowed:
            assert any(
                t == permission or t.startswith(f"{permission}.") for t in used[layer]
            ), f"{layer} no longer imports {permission}"


def test_the_runtime_imports_the_standard_library_httpx2_and_pydantic_only() -> None:
    import sys

    allowed = sys.stdlib_module_names | {"httpx2", "pydantic", "pydantic_core"}
    for path in sorted(RUNTIME.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                roots = [alias.name.split(".")[0] for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                roots = [(node.module or "").split(".")[0]]
            else:
                continue
            # The one optional module: what signs with RSA keys.
            extra = {"cryptography"} if path.name == "rsa.py" else set[str]()
            # Only type checkers import it there.
            extra |= {"typing_extensions"} if path.name == "renamed.py" else set()
            assert set(roots) <= allowed | extra, f"{path.name} imports {roots}"


#: Where *shape* may look behind the wrapper of text that came from a spec, and why.
READS_RAW = {
    ("adapter", "_path"): "digits are places in lists; the rest goes through literals.string",
    ("annotations", "_write"): "the type of a constant, not the constant",
    ("annotations", "go"): "likewise; it stands inside _write",
    ("bodies", "_body"): "asks _is_key about it",
    ("bodies", "_class_line"): "keys of a TypedDict, checked by _is_key",
    ("classes", "_root"): "identity of an operation, wrapped again before it is written",
    ("declarations", "_schema"): "the type of a constant, not the constant",
    ("declarations", "_struct"): "identity of a property",
    ("declarations", "_notes"): "whether there is a default",
    ("declarations", "_text_of"): "a value as text, wrapped again before it becomes a name",
    ("declarations", "_wanted"): "identity of a property, for a digest",
    ("declarations", "field_names"): "identity of a property",
    ("emit", "_field"): "identity of a field of a facade, whose form its reader has checked",
    ("emit", "_yes_or_no"): "whether two constants are true and false",
    ("emit", "text"): "whether a constant is an empty list",
    ("literals", "prose"): "the gate",
    ("literals", "string"): "the gate",
    ("literals", "value"): "the gate",
    ("methods", "_call"): "order of parameters in a path",
    ("methods", "_wish"): "words of a name, which end in names.attribute",
    ("methods", "resource_names"): "identity of a resource, for a digest",
    ("names", "attribute"): "the gate",
    ("names", "class_name"): "the gate",
    ("names", "constant"): "the gate",
    ("names", "module"): "the gate",
    ("names", "spelled"): "the gate: gives letters and digits of ours",
    ("signatures", "_signature_order"): "order of parameters in a path",
    ("signatures", "_wanted"): "identity of a parameter, for a digest",
    ("names", "_write"): "the type of a constant, not the constant",
    ("names", "field"): "identity of a property",
    ("names", "member"): "identity of a value",
    ("provider", "field_of"): "identity of a property",
    ("provider", "shape"): "likewise; field_of stands inside it",
    ("constructor", "_credential_names"): "whether a name was given",
    ("schemes", "scheme_class"): "compared with a header name",
    ("schemes", "_token_call"): "compared with what the runtime has by default",
    ("constructor", "_token_inputs"): "identity of an input, wrapped again before it is written",
    ("constructor", "_variables"): "identity of a variable",
}


def test_only_the_gate_looks_behind_text_of_a_spec() -> None:
    found: set[tuple[str, str]] = set()
    for path in sorted((PACKAGE / "shape").rglob("*.py")) + sorted(
        (PACKAGE / "render").glob("*.py")
    ):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Attribute) and node.attr == "raw":
                        found.add((path.stem, function.name))
    assert found == set(READS_RAW)
