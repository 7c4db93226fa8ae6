"""Values of a mapping, resolved against what their names mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...ir.expressions import (
    Address,
    AnyOf,
    Build,
    Check,
    Choose,
    Constantly,
    Expr,
    FirstOf,
    HookCall,
    Items,
    Latest,
    Lookup,
    MapOver,
    Mapped,
    Needed,
    Text,
    Var,
)
from ...ir.facade import (
    facade_key,
)
from ...ir.types import (
    Enumeration,
    ListOf,
    MapOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Type,
    nullable,
)
from ...mapping.model import TypeName
from ...mapping.syntax import (
    Cases,
    Const,
    Each,
    First,
    Hook,
    ItemsOf,
    MapTo,
    Name,
    Newest,
    Nothing,
    Object,
    Path,
    Record,
    Require,
    Spread,
    Table,
    Template,
    Test,
    Url,
    Value,
)
from ...source.span import Span
from ...source.text import SpecText, SpecValue, shown
from .fitting import LOST, bare, constant, fit, is_null
from .paths import Native, Scope, follow
from .world import World, near, texts

__all__ = ["Native", "Scope", "Values"]

_STRING = Scalar(ScalarKind.STRING)


@dataclass(frozen=True, slots=True)
class Values:
    """Lowers the values of one provider's mapping."""

    world: World
    natives: Mapping[str, Native]
    has_hooks: bool

    def fitted(self, value: Value, want: Type, scope: Scope, what: str) -> Expr:
        """A value for a place of a known type. Complaints are left in the collector."""
        match value:
            case Const(raw, span):
                return constant(self.world, raw, want, span, what)
            case Nothing(_, span):
                if not is_null(want):
                    self._bad("E503", f"{what} must not be null", span, "map it to something")
                return Constantly(SpecValue(None), want)
            case First(parts):
                return self._first(parts, want, scope, what)
            case Table():
                return self._table(value, want, scope, what)
            case Cases():
                return self._cases(value, want, scope, what)
            case Record():
                return fit(self.world, self._record(value, scope), want, value.span, what)
            case Each(of, to, span):
                return fit(
                    self.world, self._each(of, to, span, want, scope, what), want, span, what
                )
            case ItemsOf(items):
                inner = bare(want)
                item = inner.item if isinstance(inner, ListOf) else _STRING
                members = tuple(self.fitted(i, item, scope, what) for i in items)
                return fit(self.world, Items(members, ListOf(item)), want, value.span, what)
            case Hook(returns=None):
                return self._hook(value, want, scope)
            case _:
                return fit(self.world, self.free(value, scope), want, value.span, what)

    def free(self, value: Value, scope: Scope) -> Expr:
        """A value whose type is its own."""
        match value:
            case Path():
                return self.path(value, scope)
            case Require(of, span):
                found = self.path(of, scope)
                name = ".".join(part.raw for part in of.parts)
                if found is LOST:
                    return LOST
                if not is_null(found.type):
                    self._bad("E503", f"{shown(name)} is there in any case", span, f"write {name}")
                return Needed(found, name, bare(found.type))
            case Name(span):
                if scope.operation is None:
                    self._bad("E503", "no operation is running here", span, "use const")
                return Constantly(SpecValue(scope.operation or ""), _STRING)
            case Template(texts, paths):
                return self._template(texts, paths, value.span, scope)
            case Url(base, query):
                pairs = tuple(
                    (SpecText(k), self.fitted(v, Nullable(_STRING), scope, k))
                    for k, v in query.items()
                )
                return Address(base, pairs, _STRING)
            case Newest():
                return self._newest(value, scope)
            case MapTo(resource, of, span):
                return self._map_to(resource, self.path(of, scope), span, scope)
            case Hook(returns=returns) if returns is not None:
                return self._hook(value, self._hook_type(returns, value.span), scope)
            case Record():
                return self._record(value, scope)
            case Object() | Spread():
                self._bad(
                    "E503", "objects are for the bodies of requests", value.span, "use record"
                )
            case _:
                self._bad("E503", "nothing says which type this is", value.span, "write a path")
        return LOST

    def path(self, path: Path, scope: Scope) -> Expr:
        """What a path leads to; E502 where it leads nowhere."""
        return follow(self.world, path, scope)

    def _first(self, parts: tuple[Value, ...], want: Type, scope: Scope, what: str) -> Expr:
        *early, last = [
            self.fitted(p, nullable(want) if i < len(parts) - 1 else want, scope, what)
            for i, p in enumerate(parts)
        ]
        return FirstOf((*early, last), want)

    def _table(self, table: Table, want: Type, scope: Scope, what: str) -> Expr:
        of = self.free(table.of, scope)
        inner = bare(of.type)
        if of is LOST:
            return LOST
        enum = self.world.api.declarations.get(inner.key) if isinstance(inner, Named) else None
        if not isinstance(enum, Enumeration):
            self._bad(
                "E503",
                f"a table needs an enumeration, but this is {self.world.told(of.type)}",
                table.span,
                "use cases",
            )
            return Constantly(SpecValue(None), want)
        for key in table.values:
            self.world.value(enum, SpecText(key), table.keys[key])
        missing = [v for v in texts(enum) if v.raw not in table.values]
        for value in missing:
            self.world.bad(
                "E504",
                f"{what}: the table says nothing about {value.shown!r}",
                table.span,
                help=f"add `{value.shown}: ...` to its values",
                there=(enum.span, f"{self.world.title(enum.key)} has it"),
            )
        if is_null(of.type) and table.null is None:
            self._bad(
                "E504", f"{what}: the table says nothing about null", table.span, '"null": ...'
            )
        if table.other is None:
            self._bad(
                "E504",
                f"{what}: the table says nothing about values that are yet to come",
                table.span,
                "other: unknown",
            )

        def entry(value: Value | None) -> Expr:
            return self.fitted(value or Const(SpecValue(None), table.span), want, scope, what)

        return Lookup(
            of,
            enum.key,
            tuple((SpecText(k), entry(v)) for k, v in table.values.items()),
            entry(table.null) if table.null is not None else None,
            entry(table.other) if table.other else Constantly(SpecValue(None), nullable(want)),
            want,
        )

    def _cases(self, cases: Cases, want: Type, scope: Scope, what: str) -> Expr:
        lowered: list[tuple[tuple[tuple[Check | AnyOf, ...], ...], Expr]] = []
        for case in cases.cases:
            when = tuple(tuple(self.check(t, scope) for t in tests) for tests in case.when)
            lowered.append((when, self.fitted(case.then, want, _narrowed(scope, when, True), what)))
            scope = _narrowed(scope, when, False)
        for path in cases.total:
            self._total(path, cases, scope, what)
        return Choose(tuple(lowered), self.fitted(cases.otherwise, want, scope, what), want)

    def _total(self, path: Path, cases: Cases, scope: Scope, what: str) -> None:
        inner = bare(self.path(path, scope).type)
        enum = self.world.api.declarations.get(inner.key) if isinstance(inner, Named) else None
        if not isinstance(enum, Enumeration):
            self._bad("E503", "only an enumeration can be total", path.span, "remove it")
            return
        named = {
            value.raw
            for case in cases.cases
            for tests in case.when
            for test in tests
            if test.path.parts == path.parts
            for value in test.values
        }
        for value in texts(enum):
            if value.raw not in named:
                self.world.bad(
                    "E504",
                    f"{what}: no case says anything about {value.shown!r}",
                    path.span,
                    help="name it in a case",
                    there=(enum.span, f"{self.world.title(enum.key)} has it"),
                )

    def check(self, test: Test, scope: Scope) -> Check | AnyOf:
        """A condition. A path through a list asks whether it holds for any member."""
        path = test.path
        for length in range(1, len(path.parts)):
            head = replace(path, parts=path.parts[:length])
            if length == 1 and path.parts[0].raw not in scope.variables and scope.subject is None:
                break
            of = self.path(head, scope)
            inner = bare(of.type)
            if isinstance(inner, ListOf):
                member = Var("member", inner.item)
                rest = replace(test, path=replace(path, parts=path.parts[length:]))
                checked = self.check(rest, Scope({}, member))
                if isinstance(checked, Check):
                    return AnyOf(of, member, checked)
        return self._check(test, self.path(path, scope))

    def _check(self, test: Test, of: Expr) -> Check:
        if test.set:
            return Check(of, "set", ())
        if test.values == (SpecValue(None),):
            if of is not LOST and not is_null(of.type):
                self._bad("E503", "this is never null", test.span, "leave it out")
            return Check(of, "null", ())
        what = ".".join(part.raw for part in test.path.parts)
        values = tuple(
            (
                Constantly(v, nullable(bare(of.type)))
                if v.raw is None
                else constant(self.world, v, bare(of.type), test.span, shown(what))
            )
            for v in test.values
        )
        return Check(of, "in", values)

    def _record(self, record: Record, scope: Scope) -> Expr:
        declared = self.world.names.records.get(record.name.raw)
        if declared is None:
            known = list(self.world.names.records)
            self._bad(
                "E502", f"the facade has no record {record.name.shown!r}", record.span,
                near(record.name.raw, known),
            )  # fmt: skip
            return LOST
        of: Expr | None = None
        variable: Var | None = None
        if record.of is not None:
            of = self.free(record.of, scope)
            variable = Var("item", bare(of.type))
            scope = scope.inside(variable)
        wanted = {f.name: f for f in declared.fields}
        for key, span in record.keys.items():
            if key not in wanted:
                self._bad(
                    "E502", f"{declared.name} has no field {shown(key)!r}", span,
                    near(key, list(wanted)),
                )  # fmt: skip
        fields: list[tuple[str, Expr]] = []
        for name, one in wanted.items():
            value = record.fields.get(name)
            if value is None:
                self._bad(
                    "E504",
                    f"nothing is said about the field {name} of {declared.name}",
                    record.span,
                    f"{name}: a.path, or {name}: {{none: why there is nothing}}",
                )
                continue
            fields.append((name, self.fitted(value, one.type, scope, f"{declared.name}.{name}")))
        type_: Type = Named(facade_key(declared.name))
        null = of is not None and is_null(of.type)
        return Build(declared.name, tuple(fields), of, variable, nullable(type_) if null else type_)

    def _each(self, of: Value, to: Value, span: Span, want: Type, scope: Scope, what: str) -> Expr:
        found = self.free(of, scope)
        inner = bare(found.type)
        if found is LOST:
            return LOST
        if not isinstance(inner, ListOf):
            self._bad(
                "E503", f"{self.world.told(found.type)} is no list", span, "each needs a list"
            )
            return Constantly(SpecValue([]), want)
        item = Var("item", inner.item)
        paged = isinstance(found, Var) and found.name in scope.paged
        target = bare(want)
        inside = scope.inside(item)
        if isinstance(target, ListOf) and not isinstance(to, MapTo):
            result = self.fitted(to, target.item, inside, what)
        else:
            result = self.free(to, inside)
        return MapOver(found, item, result, paged, ListOf(result.type))

    def _template(
        self, texts: tuple[SpecText, ...], paths: tuple[Path, ...], span: Span, scope: Scope
    ) -> Expr:
        parts: list[Expr] = []
        for path in paths:
            found = self.path(path, scope)
            if isinstance(bare(found.type), (ListOf, MapOf)):
                self._bad("E503", "a list has no place in a template", span, None)
            parts.append(found)
        null = all(is_null(p.type) for p in parts)
        return Text(texts, tuple(parts), nullable(_STRING) if null else _STRING)

    def _newest(self, newest: Newest, scope: Scope) -> Expr:
        of = self.path(newest.of, scope)
        inner = bare(of.type)
        if not isinstance(inner, ListOf):
            self._bad("E503", f"{self.world.told(of.type)} is no list", newest.span, None)
            return LOST
        member = Var("member", inner.item)
        inside = Scope({}, member)
        by = self.path(newest.by, inside)
        unless = tuple(self.check(t, inside) for t in newest.unless)
        return Latest(of, member, by, unless, nullable(inner.item))

    def _map_to(self, resource: SpecText, of: Expr, span: Span, scope: Scope) -> Expr:
        native = self.natives.get(resource.raw)
        if native is None:
            self._bad(
                "E502", f"{resource.shown!r} is not mapped here", span,
                near(resource.raw, list(self.natives)),
            )  # fmt: skip
            return LOST
        if of is not LOST and bare(of.type) not in native.sources:
            wanted = " or ".join(self.world.told(s) for s in native.sources)
            self._bad(
                "E503",
                f"{resource.shown} is mapped from {wanted}, but this is {self.world.told(of.type)}",
                span,
                f"name it under `from` of {resource.shown}, or choose another path",
            )
        context: list[tuple[str, Expr]] = []
        for variable in native.context:
            there = scope.variables.get(variable.name)
            if there is None:
                self._bad(
                    "E504",
                    f"the mapping of {resource.shown} needs {variable.name}, which nothing gives",
                    span,
                    "add an argument or a step of that name",
                )
                continue
            what = f"{resource.shown}.{variable.name}"
            context.append((variable.name, fit(self.world, there, variable.type, span, what)))
        type_: Type = Named(facade_key(resource.raw))
        return Mapped(
            resource.raw, of, tuple(context), nullable(type_) if is_null(of.type) else type_
        )

    def _hook(self, hook: Hook, type_: Type, scope: Scope) -> Expr:
        if not self.has_hooks:
            self._bad("E504", "no file of hooks is named", hook.span, "hooks: hooks.py")
        for name, span in hook.uses:
            self.world.uses(name, span)
        arguments = tuple(self.free(a, scope) for a in hook.arguments)
        return HookCall(hook.name.raw, arguments, type_, hook.span)

    def _hook_type(self, name: SpecText, span: Span) -> Type:
        plain = SpecText(name.raw.removesuffix("?"))
        key = f"/components/schemas/{plain.raw}"
        if key in self.world.api.declarations:
            return nullable(Named(key)) if plain != name else Named(key)
        return self.world.names.type_of(TypeName(name, span), self.world.out)

    def _bad(self, code: str, message: str, span: Span, help: str | None) -> None:
        self.world.bad(code, message, span, help=help)


def _narrowed(scope: Scope, when: tuple[tuple[Check | AnyOf, ...], ...], holds: bool) -> Scope:
    """What is known of a variable that was compared with null and nothing else."""
    if len(when) != 1 or len(when[0]) != 1:
        return scope
    check = when[0][0]
    known = isinstance(check, Check) and (check.kind == ("set" if holds else "null"))
    if not known or not isinstance(check, Check) or not isinstance(check.of, Var):
        return scope
    found = replace(check.of, type=bare(check.of.type))
    return replace(scope, variables={**scope.variables, found.name: found})
