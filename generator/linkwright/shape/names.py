"""Every Python name of the output: derived, checked, and unique in its scope.

A name given in the document (`x-linkwright-name`) wins; otherwise it is derived from the thing
itself, not from the order of the document. Where things can only be told apart by more of what they
are, all of them take the longer name: a name never silently comes to mean another thing
(`tell_apart`). What still clashes is an error that shows both places.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..diagnostics import Collector
from ..source.span import Span
from ..source.text import SpecText
from .literals import Code
from .words import pascal, snake, split

__all__ = [
    "CLASS_RESERVED",
    "DEVICES",
    "FIELD_RESERVED",
    "MODULE_RESERVED",
    "Scope",
    "Wanted",
    "attribute",
    "class_name",
    "constant",
    "digested",
    "joined",
    "known_name",
    "module",
    "spelled",
    "tell_apart",
]

_Key = TypeVar("_Key", bound=Hashable)

_LIMIT = 80
_SOFT = frozenset({"self", "cls", "options", "body", "mro"})

#: Names a model field must not take: what pydantic's BaseModel defines, what our own base adds,
#: and the builtin types that annotations of neighbouring fields mention.
FIELD_RESERVED = frozenset("""
    additional_properties construct copy dict from_orm is_set json model_computed_fields model_config
    model_construct model_copy model_dump model_dump_json model_extra model_fields model_fields_set
    model_issues model_json_schema model_parametrized_name model_post_init model_rebuild model_validate
    model_validate_json model_validate_strings mro parse_file parse_obj parse_raw schema schema_json
    update_forward_refs validate
    bool float int list str tuple
    """.split())

#: Names the models module imports, which a model class must not take.
CLASS_RESERVED = frozenset("""
    Annotated Any Code Date DecimalNumber DecimalString Enum Field False Final IntEnum Literal
    LocalDatetime Mapping Model None NotRequired OpenEnum OpenIntEnum RootModel Sequence StrEnum Tagged
    Timestamp True TYPE_CHECKING TypeAlias TypedDict Union Unset UtcDatetime
    """.split())


#: Device names of Windows, which no file may have.
DEVICES = frozenset(
    ["aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
#: Devices, what the package of a provider has of its own, what a client does, and what stands
#: between the methods of its class.
MODULE_RESERVED = DEVICES | frozenset(
    "after_fork aio cached_property client close paged raw request send sibling stream url".split()
)


def _bounded(name: str) -> str:
    """At most 80 characters; what is cut off lives on in a digest, so that long names stay distinct."""
    if len(name) <= _LIMIT:
        return name
    digest = _digest(name)
    head = name[: _LIMIT - len(digest) - 1].rstrip("_")
    return f"{head}_{digest.upper() if name.isupper() else digest}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _identifier(name: str, reserved: frozenset[str] = frozenset()) -> Code:
    """A word as an identifier: never empty, never a keyword, never reserved."""
    name = _bounded(name) or "value"
    if name[0].isdigit():
        name = "n" + name
    if keyword.iskeyword(name) or name in reserved:
        name += "_"
    assert name.isidentifier()
    assert name.isascii()
    return Code(name)


def attribute(text: SpecText, reserved: frozenset[str] = _SOFT) -> Code:
    """A wire name as a snake_case attribute or argument."""
    return _identifier(snake(split(text.raw)), reserved)


def class_name(parts: tuple[SpecText, ...], reserved: str = "Model") -> Code:
    """Name parts as a class name. A single part that is one already is kept as it is.

    Args:
        parts: From the outside in.
        reserved: Appended to a name that is a builtin, or that the output uses for itself.
    """
    only = parts[0].raw if len(parts) == 1 else ""
    if only.isidentifier() and only.isascii() and only[0].isupper() and "_" not in only:
        name = only
    else:
        name = pascal([w for part in parts for w in split(part.raw)]) or "Value"
    if name[0].isdigit():
        name = "N" + name
    if name in CLASS_RESERVED or hasattr(builtins, name):
        name += reserved
    return _identifier(name)


def constant(text: SpecText, reserved: frozenset[str] = frozenset()) -> Code:
    """A value of an enumeration, or an operation, as an UPPER_CASE name."""
    signed = re.match(r"([+-])\w", text.raw)
    words = split(text.raw[1:] if signed else text.raw)
    if signed:
        words = ("minus" if signed[1] == "-" else "plus", *words)
    name = snake(words).upper()
    if not name:
        name = "EMPTY" if not text.raw.strip() else "_".join(f"U{ord(c):04X}" for c in text.raw[:8])
    if name[0].isdigit():
        name = "N" + name
    return _identifier(name, reserved)


def module(text: SpecText) -> Code:
    """A tag as a module name: portable, and safe as a file name."""
    name = snake(split(text.raw))
    return _identifier(name, MODULE_RESERVED)


def known_name(text: str) -> Code:
    """A name of a facade, whose form its reader has checked."""
    return _identifier(text)


def joined(first: Code, second: Code) -> Code:
    """Two names as one."""
    return _identifier(f"{first.rstrip('_')}_{second.strip('_')}")


def spelled(name: Code, text: SpecText) -> Code:
    """A name together with what it forgets of its text: case and punctuation.

    `wrongPass` becomes `..._LLLLLULLL`.
    """
    shape = "".join(
        "U" if c.isupper() else "L" if c.isalnum() else f"{ord(c):X}" for c in text.raw[:40]
    )
    return _identifier(f"{name.rstrip('_')}_{shape}")


def digested(name: Code, identity: str) -> Code:
    """A name together with a digest of what it stands for."""
    digest = _digest(identity)
    return _identifier(
        f"{name[: _LIMIT - 9].rstrip('_')}_{digest.upper() if name.isupper() else digest}"
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What something may be called.

    Attributes:
        names: From the shortest on; each says more of what it is than the one before.
        rank: Whoever has the lower one keeps a name that both want.
    """

    names: tuple[Code, ...]
    rank: int = 0


def tell_apart(wanted: Mapping[_Key, Wanted]) -> dict[_Key, Code]:
    """A name for everything, whatever the order.

    Things of equal rank that want one name all take the next of their names. What runs out of names
    keeps the last, for a `Scope` to report. Names are compared without case: some become files, and
    file systems may ignore it.
    """
    chosen: dict[_Key, Code] = {}
    taken: set[str] = set()
    ranks: defaultdict[int, list[_Key]] = defaultdict(list)
    for key, want in wanted.items():
        ranks[want.rank].append(key)
    for _, keys in sorted(ranks.items()):
        level = dict.fromkeys(keys, 0)
        moving = set(keys)
        while moving:
            groups: defaultdict[str, list[_Key]] = defaultdict(list)
            for key in keys:
                groups[wanted[key].names[level[key]].casefold()].append(key)
            moving = {
                key
                for name, group in groups.items()
                for key in _yielding(group, level, name in taken)
                if level[key] + 1 < len(wanted[key].names)
            }
            for key in moving:
                level[key] += 1
        for key in keys:
            chosen[key] = wanted[key].names[level[key]]
            taken.add(chosen[key].casefold())
    return chosen


def _yielding(group: list[_Key], level: Mapping[_Key, int], taken: bool) -> list[_Key]:
    """Who of those that want one name has to take a longer one."""
    if len(group) == 1 and not taken:
        return []
    least = min(level[key] for key in group)
    first = [key for key in group if level[key] == least]
    # One that has not moved yet is not driven away by those that have.
    return group if taken or len(first) > 1 else [key for key in group if level[key] > least]


class Scope:
    """Names that must differ from each other, with the places that took them."""

    def __init__(self, what: str, out: Collector) -> None:
        self._what = what
        self._out = out
        self._taken: dict[str, Span] = {}

    def take(self, name: Code, span: Span) -> Code:
        """Reserve a name; one that is taken is reported (E301) and returned all the same."""
        # Compared without case: modules become files, and file systems may ignore case.
        key = name.casefold()
        if key in self._taken:
            self._out.add(
                "E301",
                f"two {self._what} want the name {name!r}",
                span,
                related=[(self._taken[key], "the other one")],
                help="give one of them a name of its own: x-linkwright-name: other_name",
            )
        else:
            self._taken[key] = span
        return name
