"""Reading of `facade.yaml`: what a facade offers."""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Collector
from ..source.document import Document
from ..source.span import Span
from .cursor import CODE, Cursor
from .model import (
    Definition,
    EnumDefinition,
    ErrorDefinition,
    FieldDefinition,
    OperationDefinition,
    RecordDefinition,
    TypeName,
    WaitDefinition,
)

__all__ = ["read_definition", "read_fields"]


def read_definition(document: Document, out: Collector) -> Definition:
    """A facade. Mistakes are left in `out` as E501."""
    root = Cursor(document.root, out)
    root.only(
        *("facade", "package", "resource", "summary", "enums", "records", "resources", "errors"),
        "operations",
    )
    package = root.get("package")
    records = [*_records(root.get("records"), False), *_records(root.get("resources"), True)]
    enums = root.get("enums")
    errors = root.get("errors")
    return Definition(
        name=root.need("facade").name("a facade"),
        package=package.name("a package") if package else "facade",
        resource=root.need("resource").name("a resource", upper=True),
        summary=root.need("summary").text(),
        enums=(
            tuple(_enum(n, c) for n, c in enums.named("an enumeration", upper=True))
            if enums
            else ()
        ),
        records=tuple(records),
        errors=(
            tuple(_error(n, c) for n, c in errors.named("an error", upper=True)) if errors else ()
        ),
        operations=tuple(
            _operation(n, c) for n, c in root.need("operations").named("an operation")
        ),
        span=root.span,
    )


def _enum(name: str, cursor: Cursor) -> EnumDefinition:
    cursor.only("description", "values")
    values = cursor.need("values")
    if values.get("unknown") is None:
        cursor.out.add(
            CODE,
            f"the enumeration {name} has no value `unknown`",
            values.span,
            help="providers add values: write `unknown: Not known.`",
        )
    about = cursor.get("description")
    return EnumDefinition(
        name,
        {key: item.text() for key, item in values.entries()},
        values.keys(),
        about.text() if about else None,
        cursor.span,
    )


def _records(cursor: Cursor | None, native: bool) -> Iterator[RecordDefinition]:
    if cursor is None:
        return
    for name, item in cursor.named("a record", upper=True):
        item.only("description", "fields")
        yield RecordDefinition(
            name,
            native,
            read_fields(item.need("fields")),
            item.need("description").text(),
            item.span,
        )


def read_fields(cursor: Cursor) -> tuple[FieldDefinition, ...]:
    """Fields of a record, or arguments."""
    fields: list[FieldDefinition] = []
    for name, item in cursor.named("a field"):
        if not item.is_map:
            fields.append(
                FieldDefinition(name, _type(item), False, False, None, _type(item).text, item.span)
            )
            continue
        item.only("type", "secret", "positional", "default", "description")
        secret, positional, default = map(item.get, ("secret", "positional", "default"))
        fields.append(
            FieldDefinition(
                name,
                _type(item.need("type")),
                secret.flag() if secret else False,
                positional.flag() if positional else False,
                default.value() if default else None,
                item.need("description").text(),
                cursor.keys()[name],
            )
        )
    return tuple(fields)


def _type(cursor: Cursor) -> TypeName:
    return TypeName(cursor.text(), cursor.span)


def _error(name: str, cursor: Cursor) -> ErrorDefinition:
    cursor.only("description", "statuses")
    statuses = cursor.get("statuses")
    found: list[int] = []
    for item in statuses.items() if statuses else ():
        number = item.number()
        if number not in range(400, 600):
            item.bad("an HTTP status from 400 to 599 is expected")
        found.append(int(number))
    return ErrorDefinition(name, cursor.need("description").text(), tuple(found), cursor.span)


def _operation(name: str, cursor: Cursor) -> OperationDefinition:
    cursor.only("summary", "arguments", "returns", "tolerates", "destroys", "wait")
    arguments = cursor.get("arguments")
    returns = cursor.get("returns")
    tolerates = cursor.get("tolerates")
    destroys = cursor.get("destroys")
    wait = cursor.get("wait")
    if wait is None and returns is None:
        cursor.bad(f"the operation {name} does not say what it returns", "returns: nothing")
    return OperationDefinition(
        name,
        cursor.need("summary").text(),
        read_fields(arguments) if arguments else (),
        _type(returns) if returns else None,
        (
            (
                tolerates.need("error").name("an error", upper=True),
                tolerates.need("argument").name("an argument"),
                tolerates.span,
            )
            if tolerates
            else None
        ),
        destroys.flag() if destroys else False,
        _wait(wait) if wait else None,
        cursor.span,
    )


def _wait(cursor: Cursor) -> WaitDefinition:
    cursor.only("look", "track", "handle", "outcome", "ready", "user", "failed")
    track = cursor.get("track")

    def states(key: str) -> tuple[tuple[str, Span], ...]:
        found = cursor.get(key)
        return tuple((item.text().raw, item.span) for item in found.items()) if found else ()

    return WaitDefinition(
        cursor.need("look").name("an operation"),
        track.name("an operation") if track else None,
        cursor.need("handle").name("a record", upper=True),
        cursor.need("outcome").name("a record", upper=True),
        states("ready"),
        states("user"),
        states("failed"),
        cursor.span,
    )
