"""What is found on the pages, before it is written as OpenAPI: each fact with where it came from.

The dialects fill these in; `resolve.py` adds what follows from several pages together. A fact is
*documented* when a page states it, *inferred* when a named rule concludes it, and *missing* when
OpenAPI wants it and no page tells.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from .shapes import Anything, Nothing, Shape

__all__ = [
    "Api",
    "Grade",
    "Model",
    "Operation",
    "Origin",
    "Place",
    "Property",
    "Scheme",
    "Server",
    "Status",
    "Traced",
]


class Grade(enum.StrEnum):
    """How well a fact is known."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a page (1-based)."""

    page: str
    line: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one fact is from.

    Attributes:
        grade: How well it is known.
        rule: The rule that found or concluded it; for a missing one, what is missing.
        place: The line it stands on, or where it should stand.
    """

    grade: Grade
    rule: str
    place: Place


@dataclass(slots=True)
class Traced:
    """Something with facts."""

    place: Place
    facts: dict[str, Origin] = field(default_factory=dict[str, Origin], kw_only=True)

    def documented(self, fact: str, rule: str, line: int | Place | None = None) -> None:
        """Note that a page states a fact."""
        self.facts[fact] = Origin(Grade.DOCUMENTED, rule, self._at(line))

    def inferred(self, fact: str, rule: str, line: int | Place | None = None) -> None:
        """Note that a rule concluded a fact."""
        self.facts[fact] = Origin(Grade.INFERRED, rule, self._at(line))

    def missing(self, fact: str, what: str) -> None:
        """Note that nothing tells a fact."""
        self.facts[fact] = Origin(Grade.MISSING, what, self.place)

    def _at(self, line: int | Place | None) -> Place:
        if isinstance(line, Place):
            return line
        return self.place if line is None else Place(self.place.page, line)


@dataclass(slots=True)
class Property(Traced):
    """A parameter of an operation, or a property of a model.

    Attributes:
        name: As the page spells it.
        shape: Its type.
        description: Its prose.
        required: None where the page does not tell.
        default: As written.
        enum: Values the page lists beside it.
        example: As written.
        read_only: Said to be set by the server.
        wire: Its name on the wire; decided by `resolve.py`.
        location: path, query, header, cookie, body or form; None while unknown.
    """

    name: str
    shape: Shape = field(default_factory=Anything)
    description: str = ""
    required: bool | None = None
    default: str | None = None
    enum: tuple[str, ...] = ()
    example: str | None = None
    read_only: bool = False
    deprecated: bool = False
    wire: str = ""
    location: str | None = None


@dataclass(slots=True)
class Status(Traced):
    """One response.

    Attributes:
        code: `404`, `4XX`.
        description: Its prose.
        shape: Of its body; None where the page does not tell.
        media: Content types.
    """

    code: str
    description: str = ""
    shape: Shape | None = None
    media: tuple[str, ...] = ()


@dataclass(slots=True)
class Operation(Traced):
    """One operation.

    Attributes:
        name: As the page spells it.
        tag: Of its page.
        anchor: Of its section.
        call: As the SDK spells the call: `connections.create`.
        parameters: Rows of the tables, without those of the SDK.
        consumes: Request content types the page states.
        produces: Response content types the page states.
        returns: What the SDK returns; None where the page does not tell.
        statuses: Responses the page lists.
        security: Names of schemes; None where the page does not tell.
        body: The parameter that is the request body; decided by `resolve.py`.
        body_fields: Parameters that are its fields.
        wrapper: The argument that holds all others (Speakeasy's request objects).
        credentials: The argument with credentials for this operation alone.
        example: Names and values of an example call.
        returns_page: The page `returns` was written on, if it is another one.
        success: The status of a success, where something other than a table shows it.
        servers: Base URLs of this operation alone.
        example_result: The field of the response that the example call looks at.
        flattened: Whether the call takes the fields of its request one by one.
    """

    name: str
    tag: str
    anchor: str = ""
    call: str = ""
    operation_id: str = ""
    method: str = ""
    path: str = ""
    summary: str = ""
    description: str = ""
    deprecated: bool = False
    tags: list[str] = field(default_factory=list[str])
    parameters: list[Property] = field(default_factory=list[Property])
    consumes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    returns: Shape | None = None
    statuses: list[Status] = field(default_factory=list[Status])
    security: list[str] | None = None
    body: Property | None = None
    body_fields: list[Property] = field(default_factory=list[Property])
    wrapper: Property | None = None
    credentials: Property | None = None
    example: dict[str, object] = field(default_factory=dict[str, object])
    servers: list[str] = field(default_factory=list[str])
    example_result: str = ""
    flattened: bool = False
    returns_page: str = ""
    success: str = ""

    @property
    def void(self) -> bool:
        """Whether it is known to answer without a body."""
        return isinstance(self.returns, Nothing)


@dataclass(slots=True)
class Model(Traced):
    """One model page.

    Attributes:
        name: Of the schema.
        space: Folder or namespace, where a dialect has those.
        properties: Rows of its table.
        enum: Its values, where it is an enumeration.
        options: What it is one of.
        null: Whether null is one of its values.
        plumbing: Why it is not a schema of the API; empty if it is one.
    """

    name: str
    space: str = ""
    description: str = ""
    properties: list[Property] = field(default_factory=list[Property])
    enum: tuple[str, ...] = ()
    options: tuple[Shape, ...] = ()
    null: bool = False
    deprecated: bool = False
    plumbing: str = ""


@dataclass(slots=True)
class Scheme(Traced):
    """A security scheme.

    Attributes:
        name: Its key.
        kind: apiKey, oauth2, http or openIdConnect; empty while unknown.
        scheme: Of http: basic, bearer.
        location: Of an API key: header, query, cookie.
        key: Of an API key: the name of the header or parameter.
        flow: Of OAuth: the OpenAPI name of the flow.
        url: Of OAuth: the authorization URL.
        scopes: Of OAuth.
        example: A value for it in example code.
        pair: Whether example code gives it a user name and a password.
    """

    name: str
    kind: str = ""
    scheme: str = ""
    location: str = ""
    key: str = ""
    flow: str = ""
    url: str = ""
    scopes: dict[str, str] = field(default_factory=dict[str, str])
    example: str = ""
    pair: bool = False


@dataclass(slots=True)
class Server(Traced):
    """A base URL."""

    url: str
    description: str = ""


@dataclass(slots=True)
class Api:
    """Everything found on a set of pages.

    Attributes:
        dialects: Names of the dialects met, in order.
        language: Of most code blocks: `python`, `kotlin`.
        title: Of the SDK.
        operations: In the order of the pages.
        models: By page name.
        schemes: By name.
        servers: In order.
        global_security: Names of schemes that hold for all operations; None if nothing tells.
        tags: Descriptions of tags.
    """

    dialects: list[str] = field(default_factory=list[str])
    language: str = ""
    title: str = ""
    description: str = ""
    operations: list[Operation] = field(default_factory=list[Operation])
    models: dict[str, Model] = field(default_factory=dict[str, Model])
    schemes: dict[str, Scheme] = field(default_factory=dict[str, Scheme])
    servers: dict[str, Server] = field(default_factory=dict[str, Server])
    global_security: list[str] | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
