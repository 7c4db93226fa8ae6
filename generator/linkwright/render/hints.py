"""Types of fields, written by datamodel-code-generator.

It is asked about each *kind* of field once, in one class that has a field of every kind: documents
with tens of thousands of fields have a hundred kinds of them, and what it writes for a field depends
on nothing else. It sees words of ours only, so that nothing of a spec can reach its features (custom
types, remote references), and no references between schemas, which cost it more than in proportion.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

from ..shape.model_views import (
    KindView,
)

__all__ = ["type_hints"]

_CLASS = "Kinds"


def type_hints(kinds: Sequence[KindView]) -> tuple[str, ...]:
    """The annotation of a field of each kind, in order, with the placeholders of the kinds."""
    if not kinds:
        return ()
    schema: dict[str, object] = {
        "type": "object",
        "properties": {f"kind_{n}": kind.schema for n, kind in enumerate(kinds)},
        "required": [f"kind_{n}" for n, kind in enumerate(kinds) if kind.required],
    }
    text = _generated(schema)
    (class_,) = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    hints = {
        node.target.id: ast.unparse(node.annotation)
        for node in class_.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return tuple(hints[f"kind_{n}"] for n in range(len(kinds)))


def _generated(schema: dict[str, object]) -> str:
    # Imported here: a third of a second, which unchanged providers do not pay.
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    document = {
        "openapi": "3.1.0",
        "info": {"title": "kinds", "version": "0"},
        "paths": {},
        "components": {"schemas": {_CLASS: schema}},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = generate(
            document,
            input_file_type=InputFileType.OpenAPI,
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            disable_timestamp=True,
            formatters=[],
            strict_refs=True,
            allow_remote_refs=False,
            use_exact_imports=True,
        )
    assert isinstance(text, str)
    return text
