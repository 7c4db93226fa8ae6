"""Schemas that hold no others: strings, numbers and booleans, by type and format."""

from __future__ import annotations

from ..ir.types import Scalar, ScalarKind
from ..openapi.model import Schema

__all__ = ["format_of", "implied", "scalar"]

_STRING_FORMATS = {
    "date-time": ScalarKind.TIMESTAMP,
    "date": ScalarKind.DATE,
    "decimal": ScalarKind.DECIMAL_STRING,
    "binary": ScalarKind.FILE,
}
_TIMESTAMPS = {"utc": ScalarKind.UTC_TIMESTAMP, "naive": ScalarKind.LOCAL_TIMESTAMP}
_PLAIN = {
    "integer": ScalarKind.INTEGER,
    "number": ScalarKind.FLOAT,
    "boolean": ScalarKind.BOOLEAN,
}
_WHOLE = frozenset({"int32", "int64", "integer", "long"})


def format_of(schema: Schema) -> str:
    """The format, or an empty text."""
    return schema.format.raw if schema.format else ""


def scalar(schema: Schema, name: str) -> Scalar:
    """The type of a schema of a type that is neither an object nor a list."""
    form = format_of(schema)
    match name:
        case "string":
            if schema.timestamp is not None:
                return Scalar(_TIMESTAMPS[schema.timestamp])
            return Scalar(_STRING_FORMATS.get(form, ScalarKind.STRING))
        case "number" if form == "decimal":
            return Scalar(ScalarKind.DECIMAL_NUMBER)
        case "number" if form in _WHOLE:
            return Scalar(ScalarKind.INTEGER)
        case _:
            return Scalar(_PLAIN[name])


def implied(schema: Schema) -> tuple[str, ...]:
    """The types of a schema that names none, by what else it says."""
    if schema.additional is not None or schema.patterns or schema.required:
        return ("object",)
    if schema.items is not None or schema.prefix:
        return ("array",)
    if format_of(schema) == "decimal":
        # A decimal in quotes is what vendors point out; one without is what they take for granted.
        return ("number",)
    return ("string",) if schema.timestamp or format_of(schema) in _STRING_FORMATS else ()
