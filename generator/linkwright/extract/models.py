"""Which words are primitives and which are models, and where the models' pages are.

One table of primitives serves all target languages: what the words of the languages have in
common is stronger than what differs, and a model page always wins over a primitive of its name.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from .facts import Api, Model
from .shapes import (
    Anything,
    Choice,
    Listing,
    Nothing,
    Nullable,
    OneOf,
    Shape,
    Table,
    Word,
)
from .values import component_key

__all__ = ["ModelIndex", "Schema", "flat", "last_part", "primitive"]

Schema = dict[str, object]


def flat(name: str) -> str:
    """A name without case and punctuation: how names of one thing compare across languages."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def last_part(name: str) -> str:
    """A qualified name without its namespace."""
    return re.split(r"[.\\:/]+", name)[-1]


_STRING: Schema = {"type": "string"}
_BINARY: Schema = {"type": "string", "format": "binary"}
_INTEGER: Schema = {"type": "integer"}
_INT32: Schema = {"type": "integer", "format": "int32"}
_INT64: Schema = {"type": "integer", "format": "int64"}
_NUMBER: Schema = {"type": "number"}
_DATE: Schema = {"type": "string", "format": "date"}
_TIME: Schema = {"type": "string", "format": "date-time"}


def _table(*rows: tuple[str, Schema]) -> dict[str, Schema]:
    return {word: schema for words, schema in rows for word in words.split()}


#: Words that mean the same in every language; compared in lower case, without namespace.
_WORDS = _table(
    ("string str text char symbol charsequence nsstring", _STRING),
    ("uuid guid", {"type": "string", "format": "uuid"}),
    ("uri url nsurl", {"type": "string", "format": "uri"}),
    ("integer bigint biginteger uint u32 u16 u8 i16 i8 usize isize short byte sbyte", _INTEGER),
    ("int", _INTEGER),
    ("int32 i32 int16 int8 uint32 uint8 uint16", _INT32),
    ("int64 i64 long ulong u64 uint64", _INT64),
    ("number bigdecimal decimal numeric num nsnumber", _NUMBER),
    ("float float32 f32", {"type": "number", "format": "float"}),
    ("double float64 f64", {"type": "number", "format": "double"}),
    ("bool boolean", {"type": "boolean"}),
    ("localdate dateonly naivedate rfcdate", _DATE),
    ("datetime offsetdatetime zoneddatetime localdatetime instant datetimeoffset", _TIME),
    ("datetimeimmutable datetimeinterface time timestamp nsdate date_time", _TIME),
    ("file bytearray bytes stream inputstream splfileobject httpfile blob pathbuf io", _BINARY),
    ("reader readablestream uint8array bufferedreader arraybuffer tempfile", _BINARY),
    ("fileparameter memorystream urlsessiondata multipartfile fileinfo formpart", _BINARY),
    ("object jsonobject anyobject nsobject", {"type": "object"}),
    ("any mixed unknown jsonnode jsonelement anytype interface", {}),
)
#: Words that are primitives even where a model of that name has a page that is not linked.
_CORE = frozenset("string str number boolean bool integer int float object date any file".split())
_ARRAYS = ("array", "list", "set")
_MAPS = ("map", "hash", "dict")
#: Where `Date` is a day; elsewhere (JavaScript, older Java) it is a moment.
_DAY_LANGUAGES = ("python", "ruby", "go")
_INT32_LANGUAGES = ("kotlin", "java", "csharp", "scala")


def primitive(name: str, language: str = "") -> Schema | None:
    """The schema of a primitive of some target language, or None if the word is none.

    Args:
        name: The word, with its namespace.
        language: The target language, for words that differ between them.
    """
    last = last_part(name)
    word = last.lower()
    if name in ("types.Date", "civil.Date"):
        return dict(_DATE)
    if name.lower().endswith("value") and "json" in name.lower():
        return {}
    if word == "date":
        return dict(_DATE if language in _DAY_LANGUAGES or last == "date" else _TIME)
    if word in ("int", "integer") and (language in _INT32_LANGUAGES or "kotlin" in name):
        return dict(_INT32)
    found = _WORDS.get(word)
    if found is not None:
        return dict(found)
    if word in _ARRAYS:
        return {"type": "array", "items": {}}
    if word in _MAPS:
        return {"type": "object", "additionalProperties": True}
    return None


@dataclass(slots=True)
class ModelIndex:
    """All models of a set of pages.

    Attributes:
        api: What was found.
        unresolved: Models that are linked and have no page: name to the page that links first.
        used: Pages of models that something refers to.
    """

    api: Api
    unresolved: dict[str, str] = field(default_factory=dict[str, str])
    unknown: set[str] = field(default_factory=set[str])
    _names: dict[str, str] = field(default_factory=dict[str, str])
    _by_name: dict[str, list[Model]] = field(default_factory=dict[str, list[Model]])
    _by_page: dict[str, Model] = field(default_factory=dict[str, Model])

    def __post_init__(self) -> None:
        for page, model in self.api.models.items():
            self._by_name.setdefault(flat(model.name), []).append(model)
            self._by_page[page.lower()] = model

    def assign_names(self) -> None:
        """Give every model the name of its schema; the same for every order of the pages."""
        for models in self._by_name.values():
            real = [m for m in models if not m.plumbing]
            # Shared components keep their name; what is local to an operation says so.
            real.sort(key=lambda m: (_local(m), m.place.page))
            for model in real:
                name = component_key(model.name)
                if name in self._names.values():
                    name = component_key(f"{model.space.capitalize()}{model.name}")
                number = 2
                while name in self._names.values():
                    name, number = f"{component_key(model.name)}{number}", number + 1
                self._names[model.place.page] = name

    def name_of(self, model: Model) -> str:
        """The name of a model's schema."""
        return self._names[model.place.page]

    def find(self, word: Word, page: str) -> Model | None:
        """The model a word on a page means, by its link or by its name."""
        target = word.target.partition("#")[0]
        if target.endswith(".md") and not target.endswith("/.md") and "://" not in target:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
            model = self._by_page.get(path.lower())
            if model is not None:
                return model
        found = self._by_name.get(flat(last_part(word.name)), [])
        space = re.split(r"[.\\:/]+", word.name)[-2:-1]
        exact = [m for m in found if space and m.space.lower() == space[0].lower()]
        same = [m for m in found if m.name == last_part(word.name)]
        for candidates in (exact, same, found):
            if candidates:
                return min(candidates, key=lambda m: (_local(m), m.place.page))
        return None

    def model_of(self, shape: Shape, page: str) -> Model | None:
        """The model behind a shape, through lists, maps and null; None for a primitive."""
        match shape:
            case Word():
                linked = bool(word_page(shape))
                if not linked and primitive(shape.name) is not None:
                    return None
                return self.find(shape, page)
            case Nullable(inner, _) | Listing(inner) | Table(inner):
                return self.model_of(inner, page)
            case _:
                return None

    def schema(self, shape: Shape, page: str) -> Schema:
        """The OpenAPI schema of a shape on a page."""
        match shape:
            case Word():
                return self._word(shape, page)
            case Listing(items):
                if isinstance(items, Word) and last_part(items.name).lower() == "byte":
                    return dict(_BINARY)
                return {"type": "array", "items": self.schema(items, page)}
            case Table(values):
                inner = self.schema(values, page)
                return {"type": "object", "additionalProperties": inner or True}
            case Nullable(inner, null):
                schema = self.schema(inner, page)
                return nullable(schema) if null else schema
            case OneOf(options):
                schemas = [self.schema(o, page) for o in options]
                different = [s for at, s in enumerate(schemas) if s not in schemas[:at]]
                return different[0] if len(different) == 1 else {"oneOf": different}
            case Choice(values):
                return {"type": "string", "enum": list(values)}
            case Anything() | Nothing():
                return {}

    def _word(self, word: Word, page: str) -> Schema:
        known = primitive(word.name, self.api.language)
        if word_page(word):
            model = self.find(word, page)
            # A link to a page that is a model's; `[**str**](str.md)` leads nowhere.
            last = last_part(word.name)
            if model is not None and (known is None or model.name == last):
                reference = self._ref(model)
                return nullable(reference) if last == f"Nullable{model.name}" else reference
        name = last_part(word.name)
        if known is not None and (name.lower() in _CORE or not self._exact(name)):
            return known
        if name.startswith("Nullable") and len(name) > 8:
            return nullable(self._word(Word(name[8:], word.target), page))
        model = self.find(word, page)
        if model is not None:
            return self._ref(model)
        if "://" in word.target or not (re.match(r"[A-Z_]", name) or word.target):
            self.unknown.add(word.name)
            return {}
        name = component_key(name)
        taken = {n for n in self._names.values() if flat(n) == flat(name)}
        if taken:
            name = min(taken)
        else:
            self.unresolved.setdefault(name, page)
        return {"$ref": f"#/components/schemas/{name}"}

    def _exact(self, name: str) -> bool:
        return any(model.name == name for model in self._by_name.get(flat(name), ()))

    def _ref(self, model: Model) -> Schema:
        if model.place.page not in self._names:
            # An object of the SDK, where the API has something of its own: kept open.
            return {"type": "object"}
        return {"$ref": f"#/components/schemas/{self.name_of(model)}"}


def word_page(word: Word) -> str:
    """The page a word links to; empty for links to other sites, and for none."""
    target = word.target.partition("#")[0]
    return "" if "://" in target or not target.endswith(".md") else target


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return {**schema, "type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def _local(model: Model) -> bool:
    return model.space.lower() in ("operations", "requests", "errors", "webhooks", "callbacks")
