"""What the templates of models and bodies see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .literals import Code

__all__ = [
    "AliasView",
    "BodyView",
    "FieldView",
    "KeptView",
    "KindView",
    "ModelView",
    "ModelsView",
    "OldFormView",
]

_NOTHING = Code("")
_PASS = Code("pass")


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind of field, which any number of fields are of: what its type is made of.

    Attributes:
        schema: In the words of the model generator. `Type_0_`, `Type_1_` and so on stand for what
            differs from field to field.
        required: Whether a value has to be there.
    """

    schema: Mapping[str, object]
    required: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a model.

    Attributes:
        doc: Docstring.
        metadata: What `Annotated` adds to its type.
        kind: Which of the kinds of the models it is.
        parts: What stands behind the placeholders of its kind, in order.
        wire: Its name in the document, which is not for templates.
    """

    doc: Code | None
    metadata: Code | None
    kind: int
    parts: tuple[Code, ...]
    wire: str


@dataclass(frozen=True, slots=True)
class KeptView:
    """A name that was given up.

    Attributes:
        old: The name.
        new: What it is called now.
        text: What to say about it, as a string literal.
        bases: Of the class that it is to type checkers; empty where it is an alias to them.
        body: Of that class.
        class_: Of a resource.
    """

    old: Code
    new: Code
    text: Code
    bases: Code = _NOTHING
    body: Code = _PASS
    class_: Code = _NOTHING


@dataclass(frozen=True, slots=True)
class OldFormView:
    """A way to make a model with names that were given up.

    Attributes:
        text: What to say about it, as a string literal.
        arguments: Field, name to be given, and whether it has to be.
    """

    text: Code
    arguments: tuple[tuple[Code, Code, bool], ...]


@dataclass(frozen=True, slots=True)
class ModelView:
    """A class of the models module, but for the types of its fields.

    Attributes:
        name: Of the class.
        doc: Docstring.
        fields: By Python name; empty for an enumeration.
        values: Literal of every member, by its name; empty for a struct.
        value_docs: Docstrings of members that have one, by name.
        base: Of an enumeration.
        extra: Annotation of properties that have no field.
        kept: Names of fields or members that were given up.
        kept_arguments: Those of fields by which it can be made.
        forms: Ways to make it with those.
    """

    name: Code
    doc: Code | None
    fields: Mapping[Code, FieldView]
    values: Mapping[str, Code]
    value_docs: Mapping[str, Code]
    base: Code | None
    extra: Code | None
    kept: tuple[KeptView, ...] = ()
    kept_arguments: tuple[KeptView, ...] = ()
    forms: tuple[OldFormView, ...] = ()


@dataclass(frozen=True, slots=True)
class AliasView:
    """A name for a type that contains itself: the type as a string literal."""

    name: Code
    text: Code
    doc: Code


@dataclass(frozen=True, slots=True)
class ModelsView:
    """The models of a provider.

    Attributes:
        kinds: Of fields, each once: what the model generator is asked about.
        models: By class name.
        aliases: By name.
        modules: The module of each class and alias; empty where all are in one.
    """

    kinds: tuple[KindView, ...]
    models: tuple[ModelView, ...]
    aliases: tuple[AliasView, ...]
    modules: Mapping[Code, Code]


@dataclass(frozen=True, slots=True)
class BodyView:
    """The dictionary form of one struct."""

    name: Code
    doc: Code
    fields: tuple[Code, ...]
    annotations: tuple[Code, ...]
    functional: bool
