"""What is gathered while the functions of a module are written, and small facts about expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...ir.expressions import (
    Attr,
    Entry,
    HookCall,
    Needed,
    Var,
)
from ...ir.types import Nullable, Type
from ...ir.walk import children
from ..literals import Code
from ..names import known_name
from .names import Annotator, ProviderNames

__all__ = [
    "HELPERS",
    "Module",
    "among",
    "free_variables",
    "key_of",
    "may_be_null",
    "snaked",
]

#: What `_runtime.mapping` offers.
HELPERS = (
    *("EARLIEST", "address", "digits", "given", "joined", "keyed", "lookup", "moment", "needed"),
    *("only", "same_owner", "spread", "text", "written"),
)


def may_be_null(type_: Type) -> bool:
    """Whether null is among the values of a type."""
    return isinstance(type_, Nullable)


def snaked(name: str) -> Code:
    """`RequiredAction` as `required_action`."""
    return known_name(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


@dataclass(slots=True)
class Module:
    """What one module of an adapter is made of, gathered while its functions are written.

    Attributes:
        mapping: How functions of the mapping module are reached from here.
        functions: Source of the functions, in the order in which they were asked for.
        tables: Source of the tables.
        hooks: Every hook that is called: name, parameters, and the annotation of its result.
    """

    names: ProviderNames
    annotate: Annotator
    mapping: str
    functions: list[Code] = field(default_factory=list[Code])
    tables: list[Code] = field(default_factory=list[Code])
    taken: set[str] = field(default_factory=set[str])
    hooks: list[tuple[HookCall, Code]] = field(default_factory=list[tuple[HookCall, Code]])

    def unique(self, wish: str) -> Code:
        """A name for a function or table."""
        name, number = wish, 2
        while name in self.taken:
            name, number = f"{wish}_{number}", number + 1
        self.taken.add(name)
        return Code(name)


def key_of(expr: object) -> object:
    """What an expression is about, whatever is known of its type."""
    match expr:
        case Var(name):
            return name
        case Attr(of, _, wire):
            return (key_of(of), wire)
        case Entry(of, key):
            return (key_of(of), key)
        case Needed(of, _):
            return ("needed", key_of(of))
        case _:
            return id(expr)


def among(name: str, values: list[str], *, negated: bool = False) -> str:
    """A comparison with one or several values."""
    if len(values) == 1:
        return f"{name} {'!=' if negated else '=='} {values[0]}"
    return f"{name} {'not in' if negated else 'in'} ({', '.join(values)})"


def free_variables(expr: object) -> list[Var]:
    """Variables an expression mentions and does not bind itself, in a stable order."""
    found: dict[str, Var] = {}

    def walk(part: object, bound: frozenset[str]) -> None:
        if isinstance(part, Var):
            if part.name not in bound and not part.setting:
                found.setdefault(part.name, part)
            return
        variable = getattr(part, "variable", None)
        inner = bound | {variable.name} if isinstance(variable, Var) else bound
        for child in children(part):
            # What is gone through or looked into stands outside.
            walk(child, bound if child is getattr(part, "of", None) else inner)

    walk(expr, frozenset())
    return [found[name] for name in sorted(found, key=lambda n: (n != "native", n != "item", n))]
