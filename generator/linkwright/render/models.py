"""The models module, written by datamodel-code-generator through templates of ours.

The model generator gets a document that the *shape* stage made: resolved, with our names only and
no prose, so that nothing of a spec can reach its features (custom types, remote references).
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..shape.annotations import SCALAR_TYPES
from ..shape.declarations import RUNTIME
from ..shape.literals import Code
from ..shape.views import ModelsView

__all__ = ["render_models"]

_BASE = f"{RUNTIME}.models.Model"


def render_models(view: ModelsView, templates: Path) -> Code:
    """Source of the models of one provider, from the imports on.

    Args:
        view: What *shape* decided.
        templates: The folder with `models/`.
    """
    if not view.models:
        return Code("")
    # Imported here: half a second, which unchanged providers do not pay.
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    extra: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for model in view.models:
        extra[model.name] = {
            "lw_doc": model.doc or "",
            "lw_fields": {
                name: {"doc": field.doc or "", "metadata": field.metadata or ""}
                for name, field in model.fields.items()
            },
            "lw_values": model.values,
        }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = generate(
            dict(view.schema),
            input_file_type=InputFileType.OpenAPI,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            base_class=_BASE,
            use_specialized_enum=True,
            custom_template_dir=templates / "models",
            extra_template_data=extra,
            custom_file_header="#",
            disable_timestamp=True,
            formatters=[],
            strict_refs=True,
            allow_remote_refs=False,
            use_exact_imports=True,
            keep_model_order=True,
        )
    assert isinstance(text, str)
    body = _replaced(_classes(text), view.unions)
    return Code(_imports(body) + "\n\n\n" + body)


#: Where the names that model classes mention come from, in the order of the import block.
_SOURCES = (
    ("typing", frozenset({"Annotated", "Any"})),
    ("pydantic", frozenset({"Field"})),
    (".._runtime.models", frozenset({"Model"})),
    (
        ".._runtime.types",
        frozenset({"Tagged", *(t for t in SCALAR_TYPES.values() if not t.islower())}),
    ),
    (".._runtime.values", frozenset({"OpenEnum"})),
)


def _classes(text: str) -> str:
    """The class definitions alone: imports are ours, and building waits for the first use."""
    module = ast.parse(text)
    lines = text.splitlines()
    classes = [n for n in module.body if isinstance(n, ast.ClassDef)]
    return "\n\n\n".join("\n".join(lines[n.lineno - 1 : n.end_lineno]).rstrip() for n in classes)


def _replaced(body: str, unions: Mapping[str, Code]) -> str:
    """Put the unions where their placeholders stand in annotations, and nowhere else."""
    lines = [line.encode() for line in body.split("\n")]  # positions of nodes count bytes
    names = [n for n in ast.walk(ast.parse(body)) if isinstance(n, ast.Name) and n.id in unions]
    for node in sorted(names, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        line = lines[node.lineno - 1]
        new = unions[node.id].encode()
        lines[node.lineno - 1] = line[: node.col_offset] + new + line[node.end_col_offset :]
    return b"\n".join(lines).decode()


def _imports(body: str) -> str:
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    groups: list[list[str]] = [[], [], []]
    for group, (module, names) in zip((0, 1, 2, 2, 2), _SOURCES, strict=True):
        wanted = sorted(names & used)
        if wanted:
            groups[group].append(f"from {module} import {', '.join(wanted)}")
    return "\n\n".join("\n".join(lines) for lines in groups if lines)
