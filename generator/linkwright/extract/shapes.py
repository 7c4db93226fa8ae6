"""Types as the pages spell them, in any target language, read into one form.

`List[Optional[shared.X]]`, `kotlin.Array<X>`, `[]X`, `[X]`, `X[]` and
`Vec<crate::models::X>` all mean a list of X. What a word means (a primitive or a model) is decided
later, in `models.py`, when it is known which models have a page.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = [
    "Anything",
    "Choice",
    "Listing",
    "Nothing",
    "Nullable",
    "OneOf",
    "Shape",
    "Table",
    "Word",
    "balanced",
    "read_shape",
    "words_of",
]


@dataclass(frozen=True, slots=True)
class Word:
    """A name: of a primitive, or of a model.

    Attributes:
        name: As spelled, with its namespace.
        target: Where the page links it to; empty without a link.
    """

    name: str
    target: str = ""

    @property
    def space(self) -> str:
        """The namespace, or the folder of the page it links to; lower-cased, may be empty."""
        *spaces, _ = re.split(r"[.\\:/]+", self.name)
        folders = self.target.partition("#")[0].split("/")[:-1]
        return (spaces[-1] if spaces else folders[-1] if folders else "").lower()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: Shape


@dataclass(frozen=True, slots=True)
class Table:
    """A map with string keys."""

    values: Shape


@dataclass(frozen=True, slots=True)
class Nullable:
    """What may be null or left out.

    Attributes:
        inner: What it is otherwise.
        null: Whether null itself is meant; most languages spell "may be left out" the same way.
    """

    inner: Shape
    null: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several shapes."""

    options: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some literal values."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value: a response without a body."""


Shape: TypeAlias = Word | Listing | Table | Nullable | OneOf | Choice | Anything | Nothing

_LISTS = frozenset(
    "list array set vec collection sequence iterable arraylist linkedlist ilist icollection "
    "ienumerable ireadonlylist slice hashset linkedhashset btreeset seq mutablelist readonlyarray "
    "tuple queue vector nsarray nsset builtlist builtset flux".split()
)
_MAPS = frozenset(
    "map dict dictionary hashmap btreemap record hash idictionary mutablemap linkedhashmap "
    "additionalproperties mapping ireadonlydictionary nsdictionary builtmap hashtable".split()
)
_WRAPPERS = frozenset(
    "optional option nullable optionalnullable jsonnullable promise task box pointer undefinedable "
    "result awaitable rc arc annotated nilable completablefuture future mono".split()
)
_NULLABLE = frozenset("nullable optionalnullable jsonnullable".split())
_OPTIONAL = frozenset("optional option undefinedable nilable".split())
_UNIONS = frozenset("union oneof anyof".split())
_VOID = frozenset("void null nil none undefined unit nonetype none_type".split())
_TOKEN = re.compile(
    r"""'[^'\n]*'|"[^"\n]*"|[A-Za-z_$\\@][\w$\\.]*(?:::\w+)*|-?\d[\w.]*|\S""",
)
#: Types that old JavaScript pages put into quotes.
_QUOTED = ("String", "Number", "Boolean", "Date", "Object", "File")
_DEPTH = 24
#: A union of so many primitives stands for any value.
_ANYTHING = 4
_LIMIT = 4_000


def balanced(text: str) -> bool:
    """Whether bold marks, brackets and angles are closed: a cell that was cut by a bar is not."""
    bare = html.unescape(text).replace("\\", "")
    return (
        bare.count("**") % 2 == 0
        and bare.count("<") <= bare.count(">")
        and bare.count("[") <= bare.count("]")
        and bare.count("'") % 2 == 0
    )


def read_shape(cell: str) -> Shape:
    """What a type cell (or a return type) says.

    Args:
        cell: As written: bold, links, entities and escapes included.

    Returns:
        `Anything` for an empty cell, and for what is nested deeper than types are.
    """
    # C# writes the type of a file twice, without anything between.
    text, targets = _unlink(re.sub(r"(\*\*[\w.]+\*\*)\1", r"\1", cell[:_LIMIT]))
    text = html.unescape(text)
    # The TypeScript pages of openapi-generator: a label without a target around the bold name.
    text = re.sub(r"\[\*\*([^\[\]*]+)\*\*\](?!\()", r"\1 ", text)
    text = re.sub(r"\\(?=[^\w\\])", "", text).replace("*", "").replace("`", "")
    # Formatters write emphasis with underscores.
    text = re.sub(r"(?<!\w)_(?=[A-Za-z])|(?<=[\w\])>])_(?!\w)", "", text)
    # Java's bounded wildcards: `Optional<? extends X>`.
    text = re.sub(r"\?\s(?:extends|super)\s", "", text)
    text = re.sub(r"^\s*(?:Pointer to|optional\.Interface of)\s+", "", text).strip()
    if not text or "(empty response body)" in text.lower():
        return Nothing() if text else Anything()
    return _Reader(_TOKEN.findall(text), targets).whole()


def _unlink(text: str) -> tuple[str, dict[str, str]]:
    """Links replaced by their labels, and the target of each label's names.

    Brackets are matched, because a label can hold some, and a list can stand around a link:
    `[][X](x.md)`, `List[[X](x.md)]`, `[[X]](x.md)`.
    """
    targets: dict[str, str] = {}
    out: list[str] = []
    opened: list[int] = []
    at, last_close = 0, text.rfind(")")
    while at < len(text):
        char = text[at]
        at += 1
        if char == "[":
            opened.append(len(out))
        elif char == "]" and opened:
            start = opened.pop()
            if text[at : at + 1] == "(" and at < last_close:
                end = text.index(")", at)
                label = "".join(out[start + 1 :])
                for name in re.findall(r"[\w.$\\:]+", html.unescape(label).replace("*", "")):
                    targets[name] = text[at + 1 : end]
                out[start:] = [label]
                at = end + 1
                continue
        out.append(char)
    return "".join(out), targets


@dataclass(slots=True)
class _Reader:
    """Recursive descent over the tokens of one spelling."""

    tokens: list[str]
    targets: dict[str, str]
    at: int = 0
    depth: int = field(default=0)

    def whole(self) -> Shape:
        shape = self.union()
        if isinstance(shape, Choice) and len(shape.values) == 1 and shape.values[0] in _QUOTED:
            shape = Word(shape.values[0])
        options = [shape]
        while self.take(","):
            # Python's `str, none_type` of openapi-generator 5.
            options.append(self.union())
        if len(options) > 1:
            many = len(options) > _ANYTHING
            shape = Anything() if many else _union(options)
        # `[**string**]**Array<'A' | 'B'>**`: the values behind the type.
        while self.at < len(self.tokens):
            before = self.at
            more = self.union()
            if isinstance(more, Listing) and isinstance(more.items, Choice):
                return more.items if not isinstance(shape, Listing) else more
            if isinstance(more, Choice):
                return more
            self.at = max(self.at, before + 1)
        return shape

    def peek(self, offset: int = 0) -> str:
        index = self.at + offset
        return self.tokens[index] if index < len(self.tokens) else ""

    def take(self, token: str) -> bool:
        if self.peek() == token:
            self.at += 1
            return True
        return False

    def union(self) -> Shape:
        self.depth += 1
        if self.depth > _DEPTH:
            self.at = len(self.tokens)
            return Anything()
        options = [self.postfix()]
        while self.take("|"):
            options.append(self.postfix())
        self.depth -= 1
        return _union(options)

    def postfix(self) -> Shape:
        shape = self.prefix()
        while True:
            if self.peek() == "[" and self.peek(1) == "]":
                self.at += 2
                shape = Listing(shape)
            elif self.take("?"):
                shape = Nullable(shape)
            elif self.peek() in ("[", "<", "(") and isinstance(shape, Word):
                close = {"[": "]", "<": ">", "(": ")"}[self.peek()]
                self.at += 1
                shape = self.generic(shape, self.arguments(close))
            else:
                return shape

    def arguments(self, close: str) -> list[Shape]:
        found: list[Shape] = []
        while self.at < len(self.tokens) and not self.take(close):
            if not self.take(","):
                before = self.at
                found.append(self.union())
                self.at = max(self.at, before + 1)
        return found

    def prefix(self) -> Shape:
        piece = self.peek()
        self.at += 1
        if piece in ("&", "=", ":", ";", "-"):
            return self.prefix() if self.at < len(self.tokens) else Anything()
        if piece == "?":
            # PHP's `?string`.
            return Nullable(self.postfix())
        if piece == "[":
            if self.take("]"):
                return Listing(self.postfix())
            # Swift's `[String: X]`.
            pairs = self.peek(1) == ":"
            arguments = self.arguments("]")
            return Table(arguments[-1]) if pairs and arguments else Listing(_first(arguments))
        if piece == "{":
            return self.braces()
        if piece == "(":
            return _first(self.arguments(")"))
        if piece[:1] in ("'", '"'):
            return Choice((piece[1:-1],))
        if re.match(r"-?\d", piece):
            return Choice((piece,))
        if not re.match(r"[\w\\$@]", piece):
            return Anything()
        return self.word(piece.rstrip("."))

    def word(self, name: str) -> Shape:
        if name == "map" and self.peek() == "[":
            self.at += 1
            arguments = self.arguments("]")
            # `map[string]X` of Go, `map[string,X]` of PHP.
            return Table(arguments[-1] if len(arguments) > 1 else self.postfix())
        if name == "interface" and self.peek() == "{":
            self.at += 1
            self.take("}")
            return Anything()
        if name.lower() in _VOID:
            return Nothing()
        return Word(name, self.targets.get(name, ""))

    def braces(self) -> Shape:
        """`{String: X}` of JavaScript, `{ [key: string]: X; }` of TypeScript."""
        if self.take("["):
            while self.at < len(self.tokens) and not self.take("]"):
                self.at += 1
        found: list[Shape] = []
        while self.at < len(self.tokens) and not self.take("}"):
            if self.peek() in (":", ";", ","):
                self.at += 1
                continue
            before = self.at
            found.append(self.union())
            self.at = max(self.at, before + 1)
        return Table(found[-1]) if found else Anything()

    def generic(self, word: Word, arguments: list[Shape]) -> Shape:
        last = re.split(r"[.\\:]", word.name)[-1].lower()
        if last in _LISTS and not (last == "array" and len(arguments) == 2):
            return Listing(_first(arguments))
        if last == "array":
            return Table(arguments[-1])
        if last in _MAPS:
            return Table(arguments[-1]) if arguments else Table(Anything())
        if last in _UNIONS or (last == "any" and arguments):
            return _union(arguments)
        if last == "literal":
            return _union(arguments)
        if last in _NULLABLE or last in _OPTIONAL:
            return Nullable(_first(arguments), last in _NULLABLE)
        return _first(arguments) if last in _WRAPPERS else word


def _first(shapes: list[Shape]) -> Shape:
    return shapes[0] if shapes else Anything()


def _union(options: list[Shape]) -> Shape:
    real = [o for o in options if not isinstance(o, Nothing)]
    shape: Shape
    if not real:
        shape = Nothing()
    elif all(isinstance(o, Choice) for o in real):
        shape = Choice(tuple(v for o in real if isinstance(o, Choice) for v in o.values))
    else:
        shape = real[0] if len(real) == 1 else OneOf(tuple(dict.fromkeys(real)))
    return Nullable(shape, null=True) if real and len(real) < len(options) else shape


def words_of(shape: Shape) -> tuple[Word, ...]:
    """Every name in a shape."""
    match shape:
        case Word():
            return (shape,)
        case Listing(inner) | Table(inner) | Nullable(inner, _):
            return words_of(inner)
        case OneOf(options):
            return tuple(w for o in options for w in words_of(o))
        case _:
            return ()
