"""The models, written by datamodel-code-generator through templates of ours.

The model generator gets a document that the *shape* stage made: resolved, with our names only and
no prose, so that nothing of a spec can reach its features (custom types, remote references).
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..shape.annotations import SCALAR_TYPES
from ..shape.declarations import RUNTIME
from ..shape.literals import Code
from ..shape.views import AliasView, ModelsView

__all__ = ["ModelModule", "model_modules"]

_BASE = f"{RUNTIME}.models.Model"


@dataclass(frozen=True, slots=True)
class ModelModule:
    """One module of models.

    Attributes:
        name: Of the module; empty where all models are in one.
        imports: The import block.
        body: Classes and aliases.
        below: Imports of other modules of models. They stand at the end, since they may lead back
            here.
        exports: What it defines, sorted.
    """

    name: Code
    imports: Code
    body: Code
    below: tuple[Code, ...]
    exports: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """The source of one class or alias, and every name it mentions."""

    name: str
    source: str
    names: frozenset[str]


def model_modules(view: ModelsView, templates: Path) -> tuple[ModelModule, ...]:
    """The models of one provider: one module, or many, as *shape* decided.

    Args:
        view: What *shape* decided.
        templates: The folder with `models/`.
    """
    blocks = {block.name: block for block in _classes(view, templates)}
    blocks |= {alias.name: _alias(alias) for alias in view.aliases}
    if not view.modules:
        return (_module("", blocks.values(), {}, "..") if blocks else _EMPTY,)
    grouped: defaultdict[str, list[_Block]] = defaultdict(list)
    for name, module in view.modules.items():
        grouped[module].append(blocks[name])
    return tuple(
        _module(module, grouped[module], view.modules, "...") for module in sorted(grouped)
    )


_EMPTY = ModelModule(Code(""), Code(""), Code(""), (), ())


def _module(
    name: str, blocks: Iterable[_Block], modules: Mapping[Code, Code], dots: str
) -> ModelModule:
    """Put blocks together, sorted by name, with the imports they need."""
    ordered = sorted(blocks, key=lambda block: block.name)
    used = frozenset[str]().union(*(block.names for block in ordered))
    below = sorted(
        (modules[Code(other)], other)
        for other in used
        if other in modules and modules[Code(other)] != name
    )
    return ModelModule(
        Code(name),
        Code(_imports(used, dots)),
        Code("\n\n\n".join(block.source for block in ordered)),
        tuple(Code(f"from .{module} import {other}") for module, other in below),
        tuple(Code(block.name) for block in ordered),
    )


#: Where the names that models mention come from, in the order of the import block.
_SOURCES = (
    (0, "typing", frozenset({"Annotated", "Any", "TYPE_CHECKING", "TypeAlias"})),
    (1, "pydantic", frozenset({"Field"})),
    (2, "_runtime.models", frozenset({"Model"})),
    (
        2,
        "_runtime.types",
        frozenset(
            {"Tagged", "TypeAliasType", *(t for t in SCALAR_TYPES.values() if not t.islower())}
        ),
    ),
    (2, "_runtime.values", frozenset({"OpenEnum", "OpenIntEnum"})),
)


def _imports(used: frozenset[str], dots: str) -> str:
    groups: list[list[str]] = [[], [], []]
    for group, module, names in _SOURCES:
        # Constants first, then classes: the order that import sorters leave alone.
        wanted = sorted(names & used, key=lambda name: (not name.isupper(), name))
        if wanted:
            source = module if group < 2 else dots + module
            groups[group].append(f"from {source} import {', '.join(wanted)}")
    return "\n\n".join("\n".join(lines) for lines in groups if lines)


def _alias(alias: AliasView) -> _Block:
    # Type checkers know aliases that contain themselves; pydantic wants them to have a name.
    source = (
        f"if TYPE_CHECKING:\n    {alias.name}: TypeAlias = {alias.text}\n"
        f'else:\n    {alias.name} = TypeAliasType("{alias.name}", {alias.text})\n{alias.doc}'
    )
    text = ast.literal_eval(alias.text)
    assert isinstance(text, str)
    own = {"TYPE_CHECKING", "TypeAlias", "TypeAliasType"}
    return _Block(alias.name, source, frozenset(_names_in(ast.parse(text)) | own))


def _names_in(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _classes(view: ModelsView, templates: Path) -> Iterator[_Block]:
    """The class definitions alone: imports are ours, and building waits for the first use."""
    if not view.models:
        return
    text = _generated(view, templates)
    tree = ast.parse(text)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    used = {node.name: _names_in(node) for node in classes}
    inside = {name: _names_in(ast.parse(code)) for name, code in view.placeholders.items()}
    lines = _replaced(text, classes, view.placeholders)
    for node in classes:
        names = used[node.name]
        names |= {inner for name in names & inside.keys() for inner in inside[name]}
        source = "\n".join(lines[node.lineno - 1 : node.end_lineno]).rstrip()
        yield _Block(node.name, source, frozenset(names - inside.keys()))


def _replaced(
    text: str, classes: Iterable[ast.ClassDef], placeholders: Mapping[str, Code]
) -> list[str]:
    """The lines of the text, with what stands behind the placeholders in annotations.

    A docstring that says the same words stays as it is.
    """
    lines = [line.encode() for line in text.split("\n")]  # positions of nodes count bytes
    names = [
        node
        for class_ in classes
        for node in ast.walk(class_)
        if isinstance(node, ast.Name) and node.id in placeholders
    ]
    for node in sorted(names, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        line = lines[node.lineno - 1]
        new = placeholders[node.id].encode()
        lines[node.lineno - 1] = line[: node.col_offset] + new + line[node.end_col_offset :]
    return [line.decode() for line in lines]


def _generated(view: ModelsView, templates: Path) -> str:
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
            "lw_value_docs": model.value_docs,
            "lw_base": model.base or "",
            "lw_extra": model.extra or "",
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
            custom_class_name_generator=str,
        )
    assert isinstance(text, str)
    return text
