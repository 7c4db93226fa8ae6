"""Types of the IR as Python annotations, one function per place they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from ..ir.types import (
    Alias,
    Anything,
    Constant,
    Declaration,
    Enumeration,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    TupleOf,
    Type,
    UnionOf,
    is_file,
)
from .literals import Code, string, string_of, value

__all__ = ["Annotations", "SCALAR_TYPES", "tagged"]

#: What a decoded value is, in models. The upper-case ones are defined by `_runtime.types`.
SCALAR_TYPES: dict[ScalarKind, str] = {
    ScalarKind.STRING: "str",
    ScalarKind.INTEGER: "int",
    ScalarKind.FLOAT: "float",
    ScalarKind.BOOLEAN: "bool",
    ScalarKind.DECIMAL_NUMBER: "DecimalNumber",
    ScalarKind.DECIMAL_STRING: "DecimalString",
    ScalarKind.DATE: "Date",
    ScalarKind.TIMESTAMP: "Timestamp",
    ScalarKind.UTC_TIMESTAMP: "UtcDatetime",
    ScalarKind.LOCAL_TIMESTAMP: "LocalDatetime",
    ScalarKind.BYTES: "bytes",
    # In JSON it is text like any other.
    ScalarKind.FILE: "str",
}

#: What callers may give for it: the value itself, or text that is sent as it stands.
_SENT: dict[ScalarKind, str] = {
    **{kind: name for kind, name in SCALAR_TYPES.items() if name.islower()},
    ScalarKind.DECIMAL_NUMBER: "Decimal | int",
    ScalarKind.DECIMAL_STRING: "Decimal | str",
    ScalarKind.DATE: "date | str",
    ScalarKind.TIMESTAMP: "datetime | str",
    ScalarKind.UTC_TIMESTAMP: "datetime | str",
    ScalarKind.LOCAL_TIMESTAMP: "datetime | str",
}

#: In a plain dictionary, what has a form of the provider's own must have it already.
_WRITTEN: dict[ScalarKind, str] = {
    **_SENT,
    ScalarKind.LOCAL_TIMESTAMP: "str",
    ScalarKind.BYTES: "Content",
    ScalarKind.FILE: "File",
}

#: What a caller of a method gets back; plain types, since only models carry codecs.
_RECEIVED: dict[ScalarKind, str] = {
    **SCALAR_TYPES,
    ScalarKind.DECIMAL_NUMBER: "Decimal",
    ScalarKind.DECIMAL_STRING: "Decimal",
    ScalarKind.DATE: "date",
    ScalarKind.TIMESTAMP: "datetime",
    ScalarKind.UTC_TIMESTAMP: "datetime",
    ScalarKind.LOCAL_TIMESTAMP: "datetime",
}


class Annotations:
    """Writes annotations, with the class names that were assigned."""

    def __init__(
        self, declarations: Mapping[str, Declaration], classes: Mapping[str, Code]
    ) -> None:
        self._declarations = declarations
        self._closed: set[str] = set()  # what was found to name all its properties
        self._classes = classes

    def received(self, type_: Type | None) -> Code:
        """The result of a call; `None` is an answer without content.

        Lists are `List`: resource classes have methods called `list`, which hide the builtin.
        """
        if type_ is None:
            return Code("None")
        return Code(
            self._write(
                type_, lambda k: _RECEIVED[k], lambda n: f"models.{self._classes[n.key]}", "List"
            )
        )

    def decoded(self, type_: Type) -> Code:
        """The run-time type an answer is decoded into, an expression of the operations module."""
        return Code(
            self._write(
                type_,
                lambda k: (
                    SCALAR_TYPES[k] if SCALAR_TYPES[k].islower() else f"types.{SCALAR_TYPES[k]}"
                ),
                lambda n: f"models.{self._classes[n.key]}",
                "list",
                lambda union, text: tagged(union, text, self._classes, "types."),
            )
        )

    def modelled(self, type_: Type) -> Code:
        """The type of a field, in the module of the models."""
        return Code(
            self._write(
                type_,
                lambda k: SCALAR_TYPES[k],
                lambda n: self._classes[n.key],
                "list",
                lambda union, text: tagged(union, text, self._classes),
            )
        )

    def argument(self, type_: Type) -> Code:
        """A parameter of a method: open enums take plain strings, lists any sequence."""
        return Code(self._write(type_, lambda k: _SENT[k], self._argument_name, "Sequence"))

    def body(self, type_: Type, *, files: bool = False) -> Code:
        """A request body: the model, or the same as a plain dictionary.

        Args:
            type_: Its type.
            files: Whether it can hold files, which only the dictionary can.
        """
        name = self._upload_name if files else self._body_name
        return Code(self._write(type_, lambda k: _WRITTEN[k], name, "Sequence"))

    def item(self, type_: Type) -> Code:
        """A value inside the dictionary form of a request body."""
        return Code(self._write(type_, lambda k: _WRITTEN[k], self._item_name, "Sequence"))

    def is_single(self, type_: Type) -> bool:
        """Whether a value is neither list nor object."""
        match type_:
            case Nullable(inner):
                return self.is_single(inner)
            case Named(key):
                return isinstance(self._declarations[key], Enumeration)
            case UnionOf(variants):
                return all(self.is_single(variant) for variant in variants)
            case _:
                return isinstance(type_, (Scalar, Constant))

    def _argument_name(self, named: Named) -> str:
        return self._given(named, " | Mapping[str, object]")

    def _body_name(self, named: Named) -> str:
        text = f" | bodies.{self._classes[named.key]}Dict"
        loose = " | Mapping[str, object]" if self._open_ended(named) else ""
        return self._given(named, text + loose)

    def _upload_name(self, named: Named) -> str:
        found = self._declarations[named.key]
        if isinstance(found, Struct) and any(is_file(field.type) for field in found.fields):
            text = f"bodies.{self._classes[named.key]}Dict"
            return f"{text} | Mapping[str, object]" if self._open_ended(named) else text
        return self._body_name(named)

    def _item_name(self, named: Named) -> str:
        return self._given(named, f" | {self._classes[named.key]}Dict")

    def _given(self, named: Named, as_dictionary: str) -> str:
        """A declared type as callers give it: the model, or plain Python that means the same."""
        name = f"models.{self._classes[named.key]}"
        match self._declarations[named.key]:
            case Enumeration(integers=integers):
                return f"{name} | {'int' if integers else 'str'}"
            case Alias():
                return f"{name} | Sequence[object] | Mapping[str, object]"
            case Struct():
                return name + as_dictionary

    def _open_ended(self, type_: Type) -> bool:
        """Whether a body takes properties that its TypedDict cannot name."""
        seen: set[str] = set()
        waiting = [type_]
        while waiting:
            match waiting.pop():
                case Named(key) if key not in seen and key not in self._closed:
                    seen.add(key)
                    found = self._declarations[key]
                    if isinstance(found, Struct):
                        if found.extra is not None:
                            return True
                        waiting += (field.type for field in found.fields)
                case Nullable(inner) | ListOf(inner):
                    waiting.append(inner)
                case UnionOf(parts) | TupleOf(parts):
                    waiting += parts
                case _:
                    pass
        self._closed |= seen
        return False

    def _write(
        self,
        type_: Type,
        scalar: Callable[[ScalarKind], str],
        named: Callable[[Named], str],
        list_: str,
        choice: Callable[[UnionOf, str], str] = lambda _, text: text,
    ) -> str:
        def go(part: Type) -> str:
            match part:
                case Anything():
                    return "Any" if list_ in ("list", "List") else "object"
                case Scalar(kind):
                    return scalar(kind)
                case Constant(given):
                    return (
                        f"Literal[{value(given)}]" if list_ == "Sequence" else _kind_of(given.raw)
                    )
                case Named():
                    return named(part)
                case ListOf(item):
                    return f"{list_}[{go(item)}]"
                case TupleOf(items):
                    return f"tuple[{', '.join(go(item) for item in items)}]"
                case MapOf(inner):
                    mapping = "Mapping" if list_ == "Sequence" else "dict"
                    return f"{mapping}[str, {go(inner)}]"
                case UnionOf(variants):
                    return choice(part, " | ".join(dict.fromkeys(go(v) for v in variants)))
                case Nullable(inner):
                    text = go(inner)
                    return text if text in ("Any", "object") else f"{text} | None"
                case _:
                    assert_never(part)

        return go(type_)


def tagged(union: UnionOf, text: str, classes: Mapping[str, Code], prefix: str = "") -> Code:
    """What tells the decoder how to choose between variants, around their annotation."""
    if union.tag is None:
        return Code(text)
    tag = union.tag
    pairs = ", ".join(f"{string(value)}: {string_of(classes[key])}" for value, key in tag.keys)
    other = f", {string_of(classes[tag.other])}" if tag.other else ""
    return Code(f"Annotated[{text}, {prefix}Tagged({string(tag.wire)}, {{{pairs}}}{other})]")


def _kind_of(raw: object) -> str:
    """The open type of a constant: an answer may well say something else one day."""
    return type(raw).__name__ if isinstance(raw, (str, int, bool, float)) else "Any"
