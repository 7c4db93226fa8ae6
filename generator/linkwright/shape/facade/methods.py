"""Operations of an adapter as methods, for one flavor of client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...ir.expressions import (
    Choose,
    Entry,
    Expr,
    MapOver,
    Members,
    Needed,
    Obj,
    Var,
)
from ...ir.facade import (
    Argument,
    Done,
    FacadeOperation,
    GuardRule,
    Sent,
    Way,
)
from ...ir.types import ListOf, nullable
from ...ir.walk import find
from ...source.text import SpecText
from ..flavors import ASYNC, Flavor
from ..literals import Code, docstring, entry, prose, string, string_of, value
from ..names import attribute, known_name
from .emit import Emitter
from .gathered import Module, may_be_null
from .reach import mentions, needed_in

__all__ = ["MethodWriter"]

_WIDTH = 88
_LEVELS = {
    "emulated": "Emulated: ",
    "partial": "Partial: ",
    "native": "",
}


@dataclass(frozen=True, slots=True)
class MethodWriter:
    """Writes the methods of one adapter class.

    Attributes:
        module: The module they go to.
        provider: Key of the provider.
        title: What to call the provider in prose.
        done: How it does each operation.
        flavor: The kind of client.
    """

    module: Module
    provider: str
    title: str
    done: Sequence[Done]
    flavor: Flavor

    def method(self, done: Done) -> Code:
        """One operation that is not a wait."""
        operation = done.operation
        head = self.head(operation, done.optional)
        lines: list[str] = [docstring(self.doc(done), 0)]
        for name, reason in done.refuses:
            argument = known_name(name)
            lines += [
                f"if {argument} is not None:",
                f"    raise UnsupportedArgument({string_of(name)}, provider={string_of(self.provider)}, "
                f"operation={string_of(operation.name)}, reason={string(reason)})",
            ]
        body = list(self._body(done))
        inside: list[str] = [f"with RULES.during({string_of(operation.name)}):", *_indented(body)]
        if done.loop is not None:
            inside = body
        if operation.tolerates is not None:
            error, excuse = operation.tolerates
            inside = [
                "try:",
                *_indented(inside),
                f"except errors.{known_name(error)}:",
                f"    if not {known_name(excuse)}:",
                "        raise",
            ]
        return Code("\n".join([head, *_indented([*lines, *inside])]))

    def head(self, operation: FacadeOperation, optional: Sequence[str]) -> str:
        """From `def` to the colon."""
        annotate = self.module.annotate
        positional = [self.declared(a, optional) for a in operation.arguments if a.positional]
        named = [self.declared(a, optional) for a in operation.arguments if not a.positional]
        named.sort(key=lambda d: " = " in d)
        named.append("options: RequestOptions | None = None")
        returns = "None"
        if operation.returns is not None:
            returns = f"{annotate(operation.returns, 'List')}"
            if operation.iterates and isinstance(operation.returns, ListOf):
                kind = "AsyncIterator" if self.flavor is ASYNC else "Iterator"
                returns = f"{kind}[{annotate(operation.returns.item)}]"
        arguments = ", ".join(["self", *positional, "*", *named])
        return f"{self.flavor.def_} {known_name(operation.name)}({arguments}) -> {returns}:"

    def declared(self, argument: Argument, optional: Sequence[str]) -> str:
        """An argument of a signature."""
        type_ = nullable(argument.type) if argument.name in optional else argument.type
        text = f"{known_name(argument.name)}: {self.module.annotate(type_, 'Sequence')}"
        if argument.default is not None:
            return f"{text} = {value(argument.default)}"
        return f"{text} = None" if may_be_null(type_) else text

    def doc(self, done: Done) -> list[str]:
        """The lines of a docstring."""
        operation = done.operation
        lines = prose(operation.summary, _WIDTH)
        notes = [
            f"{_LEVELS.get(done.level, '')}{' '.join(prose(done.reason))}" if done.reason else "",
            " ".join(prose(done.data)),
            " ".join(prose(done.paging)),
        ]
        for note in filter(None, notes):
            lines += ["", *prose(SpecText(note), _WIDTH)]
        lines += ["", "Args:"]
        refused = {n for n, _ in done.refuses}
        ordered = sorted(operation.arguments, key=lambda a: not a.positional)
        for argument in ordered:
            about = " ".join(prose(argument.description))
            if argument.name in refused:
                about = f"Not supported by {self.title}."
            elif argument.name in done.optional:
                about += " May be left out here."
            lines += entry(f"{known_name(argument.name)}: {about}")
        lines += entry("options: Timeout, retries and further headers of the calls.")
        lines += ["", "Raises:", *entry("FacadeError: See `errors` for the kinds.")]
        return lines

    def guard(self, rule: GuardRule) -> Code:
        """The method that holds an argument against what the provider says."""
        argument = known_name(rule.argument)
        reads = "".join(f", {known_name(v.name)}: str" for v in rule.reads)
        emitter = self._emitter(rule.name, [argument, *(v.name for v in rule.reads)])
        lines = [f"if {argument} is None:", "    return"]
        work = [*self._step(rule.step, emitter, used=True)]
        found = emitter.text(rule.equals)
        work += emitter.lines
        check = f"same_owner({argument}, {{}})"
        if rule.remember:
            memory = f"self._{known_name(rule.name)}_known"
            lines += [f"if {memory} is None:", *_indented([*work, f"{memory} = {found}"])]
            lines.append(check.format(memory))
        else:
            lines += [*work, check.format(found)]
        doc = docstring([f"Refuse another `{argument}` than the one {self.title} knows."], 0)
        head = (
            f"{self.flavor.def_} _{known_name(rule.name)}(self, {argument}: str | None{reads}, "
            "options: RequestOptions | None) -> None:"
        )
        return Code("\n".join([head, *_indented([doc, *lines])]))

    def _emitter(self, label: str, variables: Sequence[str]) -> Emitter:
        word = "async for" if self.flavor is ASYNC else "for"
        return Emitter(self.module, label, [*variables, "options", "self"], word)

    def _body(self, done: Done) -> Iterator[str]:
        operation = done.operation
        if done.loop is not None:
            yield from self._loop(done)
            return
        emitter = self._emitter(operation.name, [a.name for a in operation.arguments])
        for way in done.ways:
            emitter = emitter.forgetful()
            lines = list(self._way(way, operation, emitter))
            if way.when is not None:
                yield f"if {known_name(way.when)} is None:"
                yield from _indented(lines)
            else:
                yield from lines

    def _way(self, way: Way, operation: FacadeOperation, emitter: Emitter) -> Iterator[str]:
        yield from self._strays(way)
        for demanded in self._late(way):
            emitter.demand(demanded)
        yield from self._flush(emitter)
        if way.guard is not None:
            reads = "".join(f", {known_name(n)}" for n in way.guard.reads)
            yield (
                f"{self.flavor.await_}self._{known_name(way.guard.name)}"
                f"({known_name(way.guard.argument)}{reads}, options)"
            )
        later: list[object] = [*way.steps, way.after, way.result]
        for index, step in enumerate(way.steps):
            used = step.name in mentions(later[index + 1 :])
            yield from self._step(step, emitter, used)
        if way.after is not None:
            argument, found = way.after
            text = emitter.text(found)
            yield from self._flush(emitter)
            yield f"same_owner({known_name(argument)}, {text})"
        if way.result is not None:
            yield from self._result(way.result, operation, emitter)

    def _result(self, result: Expr, operation: FacadeOperation, emitter: Emitter) -> Iterator[str]:
        if operation.iterates and isinstance(result, MapOver):
            variable = known_name(result.variable.name)
            source = emitter.text(result.of)
            word = "async for" if result.paged and self.flavor is ASYNC else "for"
            item = emitter.child().text(result.to)
            source = f"{source} or ()" if may_be_null(result.of.type) else source
            yield from self._flush(emitter)
            yield f"{word} {variable} in {source}:"
            yield f"    yield {item}"
            return
        lines = (
            emitter.branches(result, operation.name)
            if isinstance(result, Choose)
            else emitter.returned(result, operation.name, "list")
        )
        yield from lines

    def _flush(self, emitter: Emitter) -> list[str]:
        lines, emitter.lines = emitter.lines, []
        return lines

    def _step(self, step: Sent, emitter: Emitter, used: bool) -> Iterator[str]:
        method = self.module.names.method(step.operation)
        call = self._call(step, emitter)
        waits = "" if method.lazy else self.flavor.await_
        text = f"{waits}{call}"
        if step.each is not None:
            variable, over = step.each
            text = f"[{text} for {known_name(variable.name)} in {emitter.text(over)}]"
        yield from self._flush(emitter)
        emitter.take(step.name)
        yield f"{known_name(step.name)} = {text}" if used else text

    def _call(self, step: Sent, emitter: Emitter) -> str:
        method = self.module.names.method(step.operation)
        positional: list[str] = []
        named: list[str] = []
        given = dict(step.parameters)
        order = sorted(
            given, key=lambda i: method.operation.path.raw.find("{" + method.operation.params[i].wire.raw + "}")
        )  # fmt: skip
        for index in order:
            param, name = method.operation.params[index], method.arguments[index]
            text = emitter.text(given[index], "list")
            if param.positional:
                positional.append(text)
            else:
                if may_be_null(given[index].type):
                    text = f"given({text})"
                named.append(f"{name}={text}")
        if step.body is not None:
            named.append(f"body={self._content(step.body, emitter)}")
        options = "options"
        if step.idempotency_key is not None:
            key = emitter.text(step.idempotency_key)
            options = f"keyed(options, {key})"
        if not method.operation.browser:
            named.append(f"options={options}")
        return f"self._client.{method.path}({', '.join([*positional, *named])})"

    def _content(self, body: Expr, emitter: Emitter) -> str:
        if isinstance(body, Obj):
            return self._object(body, emitter, "body")
        if isinstance(body, Members):
            return emitter.text(body)
        return emitter.text(body, "list")

    def _object(self, obj: Obj, emitter: Emitter, name: str) -> str:
        """Write an object member by member; what is null is left out."""
        always: list[str] = []
        sometimes: list[str] = []
        for wire, expr, required in obj.fields:
            if isinstance(expr, Obj):
                inner = self._object(expr, emitter, attribute(wire))
                if required:
                    always.append(f"{string(wire)}: {inner}")
                else:
                    sometimes += [f"if {inner}:", f"    {{}}[{string(wire)}] = {inner}"]
            elif may_be_null(expr.type):
                found = emitter.local(expr, attribute(wire))
                sometimes += [f"if {found} is not None:", f"    {{}}[{string(wire)}] = {found}"]
            else:
                always.append(f"{string(wire)}: {emitter.text(expr, 'list')}")
        dict_name = f"bodies.{self.module.names.model(obj.struct)}Dict"
        literal = f"{{{', '.join(always)}}}"
        if not sometimes and name == "body":
            # The type of the parameter says enough.
            return literal
        variable = emitter.bind(name, literal)
        emitter.lines[-1] = f"{variable}: {dict_name} = {literal}"
        emitter.lines += [line.replace("{}", variable, 1) for line in sometimes]
        return variable

    def _late(self, way: Way) -> Iterator[Needed]:
        """Arguments that would be missed only after something was sent."""
        later: list[object] = list(way.steps if way.guard is not None else way.steps[1:])
        if isinstance(way.result, Choose):
            branches = [*(then for _, then in way.result.cases), way.result.otherwise]
            first, *others = [list(needed_in(b)) for b in branches]
            yield from (n for n in first if all(n in found for found in others))
        else:
            later.append(way.result)
        yield from needed_in(tuple(later))

    def _strays(self, way: Way) -> Iterator[str]:
        """Names in a map of which only some are read would be lost in silence."""
        read: dict[str, dict[str, None]] = {}
        for entry_ in find(way.steps, Entry):
            if isinstance(entry_.of, Var):
                read.setdefault(entry_.of.name, {})[string(entry_.key)] = None
        for name, keys in read.items():
            yield f"only({known_name(name)}, {', '.join(keys)})"

    def _loop(self, done: Done) -> Iterator[str]:
        loop = done.loop
        assert loop is not None
        by_name = {d.operation.name: d for d in self.done}
        over, do = by_name[loop.over], by_name[loop.do]
        mine = {a.name for a in done.operation.arguments}

        def passed(other: Done) -> str:
            names = [
                a.name for a in other.operation.arguments if a.name in mine and not a.positional
            ]
            return ", ".join(
                [*(f"{known_name(n)}={known_name(n)}" for n in names), "options=options"]
            )

        emitter = self._emitter(done.operation.name, ["item", *mine])
        started = emitter.bind("started", "[]")
        await_ = self.flavor.await_
        call = f"{await_}self.{known_name(loop.do)}(item.id, {passed(do)})"
        made = emitter.bind("made", call)
        skip = emitter.text(loop.skip) if loop.skip is not None else None
        work = [f"if {skip}:", "    continue"] if skip is not None else []
        work += [f"{made} = {call}", f"{started}.append({made})"]
        assert done.operation.returns is not None
        yield f"{started}: {self.module.annotate(done.operation.returns, 'List')} = []"
        yield f"with keeping({started}), RULES.during({string_of(done.operation.name)}):"
        yield f"    for item in {await_}self.{known_name(loop.over)}({passed(over)}):"
        yield from _indented(_indented(work))
        yield f"return {started}"


def _indented(lines: Sequence[str]) -> list[str]:
    return ["\n".join(f"    {part}" if part else "" for part in line.split("\n")) for line in lines]
