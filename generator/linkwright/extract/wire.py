"""Names on the wire, from names in a target language.

A name is *documented* where the path template, a heading, or text in code marks shows it. All
other names are derived: escapes of reserved words are undone, and where the documented names of
the pages agree on one style, the others follow it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from .facts import Api, Place, Property
from .models import flat

__all__ = ["Names", "header_name", "looks_like_header"]

_CODE = re.compile(r"`\"?([A-Za-z_][A-Za-z0-9_.\-]{0,60})\"?`")
_HEADERS = frozenset(
    "authorization cookie accept acceptlanguage acceptencoding contentlanguage ifmatch ifnonematch "
    "ifmodifiedsince ifunmodifiedsince useragent idempotencykey origin referer contenttype "
    "contentlength contentdisposition contentmd5 etag".split()
)
_RESERVED = frozenset(
    "from class type default in is not and or if else for while import global return object self "
    "filter format id list map set date end begin next do file function method enum package "
    "interface private public protected static switch case new delete void null true false "
    "abstract const continue break final finally goto implements extends throw throws this super "
    "namespace operator params params_ ref string use var let with yield async await match where "
    "as assert del elif except exec global lambda nonlocal pass print raise try alias module "
    "range func chan defer go select struct require include ensure redo rescue retry then undef "
    "unless until when model options version impl trait mod move mut pub crate dyn loop".split()
)
_ENOUGH = 0.8


def looks_like_header(name: str) -> bool:
    """Whether a parameter is a header, by convention: `xRequestId`, `x_request_id`, `If-Match`."""
    # Kotlin once spelled the hyphens out: `acceptMinusLanguage`.
    if flat(name).replace("minus", "") in _HEADERS:
        return True
    return bool(re.match(r"^[xX][-_]?[A-Z]|^x[-_]", name)) and len(flat(name)) > 2


def header_name(name: str) -> str:
    """A header in its usual spelling: `xRequestId` is X-Request-Id."""
    words = [w for w in _words(name) if w != "minus"]
    return "-".join(word.capitalize() for word in words)


def _words(name: str) -> list[str]:
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name)
    return [w.lower() for w in re.split(r"[^A-Za-z0-9]+", spaced) if w]


def _style(name: str) -> str:
    """The style, snake or camel; empty for a single word."""
    if "_" in name.strip("_"):
        return "snake"
    return "camel" if re.search(r"[a-z0-9][A-Z]", name) and name[:1].islower() else ""


@dataclass(slots=True)
class Names:
    """What the pages show of names on the wire.

    Attributes:
        seen: Names in code marks, by their flat form: the spellings, and where.
        style: snake or camel, where the pages agree; else empty.
    """

    api: Api
    seen: dict[str, dict[str, Place]] = field(default_factory=dict[str, dict[str, Place]])
    style: str = ""

    def __post_init__(self) -> None:
        for text, place in self._texts():
            if "`" in text or "&" in text:
                for name in _CODE.findall(html.unescape(text)):
                    self.note(name, place)
        templates = [name for o in self.api.operations for name in re.findall(r"\{(\w+)\}", o.path)]
        own = [n for spellings in self.seen.values() for n in spellings]
        headings = [p.wire for m in self.api.models.values() for p in m.properties if p.wire]
        self.style = _agreed([*own, *headings]) or _agreed(templates)

    def _texts(self) -> list[tuple[str, Place]]:
        found: list[tuple[str, Place]] = []
        for operation in self.api.operations:
            found.append((operation.description, operation.place))
            found += [(p.description, p.place) for p in operation.parameters]
        for model in self.api.models.values():
            found.append((model.description, model.place))
            found += [(p.description, p.place) for p in model.properties]
        return found

    def note(self, name: str, place: Place) -> None:
        """Remember a spelling that a page shows as it is on the wire."""
        if name.isidentifier():
            self.seen.setdefault(flat(name), {}).setdefault(name, place)

    def settle(self, found: Property) -> None:
        """Decide the wire name of a parameter or property, and note why."""
        if found.wire:
            return
        name = found.name
        spellings = self.seen.get(flat(_unescaped(name)), {})
        if len(spellings) == 1 or name in spellings:
            found.wire = name if name in spellings else next(iter(spellings))
            found.documented("wire", "seen-in-text", spellings[found.wire])
            return
        bare = _unescaped(name)
        wire = self._styled(bare)
        found.wire = wire
        if wire == name:
            found.inferred("wire", "name-as-shown")
        else:
            found.inferred("wire", "reserved-word" if wire == bare else "name-style")

    def _styled(self, name: str) -> str:
        words = _words(name)
        if not words or not self.style or not name.isidentifier():
            return name
        own = _style(name)
        if name[:1].isupper():
            # Go and C# capitalise; a name that is all capitals may be one on the wire too.
            if name.isupper() and len(name) > 3:
                return name
            own = "capital"
        if own in ("", self.style):
            return name
        if self.style == "snake":
            return "_".join(words)
        return words[0] + "".join(word.capitalize() for word in words[1:])


def _unescaped(name: str) -> str:
    """A name without what a language adds to keep it from being a reserved word."""
    bare = name.removeprefix("r#").lstrip("@$")
    if bare.endswith("_") and not bare.startswith("_"):
        return bare.rstrip("_")
    for prefix in ("_", "var_", "model_", "param_"):
        rest = bare.removeprefix(prefix)
        if rest != bare and rest.lower() in _RESERVED:
            return rest
    return bare


def _agreed(names: list[str]) -> str:
    styles = [s for s in map(_style, names) if s]
    for style in ("snake", "camel"):
        if len(styles) >= 2 and styles.count(style) >= _ENOUGH * len(styles):
            return style
    return ""
