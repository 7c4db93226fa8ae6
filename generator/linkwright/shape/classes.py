"""Which class every declaration becomes."""

from __future__ import annotations

from collections.abc import Mapping

from ..diagnostics import Collector
from ..ir.api import Api
from ..ir.types import Declaration, Rank
from ..source.text import SpecText
from .literals import Code
from .names import Scope, Wanted, class_name, digested, module, spelled, tell_apart

__all__ = ["assign_classes", "modules"]

#: With more classes than this, each component and each operation has a module of its own. Importing
#: a class costs about a millisecond, whether it is used or not.
_MOST = 100


def assign_classes(api: Api, out: Collector) -> dict[str, Code]:
    """A class name for every declaration, by its key; clashes of given names are E301."""
    names = tell_apart({key: _wanted(d) for key, d in api.declarations.items()})
    scope = Scope("schemas", out)
    return {
        key: scope.take(names[key], declaration.span)
        for key, declaration in sorted(api.declarations.items())
    }


def _wanted(declaration: Declaration) -> Wanted:
    wish = declaration.wish
    if wish.given:
        return Wanted((class_name((wish.given,)),), Rank.GIVEN)
    name = class_name(wish.parts)
    longer = [class_name(parts) for parts in wish.longer]
    if wish.rank is Rank.COMPONENT:
        longer.append(spelled(name, wish.parts[-1]))
    return Wanted((name, *longer, digested(name, declaration.key)), wish.rank)


def modules(api: Api, classes: Mapping[str, Code]) -> dict[Code, Code]:
    """The module of every class, named after the component or operation it stands in.

    Empty where there are few enough for one module.
    """
    if len(api.declarations) <= _MOST:
        return {}
    roots = {key: _root(declaration) for key, declaration in api.declarations.items()}
    wanted: dict[tuple[str, str], Wanted] = {}
    for origin, text in sorted(set(roots.values())):
        name = module(SpecText(text))
        longer = (name, spelled(name, SpecText(text)), digested(name, origin))
        wanted[origin, text] = Wanted(longer, rank=0 if origin.startswith("schemas/") else 1)
    names = tell_apart(wanted)
    return {classes[key]: names[root] for key, root in roots.items()}


def _root(declaration: Declaration) -> tuple[str, str]:
    """The outermost thing a declaration stands in, and what that is called."""
    parts = [p.replace("~1", "/").replace("~0", "~") for p in declaration.key.split("/")]
    if parts[1:2] == ["components"] and len(parts) > 3:
        component = parts[3].partition("?")[0].partition("&")[0]
        return f"{parts[2]}/{component}", component
    return "/".join(parts[1:4]) or parts[0], declaration.wish.parts[0].raw
