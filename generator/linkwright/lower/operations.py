"""One operation: its parameters, bodies, answers and pages."""

from __future__ import annotations

from typing import Literal, cast

from ..diagnostics import Collector
from ..ir.api import Operation, Param, Repeat, Style
from ..ir.types import Anything, Constant, Scalar, ScalarKind, Type, Wish, union
from ..openapi import model
from ..source.text import SpecText, SpecValue
from .credentials import lower_security
from .media import MediaLowering, accept, essence, is_json
from .nesting import is_nested
from .paging import lower_paging
from .schemas import TypeTable
from .servers import Servers
from .wishes import operation_id

__all__ = ["OperationLowering"]

_IDEMPOTENCY_HEADER = "idempotency-key"
#: OpenAPI says that header parameters of these names are ignored: other parts describe them.
_OWNED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_REPEAT: dict[str, Repeat] = {
    "GET": "safe",
    "HEAD": "safe",
    "OPTIONS": "safe",
    "TRACE": "safe",
    "QUERY": "safe",
    "PUT": "idempotent",
    "DELETE": "idempotent",
}


class OperationLowering:
    """Lowers the operations of a document."""

    def __init__(
        self, document: model.OpenApi, types: TypeTable, servers: Servers, out: Collector
    ) -> None:
        self._document = document
        self._types = types
        self._media = MediaLowering(types, out)
        self._servers = servers
        self._out = out

    def operation(self, operation: model.Operation) -> Operation | None:
        """One operation; None where it is none of a client."""
        if operation.method == "TRACE":
            self._out.add("W204", "TRACE operations are not generated", operation.span)
            return None
        id_ = operation_id(operation)
        wish = Wish((id_,))
        params: list[Param] = []
        idempotency: SpecText | None = None
        for parameter in operation.parameters:
            lowered_name = parameter.wire.raw.lower()
            if parameter.place == "header" and lowered_name == _IDEMPOTENCY_HEADER:
                idempotency = parameter.wire
            elif parameter.place == "header" and lowered_name in _OWNED_HEADERS:
                self._out.add(
                    "W201", "OpenAPI ignores header parameters of this name", parameter.span
                )
            else:
                params.append(self._param(parameter, wish))
        successes, failures = self._media.outcomes(operation, wish)
        paging = lower_paging(
            operation.paging,
            operation.method,
            params,
            successes,
            self._types.declarations,
            operation.span,
            self._out,
        )
        if paging is not None:
            # Another form of the page may be asked for, instead of pages.
            pages = next(outcome for outcome in successes if outcome.type is not None)
            successes = tuple(
                outcome if outcome is pages else self._media.only_pages(outcome)
                for outcome in successes
            )
        servers = self._servers.of(operation)
        return Operation(
            key=f"{operation.method} {operation.path.raw}",
            id=id_,
            given=operation.name,
            suggested=operation.suggested_name,
            method=operation.method,
            path=operation.path,
            summary=operation.summary,
            description=operation.description,
            deprecated=operation.deprecated,
            params=tuple(params),
            body=self._media.body(operation.body, wish) if operation.body else None,
            successes=successes,
            failures=failures,
            security=lower_security(self._document, operation),
            repeat=operation.retry or _REPEAT.get(operation.method, "never"),
            browser=operation.browser,
            timeout=operation.timeout,
            server=servers[0].url if servers and servers[0].url != self._servers.base_url else None,
            servers=servers if len(servers) > 1 else (),
            accept=accept(successes),
            idempotency_header=idempotency,
            paging=paging,
            span=operation.span,
        )

    def _param(self, parameter: model.Parameter, wish: Wish) -> Param:
        schema = parameter.schema
        content = self._content(parameter)
        type_: Type = Anything()
        if content == "text":
            type_ = Scalar(ScalarKind.STRING)
        elif schema is not None:
            type_ = self._types.type_of(schema, wish.inside(parameter.wire.raw), sending=True)
        if content is None and parameter.style != "deepObject":
            self._nested(parameter, type_)
        constant = type_.value if isinstance(type_, Constant) else None
        if parameter.empty and type_ not in (Anything(), Scalar(ScalarKind.STRING)):
            type_ = union([type_, Constant(SpecValue(""))])
        default = (schema.default if schema and parameter.place != "path" else None) or constant
        return Param(
            wire=parameter.wire,
            place=parameter.place,
            type=type_,
            required=parameter.required,
            style=cast("Style", parameter.style),
            explode=parameter.explode,
            reserved=parameter.reserved,
            content=content,
            default=default if parameter.required else None,
            constant=constant,
            secret=parameter.secret or bool(schema and schema.secret),
            description=parameter.description or (schema.description if schema else None),
            given=parameter.name,
            span=parameter.span,
        )

    def _nested(self, parameter: model.Parameter, type_: Type) -> None:
        """Say which parameters have values that no call can send."""
        if is_nested(type_, self._types.declarations):
            self._out.add(
                "W204",
                "lists and objects inside lists or objects cannot be sent in style "
                f"{parameter.style}; such values raise a RequestError",
                parameter.span,
                help="where it takes JSON: content: {application/json: {schema: ...}}",
            )

    def _content(self, parameter: model.Parameter) -> Literal["json", "text"] | None:
        if parameter.media_type is None:
            return None
        if is_json(essence(parameter.media_type)):
            return "json"
        self._out.add(
            "W203",
            f"this parameter is given as the text of its {parameter.media_type.shown}",
            parameter.span,
        )
        return "text"
