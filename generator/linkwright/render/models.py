"""The models: classes that templates of ours lay out, around types that the model generator writes."""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..shape.annotations import SCALAR_TYPES
from ..shape.literals import Code
from ..shape.model_views import (
    AliasView,
    ModelsView,
)
from .engine import environment
from .hints import type_hints

__all__ = ["ModelModule", "model_modules"]

#: What a line of a class can hold.
_WIDTH = 96
_PLACEHOLDER = re.compile(r"Type_(\d+)_")


@dataclass(frozen=True, slots=True)
class ModelModule:
    """One module of models.

    Attributes:
        name: Of the module; empty where all models are in one.
        imports: The import block.
        body: Classes and aliases.
        below: Imports of other modules of models, for type checkers.
        references: The same for the runtime, as entries of a dictionary.
        exports: What it defines, sorted.
    """

    name: Code
    imports: Code
    body: Code
    below: tuple[Code, ...]
    references: tuple[Code, ...]
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
        templates: The folder with `parts/`.
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


_EMPTY = ModelModule(Code(""), Code(""), Code(""), (), (), ())


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
    if below:
        used |= {"TYPE_CHECKING", "refers"}
    return ModelModule(
        Code(name),
        Code(_imports(used, dots)),
        Code("\n\n\n".join(block.source for block in ordered)),
        tuple(_import(module, other) for module, other in below),
        tuple(Code(f'"{other}": "{module}"') for module, other in below),
        tuple(Code(block.name) for block in ordered),
    )


def _import(module: Code, name: Code | str) -> Code:
    line = f"from .{module} import {name}"
    return Code(line if len(line) <= _WIDTH else f"from .{module} import (\n        {name},\n    )")


#: Where the names that models mention come from, in the order of the import block.
_SOURCES = (
    (0, "typing", frozenset({"Annotated", "Any", "TYPE_CHECKING", "TypeAlias", "overload"})),
    (1, "pydantic", frozenset({"Field"})),
    (2, "_runtime.lazy", frozenset({"refers"})),
    (2, "_runtime.models", frozenset({"Model"})),
    (2, "_runtime.renamed", frozenset({"OldMembers", "deprecated", "renamed_fields"})),
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
    return _Block(alias.name, source, _names_of(text) | own)


@functools.lru_cache(maxsize=10_000)
def _names_of(text: str) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name))


@dataclass(frozen=True, slots=True)
class _FieldLines:
    """A field as its class shows it.

    Attributes:
        hint: Its type.
        required: Whether it has to be given.
        code: Its declaration.
    """

    name: Code
    hint: Code
    required: bool
    code: Code
    doc: Code | None


def _classes(view: ModelsView, templates: Path) -> Iterator[_Block]:
    """The classes, laid out by our templates around the types of the model generator."""
    hints = type_hints(view.kinds)
    env = environment(templates)
    for model in view.models:
        if model.base is not None:
            text = env.get_template("parts/enum.jinja").render(model=model)
            names = {str(model.base), *(["OldMembers", "deprecated"] if model.kept else [])}
            yield _Block(model.name, text.rstrip("\n"), frozenset(names))
            continue
        names = {"Model"}
        if model.kept:
            names.add("deprecated")
        if model.forms:
            names |= {"Any", "TYPE_CHECKING", "overload", "renamed_fields"}
        fields: list[_FieldLines] = []
        for name, field in model.fields.items():
            hint = _filled(hints[field.kind], field.parts)
            names |= _names_of(hint)
            if field.metadata:
                names |= {"Annotated", "Field"}
            required = view.kinds[field.kind].required
            code = _field(name, hint, field.metadata, required)
            fields.append(_FieldLines(Code(name), Code(hint), required, code, field.doc))
        if model.extra:
            names |= {"TYPE_CHECKING", *_names_of(model.extra)}
        text = env.get_template("parts/model.jinja").render(model=model, fields=fields)
        yield _Block(model.name, text.rstrip("\n"), frozenset(names))


def _field(name: Code, hint: str, metadata: Code | None, required: bool) -> Code:
    """The declaration of a field, on one line if that fits, else the way black divides it."""
    tail = "" if required else " = None"
    line = f"{name}: Annotated[{hint}, {metadata}]{tail}" if metadata else f"{name}: {hint}{tail}"
    if len(line) <= _WIDTH:
        return Code(line)
    if metadata:
        return Code(f"{name}: Annotated[\n        {hint}, {metadata}\n    ]{tail}")
    return Code(f"{name}: (\n        {hint}\n    ){tail}" if " | " in hint else line)


def _filled(hint: str, parts: Sequence[Code]) -> str:
    """A type with what stands behind its placeholders."""
    if not parts:
        return hint
    return _PLACEHOLDER.sub(lambda found: parts[int(found[1])], hint)
