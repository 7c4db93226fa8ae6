"""Small APIs that do not exist, as data: what a page is rendered from, and what must come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

__all__ = ["HARBOUR", "Api", "Field", "Model", "Operation", "apis", "camel", "pascal", "snake"]


@dataclass(frozen=True)
class Field:
    """A parameter or property; `kind` is a primitive, a model, or `list of` one of these."""

    words: tuple[str, ...]
    kind: str
    required: bool = True
    place: str = "query"
    values: tuple[str, ...] = ()
    default: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Model:
    """A schema with properties, or an enumeration."""

    name: str
    fields: tuple[Field, ...] = ()
    values: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Operation:
    """One call."""

    words: tuple[str, ...]
    method: str
    path: str
    summary: str
    text: str = ""
    fields: tuple[Field, ...] = ()
    body: str = ""
    body_required: bool = True
    returns: str = ""
    tag: str = "Boats"


@dataclass(frozen=True)
class Api:
    """A whole API."""

    operations: tuple[Operation, ...]
    models: tuple[Model, ...]
    server: str = "https://harbour.example/v1"
    scheme: str = "harbour_key"
    key: str = "X-Harbour-Key"


def snake(words: tuple[str, ...]) -> str:
    return "_".join(words)


def pascal(words: tuple[str, ...]) -> str:
    return "".join(word.capitalize() for word in words)


def camel(words: tuple[str, ...]) -> str:
    return words[0] + pascal(words[1:])


#: The API of the committed case folders.
HARBOUR = Api(
    (
        Operation(
            ("list", "boats"),
            "GET",
            "/boats",
            "List boats",
            "Boats in the harbour, the newest first.",
            (
                Field(("page", "size"), "int32", required=False, default="20", text="How many."),
                Field(
                    ("sail", "kind"),
                    "string",
                    required=False,
                    values=("gaff", "lug", "square"),
                    text="Rig.",
                ),
                Field(("owner", "names"), "list of string", required=False, text="Owners."),
            ),
            returns="list of Boat",
        ),
        Operation(
            ("create", "boat"), "POST", "/boats", "Add a boat", body="BoatDraft", returns="Boat"
        ),
        Operation(
            ("get", "boat"),
            "GET",
            "/boats/{boat_id}",
            "One boat",
            "Everything known about it.",
            (
                Field(("boat", "id"), "int64", place="path", text="Which one."),
                Field(("seen", "since"), "date-time", required=False, text="Only if seen."),
            ),
            returns="Boat",
        ),
        Operation(
            ("sink", "boat"),
            "DELETE",
            "/boats/{boat_id}",
            "Sink a boat",
            fields=(Field(("boat", "id"), "int64", place="path"),),
        ),
        Operation(
            ("assign", "berth"),
            "PUT",
            "/berths/{berth_code}/boat",
            "Assign a berth",
            fields=(
                Field(("berth", "code"), "string", place="path", text="Painted on the pier."),
                Field(("dry", "run"), "boolean", required=False, text="Only try."),
            ),
            body="Boat",
            body_required=False,
            returns="string",
            tag="Berths",
        ),
    ),
    (
        Model(
            "Boat",
            (
                Field(("name",), "string", text="On the stern."),
                Field(("draught",), "number", required=False),
                Field(("built", "on"), "date", required=False),
                Field(("rig",), "Rig", required=False),
                Field(("former", "names"), "list of string", required=False),
                Field(("tenders",), "list of Boat", required=False),
            ),
            text="A vessel.",
        ),
        Model(
            "BoatDraft", (Field(("name",), "string"), Field(("length",), "int32", required=False))
        ),
        Model("Rig", values=("gaff", "lug", "square")),
    ),
)

_WORDS = ("tide", "berth", "owner", "keel", "mast", "hull", "buoy", "chart", "depth", "crew")
_SCALARS = ("string", "int32", "int64", "boolean", "number", "date", "date-time")
_PROSE = ("", "Plain text.", "With | a bar.", "Less < more & 'quoted' \"twice\".", "* not a list")


@st.composite
def apis(draw: st.DrawFn) -> Api:
    """An API of one to four operations and two or three models."""
    names = draw(st.lists(st.sampled_from(_WORDS), min_size=2, max_size=3, unique=True))
    models = tuple(
        Model(f"{name.capitalize()}Item", _fields(draw, names, at)) for at, name in enumerate(names)
    )
    enum = Model("ChartKind", values=("coastal", "deep_sea", "Inland"))
    operations: list[Operation] = []
    for at in range(draw(st.integers(1, 4))):
        noun = draw(st.sampled_from(_WORDS))
        method = draw(st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE")))
        inside = draw(st.lists(st.sampled_from(_WORDS), max_size=2, unique=True))
        path = f"/{noun}{at}" + "".join(f"/{{{word}_id}}/x" for word in inside)
        fields = [
            Field((word, "id"), draw(st.sampled_from(_SCALARS[:3])), place="path")
            for word in inside
        ]
        for word in draw(st.lists(st.sampled_from(_WORDS), max_size=3, unique=True)):
            kind = draw(st.sampled_from((*_SCALARS, "list of string")))
            required = draw(st.booleans())
            default = "7" if kind == "int32" and not required and draw(st.booleans()) else None
            text = draw(st.sampled_from(_PROSE))
            fields.append(Field((word, "filter"), kind, required, default=default, text=text))
        target = f"{draw(st.sampled_from(names)).capitalize()}Item"
        operations.append(
            Operation(
                (method.lower(), noun, f"n{at}"),
                method,
                path,
                draw(st.sampled_from(("Do it", "Count <all> of it"))),
                draw(st.sampled_from(("", "Longer text, with `code`."))),
                tuple(fields),
                target if method in ("POST", "PUT", "PATCH") and draw(st.booleans()) else "",
                draw(st.booleans()),
                draw(st.sampled_from(("", target, f"list of {target}", "string"))),
            )
        )
    return Api(tuple(operations), (*models, enum))


def _fields(draw: st.DrawFn, names: Sequence[str], at: int) -> tuple[Field, ...]:
    found: list[Field] = []
    for word in draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4, unique=True)):
        other = f"{draw(st.sampled_from(names)).capitalize()}Item"
        kind = draw(
            st.sampled_from((*_SCALARS, "ChartKind", other, f"list of {other}", "list of string"))
        )
        text = draw(st.sampled_from(_PROSE))
        found.append(Field((word, f"p{at}"), kind, draw(st.booleans()), text=text))
    return tuple(found)
