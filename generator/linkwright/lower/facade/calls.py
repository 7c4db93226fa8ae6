"""Calls of a mapping: operations, parameters and request bodies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...ir.api import Operation
from ...ir.expressions import (
    Expr,
    Members,
    Obj,
    Var,
)
from ...ir.facade import (
    Sent,
)
from ...ir.types import (
    Anything,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    Type,
    nullable,
    union,
)
from ...mapping.model import Call
from ...mapping.syntax import Hook, Object, Spread, Value
from ...source.span import Span
from ...source.text import SpecText, shown
from .fitting import LOST, bare, fit, is_null
from .values import Scope, Values
from .world import World, near

__all__ = ["Calls"]

_TEXT = Scalar(ScalarKind.STRING)


@dataclass(frozen=True, slots=True)
class Calls:
    """Lowers the calls of one provider's mapping."""

    values: Values

    @property
    def _world(self) -> World:
        return self.values.world

    def step(self, call: Call, scope: Scope) -> tuple[Sent | None, Scope]:
        """A call, and the scope with its answer; E502 and E504 where it cannot be made."""
        operation = self._world.operation(call.operation, call.span)
        if operation is None:
            return None, replace(scope, variables={**scope.variables, call.name: LOST})
        inside, each = self._loop(call, scope)
        parameters = self._parameters(call, operation, inside)
        body = self._body(call, operation, inside)
        key: Expr | None = None
        if call.idempotency_key is not None:
            found = self.values.path(call.idempotency_key, inside)
            key = fit(self._world, found, Nullable(_TEXT), call.span, "the idempotency key")
        answer = _answer(operation)
        if operation.paging is not None:
            answer = ListOf(operation.paging.item)
        if answer is not None and each is not None:
            answer = ListOf(answer)
        step = Sent(call.name, operation.key, tuple(parameters), body, key, each, answer)
        variables = dict(scope.variables)
        if call.name in variables:
            self._world.bad(
                "E501", f"{shown(call.name)} is the name of an argument or an earlier step",
                call.span, help="give the step another name",
            )  # fmt: skip
        variables[call.name] = Var(call.name, answer) if answer is not None else LOST
        paged = scope.paged | {call.name} if operation.paging is not None else scope.paged
        return step, replace(scope, variables=variables, paged=paged)

    def _loop(self, call: Call, scope: Scope) -> tuple[Scope, tuple[Var, Expr] | None]:
        if call.each is None:
            return scope, None
        name, over = call.each
        found = self.values.free(over, scope)
        inner = bare(found.type)
        if not isinstance(inner, ListOf) or is_null(found.type):
            self._world.bad(
                "E503", f"{self._world.told(found.type)} is no list", call.span,
                help="in: {require: some_list}",
            )  # fmt: skip
            return scope, None
        variable = Var(name, inner.item)
        return replace(scope, variables={**scope.variables, name: variable}), (variable, found)

    def _parameters(self, call: Call, operation: Operation, scope: Scope) -> list[tuple[int, Expr]]:
        by_name = {p.wire.raw: (i, p) for i, p in enumerate(operation.params)}
        found: list[tuple[int, Expr]] = []
        for name, value in call.parameters.items():
            span = call.keys[name]
            if name not in by_name:
                self._world.bad(
                    "E502",
                    f"{operation.id.shown} of {self._world.api.provider} has no parameter {shown(name)!r}",
                    span,
                    help=near(name, list(by_name)),
                    there=(operation.span, f"{operation.id.shown} stands here"),
                )
                continue
            index, param = by_name[name]
            self._world.fact("parameter", param.wire, param.span, span)
            want = bare(param.type)
            if not param.required or param.default is not None:
                want = nullable(want)
            found.append(
                (index, self.values.fitted(value, want, scope, f"the parameter {shown(name)}"))
            )
        for name, (_, param) in by_name.items():
            if param.required and param.default is None and name not in call.parameters:
                self._world.bad(
                    "E504",
                    f"{operation.id.shown} needs the parameter {param.wire.shown!r}, which nothing fills",
                    call.span,
                    help=f"with: {{{param.wire.shown}: ...}}",
                    there=(param.span, "it is required here"),
                )
        return found

    def _body(self, call: Call, operation: Operation, scope: Scope) -> Expr | None:
        if call.body is None:
            if operation.body is not None and operation.body.required:
                self._world.bad(
                    "E504",
                    f"{operation.id.shown} needs a body, which nothing fills",
                    call.span,
                    help="body: {fields: {...}}",
                    there=(operation.body.span, "it is required here"),
                )
            return None
        if operation.body is None:
            self._world.bad(
                "E502",
                f"{operation.id.shown} of {self._world.api.provider} takes no body",
                call.span,
                help="remove it",
                there=(operation.span, f"{operation.id.shown} stands here"),
            )
            return None
        return self._content(call.body, operation.body.media[0].type, scope, "the body", call.span)

    def _content(self, value: Value, want: Type, scope: Scope, what: str, span: Span) -> Expr:
        key = want.key if isinstance(want, Named) else None
        struct = self._world.api.declarations.get(key) if key else None
        match value:
            case Object() if isinstance(struct, Struct):
                return self._object(value, struct, scope)
            case Spread() if isinstance(struct, Struct):
                return self._spread(value, struct, scope)
            case Hook() if isinstance(struct, Struct):
                for name, place in value.uses:
                    self._world.uses(name, place)
                return self.values.fitted(replace(value, uses=()), MapOf(Anything()), scope, what)
            case Object() | Spread():
                names = ", ".join(value.fields) if isinstance(value, Object) else "members"
                self._world.bad(
                    "E503",
                    f"{what} is {self._world.told(want)}, which has no {shown(names)}",
                    span,
                )
                return LOST
            case _:
                return self.values.fitted(value, want, scope, what)

    def _object(self, value: Object, struct: Struct, scope: Scope) -> Expr:
        fields: list[tuple[SpecText, Expr, bool]] = []
        title = self._world.title(struct.key)
        for name, inner in value.fields.items():
            span = value.keys[name]
            one = self._world.property(struct, SpecText(name), span)
            if one is None:
                continue
            want = bare(one.type)
            if isinstance(inner, Object):
                fields.append(
                    (one.wire, self._content(inner, want, scope, name, span), one.required)
                )
                continue
            if not one.required:
                want = nullable(want)
            what = f"{title}.{shown(name)}"
            fields.append((one.wire, self.values.fitted(inner, want, scope, what), one.required))
        for one in struct.fields:
            if one.required and one.wire.raw not in value.fields:
                self._world.bad(
                    "E504",
                    f"{title} needs {one.wire.shown!r}, which nothing fills",
                    value.span,
                    help=f"{one.wire.shown}: ...",
                    there=(one.span, "it is required here"),
                )
        return Obj(struct.key, tuple(fields), Named(struct.key))

    def _spread(self, value: Spread, struct: Struct, scope: Scope) -> Expr:
        if struct.extra is None:
            self._world.bad(
                "E503",
                f"{self._world.title(struct.key)} takes no further properties",
                value.span,
                help="name them: {fields: {...}}",
                there=(struct.span, "it stands here"),
            )
        for name, span in value.reserved:
            self._world.property(struct, name, span)
        of = self.values.fitted(value.of, MapOf(_TEXT), scope, "the body")
        return Members(of, tuple(name for name, _ in value.reserved), Named(struct.key))


def _answer(operation: Operation) -> Type | None:
    types = [o.type for o in operation.successes if o.type is not None]
    if not types:
        return None
    joined = union(types)
    return nullable(joined) if len(types) < len(operation.successes) else joined
