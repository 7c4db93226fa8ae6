"""Expressions of the IR as Python: what can be said in a word stays in place, the rest gets names.

An `Emitter` writes the body of one function. Values that may be null are bound to local names, on
which type checkers narrow; cases, and records inside them, become functions of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...ir.expressions import (
    Address,
    AnyOf,
    Attr,
    Build,
    Cast,
    Check,
    Choose,
    Constantly,
    Entry,
    Expr,
    FirstOf,
    HookCall,
    Items,
    Latest,
    Lookup,
    MapOver,
    Mapped,
    Member,
    Members,
    Needed,
    Obj,
    Text,
    Var,
)
from ...ir.types import ListOf, MapOf, Nullable, Scalar, ScalarKind
from ..literals import Code, string, string_of, value
from ..names import attribute, known_name
from .gathered import Module, among, free_variables, key_of, may_be_null, snaked
from .names import enum_member, known_class

__all__ = ["Emitter"]


_STRING = Scalar(ScalarKind.STRING)
_BOOLEAN = Scalar(ScalarKind.BOOLEAN)


class Emitter:
    """Writes one function.

    Args:
        module: Takes functions, tables and imports.
        label: What functions and tables are called after.
        variables: Names that are taken.
    """

    def __init__(
        self, module: Module, label: str, variables: Sequence[str], await_for: str = "for"
    ) -> None:
        self.module = module
        self.label = label
        self.lines: list[str] = []
        self._for = await_for
        self._memo: dict[object, str] = {}
        self._sure: set[object] = set()
        self._taken = set(variables)

    def child(self, label: str | None = None) -> Emitter:
        """For a branch: it sees what is bound so far."""
        made = Emitter(self.module, label or self.label, sorted(self._taken), self._for)
        made._memo = dict(self._memo)
        made._sure = set(self._sure)
        return made

    def _alternatives(self, when: tuple[tuple[Check | AnyOf, ...], ...]) -> str:
        texts = [" and ".join(self.condition(c) for c in tests) for tests in when]
        return " or ".join(f"({t})" if len(texts) > 1 and " and " in t else t for t in texts)

    def _yes_or_no(self, choose: Choose) -> str | None:
        """A single case that gives true, and false otherwise, is its condition."""
        if len(choose.cases) != 1:
            return None
        when, then = choose.cases[0]
        ends = (then, choose.otherwise)
        if [e.value.raw for e in ends if isinstance(e, Constantly)] != [True, False]:
            return None
        text = self._alternatives(when)
        # What is truthy is not yet true.
        return text if re.search(r" (==|in|is) ", text) or text.startswith("not ") else None

    def forgetful(self) -> Emitter:
        """For another way through the same function: names stay taken, values are read anew."""
        return Emitter(self.module, self.label, sorted(self._taken), self._for)

    def take(self, name: str) -> None:
        """Reserve a name."""
        self._taken.add(name)

    def demand(self, needed: Needed) -> None:
        """See to an argument that must not be missing, before anything is sent."""
        if key_of(needed) not in self._memo:
            name = known_name(f"{needed.name.rpartition('.')[2]}_given")
            self._memo[key_of(needed)] = self.bind(name, self.text(needed))

    def absorb(self, inner: Emitter) -> None:
        """Take over what a child has bound, when its lines stand before what follows."""
        self.lines += inner.lines
        self._memo |= inner._memo
        self._taken |= inner._taken

    def null(self, expr: Expr) -> bool:
        """Whether a value may be null here, as far as a type checker can see."""
        return may_be_null(expr.type) and key_of(expr) not in self._sure

    def bind(self, name: str, text: str) -> str:
        """Give a value a local name."""
        wish, number = name, 2
        while wish in self._taken:
            wish, number = f"{name}_{number}", number + 1
        self._taken.add(wish)
        self.lines.append(f"{wish} = {text}")
        return wish

    def local(self, expr: Expr, wish: str = "found") -> str:
        """A name for a value."""
        if isinstance(expr, Var):
            return self.text(expr)
        if isinstance(expr, (Attr, Entry)):
            known = self._memo.get(key_of(expr))
            if known is None:
                part = expr.wire if isinstance(expr, Attr) else expr.key
                known = self.bind(attribute(part), self.text(expr))
                self._memo[key_of(expr)] = known
            return known
        return self.bind(wish, self.text(expr))

    def atom(self, expr: Expr, many: str = "tuple") -> str:
        """A value that can stand inside an expression."""
        text = self.text(expr, many)
        return f"({text})" if re.search(r" (if|or|and) ", text) else text

    def text(self, expr: Expr, many: str = "tuple") -> str:
        """A value as an expression.

        Args:
            expr: The value.
            many: What lists are: `tuple` in records, `list` elsewhere.
        """
        match expr:
            case Var(name, _, setting):
                return f"self._{known_name(name)}" if setting else str(known_name(name))
            case Attr(of, struct, wire):
                known = self._memo.get(key_of(expr))
                return known or self._through(of, f".{self._field(struct, wire)}")
            case Entry(of, key):
                known = self._memo.get(key_of(expr))
                return known or self._through(of, f".get({string(key)})")
            case Constantly(given):
                if given.raw == []:
                    return "()" if many == "tuple" else "[]"
                return value(given)
            case Member(enum, given):
                if enum.startswith("facade:"):
                    return enum_member(enum, given)
                return self.module.names.member(enum, given)
            case FirstOf():
                return self._first(expr)
            case Lookup():
                return self._lookup(expr)
            case Choose():
                return self._call_function(expr, self.label)
            case Text():
                return self._joined(expr)
            case Address(base, query):
                pairs = ", ".join(f"{string(n)}: {self.text(e)}" for n, e in query)
                return f"address({string(base)}, {{{pairs}}})"
            case Build():
                return self._build(expr)
            case Mapped():
                return self._mapped(expr)
            case MapOver():
                return self._map_over(expr, many)
            case Items(parts):
                inner = ", ".join(self.text(p) for p in parts)
                if many == "tuple":
                    return f"({inner},)" if len(parts) == 1 else f"({inner})"
                return f"[{inner}]"
            case Latest():
                return self._latest(expr)
            case HookCall():
                return self._hook(expr, many)
            case Cast():
                return self._cast(expr)
            case Needed(of, name):
                if (known := self._memo.get(key_of(expr))) is not None:
                    return known
                return f"needed({self.text(of)}, {string_of(name)})"
            case Members(of, reserved):
                names = ", ".join(string(name) for name in reserved)
                more = f", [{names}]" if names else ""
                return f"spread({self.text(of)}{more})"
            case Obj():
                raise AssertionError("objects are written by statements")

    def condition(self, check: Check | AnyOf, *, negated: bool = False) -> str:
        """A condition as an expression; `negated` is for those that compare with values."""
        if negated and (isinstance(check, AnyOf) or check.kind != "in"):
            return f"not ({self.condition(check)})"
        if isinstance(check, AnyOf):
            over = self._list(check.of)
            inside = self.child()
            text = inside.condition(check.check)
            assert not inside.lines, "conditions on members of a list are simple"
            return f"any({text} for {known_name(check.variable.name)} in {over})"
        of = check.of
        plain = isinstance(of, Attr) and not may_be_null(of.of.type)
        name = self.atom(of) if plain or not may_be_null(of.type) else self.local(of)
        inner = check.of.type.inner if isinstance(check.of.type, Nullable) else check.of.type
        if check.kind == "null":
            return f"{name} is None"
        if check.kind == "set":
            counts = isinstance(inner, (ListOf, MapOf)) or inner == _STRING
            return name if counts else f"{name} is not None"
        if inner == _BOOLEAN and len(check.values) == 1:
            wanted = self.text(check.values[0])
            if may_be_null(check.of.type):
                return f"{name} is {wanted}"
            return name if wanted == "True" else f"not {name}"
        values = [self.text(v) for v in check.values]
        if "None" in values:
            rest = [v for v in values if v != "None"]
            if not rest:
                return f"{name} is None"
            return f"({name} is None or {among(name, rest)})"
        return among(name, values, negated=negated)

    def branches(self, choose: Choose, label: str) -> list[str]:
        """Cases as statements that return."""
        plain = self._yes_or_no(choose)
        if plain is not None:
            return [*self._taken_lines(), f"return {plain}"]
        lines: list[str] = []
        for when, then in choose.cases:
            text = self._alternatives(when)
            lines += [*self._taken_lines(), f"if {text}:"]
            inside = self.child(label)
            inside.learn(when, holds=True)
            result = inside.returned(then, label)
            lines += ["    " + line for line in result]
            self.learn(when, holds=False)
        rest = self.child(label)
        return [*lines, *rest.returned(choose.otherwise, label)]

    def learn(self, when: tuple[tuple[Check | AnyOf, ...], ...], *, holds: bool) -> None:
        """Note what a comparison with null tells about the values that were compared."""
        if len(when) == 1 and (holds or len(when[0]) == 1):
            wanted = "set" if holds else "null"
            for check in when[0]:
                if isinstance(check, Check) and check.kind == wanted:
                    self._sure.add(key_of(check.of))

    def _taken_lines(self) -> list[str]:
        lines, self.lines = self.lines, []
        return lines

    def returned(self, expr: Expr, label: str, many: str = "tuple") -> list[str]:
        """Statements that return a value."""
        if isinstance(expr, Choose):
            return [*self._taken_lines(), *self.branches(expr, label)]
        if isinstance(expr, Build) and expr.of is not None and expr.variable is not None:
            return self._returned_part(expr)
        text = self.text(expr, many)
        return [*self._taken_lines(), f"return {text}"]

    def _returned_part(self, build: Build) -> list[str]:
        assert build.of is not None
        assert build.variable is not None
        name = known_name(build.variable.name)
        lines = [f"{name} = {self.text(build.of)}"]
        lines = [*self._taken_lines(), *lines]
        self._taken.add(name)
        if may_be_null(build.of.type):
            lines += [f"if {name} is None:", "    return None"]
        text = self._record(build)
        return [*lines, *self._taken_lines(), f"return {text}"]

    # Single kinds of expressions.

    def _field(self, struct: str, wire: object) -> str:
        from ...source.text import SpecText

        assert isinstance(wire, SpecText)
        if struct.startswith("facade:"):
            return known_name(wire.raw)
        return self.module.names.field(struct, wire)

    def _through(self, of: Expr, access: str) -> str:
        if not self.null(of):
            return f"{self.atom(of)}{access}"
        name = self.local(of)
        return f"None if {name} is None else {name}{access}"

    def _first(self, first: FirstOf) -> str:
        inner = first.type.inner if isinstance(first.type, Nullable) else first.type
        if inner == _STRING:
            text = " or ".join(self.atom(p) for p in first.parts)
            return f"{text} or None" if may_be_null(first.type) else text
        *early, last = first.parts
        text = self.text(last)
        for part in reversed(early):
            name = self.local(part)
            text = f"{name} if {name} is not None else {text}"
        return text

    def _lookup(self, lookup: Lookup) -> str:
        module = self.module
        name = module.unique(f"_{self.label}".upper())
        rows = [
            f"{module.names.member(lookup.enum, key)}: {self.text(entry)}"
            for key, entry in lookup.entries
        ]
        key_type = f"models.{module.names.model(lookup.enum)}"
        table_type = module.annotate(lookup.type)
        module.tables.append(
            Code(
                f"{name}: Final[Mapping[{key_type}, {table_type}]] = {{\n"
                + "".join(f"    {row},\n" for row in rows)
                + "}"
            )
        )
        other = self.text(lookup.other)
        null = f", {self.text(lookup.null)}" if lookup.null is not None else ""
        return f"lookup({name}, {self.text(lookup.of)}, {other}{null})"

    def _joined(self, text: Text) -> str:
        parts: list[str] = [string(text.texts[0])]
        for part, after in zip(text.parts, text.texts[1:], strict=True):
            parts += [self.text(part), string(after)]
        call = f"joined({', '.join(parts)})"
        return call if may_be_null(text.type) else f"{call} or ''"

    def _build(self, build: Build) -> str:
        if build.of is not None:
            return self._call_function(build, self.label)
        return self._record(build)

    def _record(self, build: Build) -> str:
        fields: list[str] = []
        for name, expr in build.fields:
            inside = self.child(f"{self.label}_{name}")
            text = inside.text(expr)
            self.absorb(inside)
            fields.append(f"{known_name(name)}={text}")
        return f"{known_class(build.record)}({', '.join(fields)})"

    def _mapped(self, mapped: Mapped) -> str:
        name = f"{self.module.mapping}{snaked(mapped.resource)}"
        context = "".join(f", {known_name(n)}={self.text(e)}" for n, e in mapped.context)
        if not self.null(mapped.of):
            return f"{name}({self.text(mapped.of)}{context})"
        of = self.local(mapped.of)
        return f"None if {of} is None else {name}({of}{context})"

    def _list(self, expr: Expr) -> str:
        text = self.atom(expr)
        return f"{text} or ()" if may_be_null(expr.type) else text

    def _map_over(self, over: MapOver, many: str) -> str:
        variable = known_name(over.variable.name)
        inside = self.child(f"{self.label}_{variable}")
        inside.take(variable)
        text = inside.text(over.to, many)
        if inside.lines or isinstance(over.to, Choose):
            text = self._call_function(over.to, self.label)
        word = self._for if over.paged else "for"
        loop = f"{text} {word} {variable} in {self._list(over.of)}"
        return f"tuple({loop})" if many == "tuple" else f"[{loop}]"

    def _latest(self, latest: Latest) -> str:
        variable = known_name(latest.variable.name)
        inside = self.child()
        kept = " or ".join(inside.condition(c, negated=True) for c in latest.unless)
        by = inside.atom(latest.by)
        condition = f" if {kept}" if kept else ""
        over = f"({variable} for {variable} in {self._list(latest.of)}{condition})"
        key = f"lambda {variable}: {by} or EARLIEST"
        return f"max({over}, key={key}, default=None)"

    def _hook(self, hook: HookCall, many: str) -> str:
        module = self.module
        module.hooks.append((hook, module.annotate(hook.type)))
        call = f"hooks.{known_name(hook.name)}({', '.join(self.text(a) for a in hook.arguments)})"
        return f"tuple({call})" if isinstance(hook.type, ListOf) and many == "tuple" else call

    def _cast(self, cast: Cast) -> str:
        if cast.kind == "moment":
            return f"moment({self.text(cast.of)})"
        if cast.kind == "text":
            return f"{'text' if may_be_null(cast.type) else 'written'}({self.text(cast.of)})"
        made = f"digits({{}}, {string_of(cast.name)})".format
        if not self.null(cast.of):
            return made(self.text(cast.of))
        name = self.local(cast.of)
        return f"None if {name} is None else {made(name)}"

    def _call_function(self, expr: Expr, label: str) -> str:
        """Move an expression to a function of the module, and call it."""
        module = self.module
        name = module.unique(f"_{label}")
        free = free_variables(expr)
        inside = Emitter(module, label, [v.name for v in free])
        lines = inside.returned(expr, label)
        declared = ", ".join(
            f"{known_name(v.name)}: {module.annotate(v.type, 'Sequence')}" for v in free
        )
        result = module.annotate(expr.type, "tuple")
        body = "\n".join(f"    {line}" for line in lines)
        module.functions.append(Code(f"def {name}({declared}) -> {result}:\n{body}"))
        return f"{name}({', '.join(known_name(v.name) for v in free)})"
