"""How a provider does each operation of a facade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ...ir.expressions import (
    Cast,
    Expr,
    HookCall,
    Var,
)
from ...ir.facade import (
    Argument,
    Done,
    FacadeOperation,
    GuardCall,
    GuardRule,
    Repeated,
    Sent,
    Way,
)
from ...ir.types import ListOf, Scalar, ScalarKind, nullable
from ...ir.walk import find
from ...mapping.model import Branch, Guard, GuardUse, OperationMapping, ProviderMapping
from ...mapping.syntax import Path, Require
from ...source.span import Span
from ...source.text import SpecText, shown
from .calls import Calls
from .fitting import bare, fit, is_null
from .values import Scope, Values
from .world import World, near

__all__ = ["Ways"]

_TEXT = Scalar(ScalarKind.STRING)


@dataclass(frozen=True, slots=True)
class Ways:
    """Lowers the operations of one provider's mapping.

    Attributes:
        optional: Types of the arguments that may be left out at this provider.
        settings: What a user says when connecting.
    """

    mapping: ProviderMapping
    values: Values
    calls: Calls
    operations: Mapping[str, FacadeOperation]
    settings: tuple[Argument, ...]

    @property
    def _world(self) -> World:
        return self.values.world

    def guards(self) -> Iterator[GuardRule]:
        """The guards, each with what it reads besides its argument."""
        texts = {
            a.name: Var(a.name, bare(a.type))
            for o in self.operations.values()
            for a in o.arguments
            if bare(a.type) == _TEXT
        }
        for guard in self.mapping.guards:
            if guard.argument not in texts:
                self._bad(
                    "E502", f"no operation has an argument {shown(guard.argument)!r} that is text",
                    guard.span, near(guard.argument, list(texts)),
                )  # fmt: skip
                continue
            step, scope = self.calls.step(guard.call, Scope(texts))
            if step is None:
                continue
            value = guard.equals
            if isinstance(value, Path):
                value = replace(value, parts=(SpecText(step.name), *value.parts))
            what = "what a guard compares"
            equals = _sure(self.values.fitted(value, nullable(_TEXT), scope, what))
            reads = tuple(v for n, v in texts.items() if n in _names(step))
            yield GuardRule(guard.name, guard.argument, step, equals, guard.remember, reads)

    def done(self, mapping: OperationMapping, operation: FacadeOperation) -> Done:
        """One operation. Complaints are left in the collector."""
        optional = tuple(a.name for a in operation.arguments if a.name in self.mapping.optional)
        self._check_level(mapping, operation)
        source = self._same(mapping)
        ways = tuple(self._ways(source, mapping, operation, optional)) if source else ()
        loop = self._loop(mapping, operation) if mapping.loop else None
        pace = mapping.wait
        return Done(
            operation=operation,
            level=mapping.level,
            reason=mapping.reason,
            alternative=mapping.alternative,
            paging=mapping.paging,
            data=mapping.data,
            optional=optional,
            refuses=tuple(mapping.refuses.items()),
            ways=ways,
            loop=loop,
            pace=(pace.first, pace.factor, pace.longest, pace.grace) if pace else None,
        )

    def _check_level(self, mapping: OperationMapping, operation: FacadeOperation) -> None:
        does = bool(mapping.branches or mapping.same_as or mapping.loop or mapping.wait)
        if mapping.level == "unsupported":
            if does:
                self._bad(
                    "E501", f"{mapping.name} is unsupported, yet it is done", mapping.span, None
                )
            alternative = mapping.alternative
            if alternative is not None and alternative not in self.operations:
                self._bad(
                    "E502", f"the facade has no operation {shown(alternative)!r}", mapping.span,
                    near(alternative, list(self.operations)),
                )  # fmt: skip
        elif operation.wait is not None and mapping.wait is None:
            self._bad(
                "E504", f"nothing says how often {mapping.name} looks", mapping.span,
                "pace: {first: 2, factor: 1.5, longest: 15}",
            )  # fmt: skip
        elif not does:
            self._bad(
                "E504", f"nothing says how {mapping.name} is done", mapping.span,
                "steps: {answer: {call: someOperation}}, or level: unsupported",
            )  # fmt: skip
        if operation.destroys and mapping.level != "unsupported" and mapping.data is None:
            self._bad(
                "E504", f"{mapping.name} does not say what becomes of the data", mapping.span,
                "data: Destroys ..., or data: Keeps ...",
            )  # fmt: skip
        names = [a.name for a in operation.arguments]
        for name in mapping.refuses:
            if name not in names:
                self._bad(
                    "E502", f"{mapping.name} has no argument {shown(name)!r}", mapping.keys[name],
                    near(name, names),
                )  # fmt: skip

    def _same(self, mapping: OperationMapping) -> OperationMapping | None:
        if mapping.same_as is None:
            return mapping
        for other in self.mapping.operations:
            if other.name == mapping.same_as:
                return other
        self._bad(
            "E502", f"{shown(mapping.same_as)!r} is not mapped here", mapping.span,
            near(mapping.same_as, [o.name for o in self.mapping.operations]),
        )  # fmt: skip
        return None

    def _ways(
        self,
        source: OperationMapping,
        mapping: OperationMapping,
        operation: FacadeOperation,
        optional: tuple[str, ...],
    ) -> Iterator[Way]:
        variables: dict[str, Expr] = {
            s.name: Var(s.name, s.type, setting=True) for s in self.settings
        }
        variables = {"settings." + n: v for n, v in variables.items()}
        for argument in operation.arguments:
            if argument.name in mapping.refuses:
                continue
            type_ = nullable(argument.type) if argument.name in optional else argument.type
            variables[argument.name] = Var(argument.name, type_)
        used: set[str] = set(mapping.refuses)
        if operation.tolerates:
            used.add(operation.tolerates[1])
        for branch in source.branches:
            way = self._way(branch, Scope(variables, operation=mapping.name), operation, used)
            if branch.when is not None:
                name = branch.when.parts[0].raw
                found = variables.get(name)
                if isinstance(found, Var):
                    variables = {**variables, name: replace(found, type=bare(found.type))}
            yield way
        for argument in operation.arguments:
            if argument.name not in used and source.branches:
                self._bad(
                    "E504",
                    f"nothing is done with the argument {argument.name} of {mapping.name}",
                    mapping.span,
                    f"use it, or write `refuses: {{{argument.name}: why it cannot be given}}`",
                )

    def _way(self, branch: Branch, scope: Scope, operation: FacadeOperation, used: set[str]) -> Way:
        when: str | None = None
        if branch.when is not None:
            when = branch.when.parts[0].raw
            used.add(when)
            self.values.path(branch.when, scope)
        guard = self._guard(branch.guard, scope) if branch.guard else None
        if guard is not None:
            used |= {guard.argument, *guard.reads}
        steps: list[Sent] = []
        for call in branch.steps:
            step, scope = self.calls.step(call, scope)
            if step is not None:
                steps.append(step)
        after: tuple[str, Expr] | None = None
        if branch.after is not None:
            argument, value = branch.after
            used.add(argument)
            what = "what is compared afterwards"
            after = (argument, _sure(self.values.fitted(value, nullable(_TEXT), scope, what)))
        result: Expr | None = None
        if operation.returns is not None:
            if branch.result is None:
                self._bad(
                    "E504", f"nothing says what {operation.name} gives back", branch.span,
                    "result: ...",
                )  # fmt: skip
            else:
                what = f"the result of {operation.name}"
                result = self.values.fitted(branch.result, operation.returns, scope, what)
        used |= _names((*steps, result))
        return Way(when, guard, tuple(steps), after, result)

    def _guard(self, use: GuardUse, scope: Scope) -> GuardCall | None:
        for guard in self.mapping.guards:
            if guard.name == use.name:
                return self._guard_call(guard, use, scope)
        self._bad(
            "E502", f"there is no guard {shown(use.name)!r}", use.span,
            near(use.name, [g.name for g in self.mapping.guards]),
        )  # fmt: skip
        return None

    def _guard_call(self, guard: Guard, use: GuardUse, scope: Scope) -> GuardCall:
        reads = [
            v.of.parts[0].raw if isinstance(v, Require) else v.parts[0].raw
            for v in guard.call.parameters.values()
            if isinstance(v, (Path, Require))
        ]
        given: list[str] = []
        for name in sorted(set(reads)):
            variable = use.names.get(name, name)
            path = Path((SpecText(variable),), use.span)
            fit(self._world, self.values.path(path, scope), _TEXT, use.span, variable)
            given.append(variable)
        return GuardCall(guard.name, use.names.get(guard.argument, guard.argument), tuple(given))

    def _loop(self, mapping: OperationMapping, operation: FacadeOperation) -> Repeated | None:
        loop = mapping.loop
        assert loop is not None
        over, do = self.operations.get(loop.over), self.operations.get(loop.do)
        for name, found in ((loop.over, over), (loop.do, do)):
            there = next((o for o in self.mapping.operations if o.name == name), None)
            if found is None or there is None or there.level == "unsupported":
                self._bad("E502", f"{shown(name)!r} cannot be done here", loop.span, None)
                return None
        assert over is not None
        assert do is not None
        listed = over.returns
        if not isinstance(listed, ListOf) or operation.returns != ListOf(do.returns or _TEXT):
            self._bad(
                "E503",
                f"{loop.over} must give a list, and {mapping.name} a list of what {loop.do} gives",
                loop.span,
                None,
            )
            return None
        skip: HookCall | None = None
        if loop.skip is not None:
            item = Var("item", listed.item)
            boolean = Scalar(ScalarKind.BOOLEAN)
            made = self.values.fitted(loop.skip, boolean, Scope({"item": item}), "skip")
            skip = made if isinstance(made, HookCall) else None
        return Repeated(loop.over, loop.do, skip)

    def _bad(self, code: str, message: str, span: Span, help: str | None) -> None:
        self._world.bad(code, message, span, help=help)


def _sure(found: Expr) -> Expr:
    """What a guard compares, where the document promises it: a guard must not pass for want of it."""
    if isinstance(found, Cast) and found.kind == "text" and not is_null(found.of.type):
        return replace(found, type=_TEXT)
    return found


def _names(parts: object) -> set[str]:
    """Names of all variables anywhere in some steps and values."""
    return {variable.name for variable in find(parts, Var)}
