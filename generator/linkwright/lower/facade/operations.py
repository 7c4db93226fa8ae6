"""The operations that a facade offers."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from ...diagnostics import Collector
from ...ir.facade import Argument, FacadeOperation, Wait, facade_key
from ...ir.types import Named, Type
from ...mapping.model import Definition, OperationDefinition, WaitDefinition
from ...source.span import Span
from ...source.text import SpecText, shown
from .fitting import bare
from .world import Names, near

__all__ = ["lower_operations"]

#: Names in the methods of adapters that an argument must not hide.
_TAKEN = frozenset(
    "self hooks mapping models native settings timeout cancel target options".split()
)


def lower_operations(
    definition: Definition, names: Names, out: Collector
) -> tuple[FacadeOperation, ...]:
    """All operations of a facade; mistakes are E501 and E502."""
    known = {o.name: o for o in definition.operations}
    return tuple(_operation(o, definition, known, names, out) for o in definition.operations)


def _operation(
    operation: OperationDefinition,
    definition: Definition,
    known: dict[str, OperationDefinition],
    names: Names,
    out: Collector,
) -> FacadeOperation:
    if keyword.iskeyword(operation.name):
        out.add("E501", f"{operation.name} is a word of Python", operation.span)
    for one in operation.arguments:
        if keyword.iskeyword(one.name) or one.name in _TAKEN:
            out.add("E501", f"{one.name} cannot be the name of an argument", one.span)
    if operation.tolerates is not None:
        error, argument, span = operation.tolerates
        if error not in {e.name for e in definition.errors}:
            out.add("E502", f"the facade has no error {shown(error)!r}", span)
        if argument not in {a.name for a in operation.arguments}:
            out.add("E502", f"{operation.name} has no argument {shown(argument)!r}", span)
    returns: Type | None = None
    iterates = False
    if operation.returns is not None and operation.returns.text.raw != "nothing":
        returns = names.type_of(operation.returns, out)
        iterates = operation.returns.text.raw.startswith("iterator[")
    return FacadeOperation(
        name=operation.name,
        summary=operation.summary,
        arguments=tuple(
            Argument(a.name, names.type_of(a.type, out), a.description, a.secret, a.positional,
                     a.default)
            for a in operation.arguments
        ),
        returns=returns,
        iterates=iterates,
        tolerates=operation.tolerates[:2] if operation.tolerates else None,
        destroys=operation.destroys,
        wait=_wait(operation.wait, definition, known, names, out) if operation.wait else None,
        span=operation.span,
    )  # fmt: skip


def snake(name: str) -> str:
    """`LastResort` as `last_resort`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _wait(
    wait: WaitDefinition,
    definition: Definition,
    known: dict[str, OperationDefinition],
    names: Names,
    out: Collector,
) -> Wait:
    for name in (wait.look, *([wait.track] if wait.track else [])):
        if name not in known:
            out.add(
                "E502", f"the facade has no operation {shown(name)!r}", wait.span,
                help=near(name, list(known)),
            )  # fmt: skip
    record = names.records.get(definition.resource)
    status = next((f for f in record.fields if f.name == "status"), None) if record else None
    key = bare(status.type) if status else None
    enum = next(
        (e for n, e in names.enums.items() if isinstance(key, Named) and key.key == facade_key(n)),
        None,
    )
    if enum is None:
        out.add(
            "E504",
            f"{definition.resource} has no field `status` of an enumeration, so nothing can be waited for",
            wait.span,
        )
    for name, wanted in (
        (wait.handle, (f"{snake(definition.resource)}_id",)),
        (wait.outcome, ("ready", snake(definition.resource))),
    ):
        there = names.records.get(name)
        for field in wanted:
            if there is None or field not in {f.name for f in there.fields}:
                out.add(
                    "E504", f"{shown(name)} needs a field `{field}` to be waited with", wait.span
                )

    def states(given: tuple[tuple[str, Span], ...]) -> Iterator[SpecText]:
        values = [v.raw for v, _ in enum.values] if enum else []
        for state, span in given:
            if enum is not None and state not in values:
                out.add(
                    "E502", f"{enum.name} has no value {shown(state)!r}", span,
                    help=near(state, values),
                )  # fmt: skip
            yield SpecText(state)

    return Wait(
        look=wait.look,
        track=wait.track,
        handle=wait.handle,
        outcome=wait.outcome,
        status=enum.name if enum else "",
        ready=tuple(states(wait.ready)),
        user=tuple(states(wait.user)),
        failed=tuple(states(wait.failed)),
    )
