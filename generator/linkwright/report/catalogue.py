"""Every kind of change with its verdict. `docs/changes.md` shows the same table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Change", "KINDS", "Kind", "Place", "Verdict", "worst"]


class Verdict(IntEnum):
    """What a change means for code that uses the clients; higher is worse.

    In terms of semantic versioning: a patch, a minor and a major release.
    """

    NONE = 0
    COSMETIC = 1
    ADDITIVE = 2
    BREAKING = 3

    @property
    def release(self) -> str:
        """The part of a semantic version that has to grow."""
        return ("none", "patch", "minor", "major")[self]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change.

    Attributes:
        id: Stable, for machines.
        verdict: What it means.
        meaning: For people, where the id does not say it all.
    """

    id: str
    verdict: Verdict
    meaning: str


_COSMETIC = """
format-changed           the file is laid out differently, its code is the same
page-added               a page of the documentation is new
page-removed             a page of the documentation is gone
page-changed             a page of the documentation reads differently
implementation-changed   the code of a file changed, what it offers did not
client-documentation-changed      the docstring of a client
resource-documentation-changed    the docstring of a resource
operation-documentation-changed   the docstring of a method
operation-undeprecated   a method is no longer marked as deprecated
model-documentation-changed       the docstring of a model or enumeration
field-documentation-changed       the docstring of a field
capability-documentation-changed  how the facade describes what it does with a provider
"""

_ADDITIVE = """
provider-added           a provider's package is new
import-path-added        a name can be imported that could not
client-argument-added    the client takes a further, optional argument
client-argument-optional    an argument of the client may be left out
client-argument-type-widened    an argument of the client takes more
client-alias-kept        the client was renamed; the old name stays, deprecated
client-argument-alias-kept  an argument of the client was renamed; the old name stays, deprecated
server-changed           requests go to another address
authentication-changed   credentials are got or sent in another way
resource-added           a resource is new
resource-alias-kept      a resource was renamed; the old name stays, deprecated
operation-added          a method is new
operation-alias-kept     a method was renamed or moved; the old name stays, deprecated
constant-alias-kept      the constant of an operation was renamed; the old name stays, deprecated
operation-deprecated     a method is marked as deprecated
operation-request-changed    a method sends another request
operation-media-type-changed    a body is sent in another form
operation-paging-changed    pages follow each other by another rule
operation-retry-changed  other answers lead to a retry
operation-timeout-changed   the time a call may take is another
operation-idempotency-changed    the header of an idempotency key is another
operation-security-widened  credentials suffice that did not
operation-success-added  a success status is documented
operation-success-removed    a success status is no longer documented
operation-error-added    an error status is documented
operation-error-removed  an error status is no longer documented
parameter-alias-kept     an argument was renamed; the old name stays, deprecated
parameter-added          a method takes a further, optional argument
parameter-optional       an argument may be left out
parameter-type-widened   an argument takes more
parameter-wire-changed   an argument is sent in another way
parameter-secret-changed    an argument is hidden in logs, or no longer is
body-added               a method takes an optional body
body-optional            the body may be left out
body-type-widened        the body takes more
result-type-narrowed     a result is more precise
model-added              a model or enumeration is new
model-alias-kept         a model was renamed; the old name stays, deprecated
field-alias-kept         a field was renamed; the old name stays, deprecated
field-added              a field is new
field-received-required  a field of an answer always comes
field-sent-optional      a field of a request may be left out
field-sent-type-widened  a field of a request takes more
field-received-type-narrowed    a field of an answer is more precise
field-secret-changed     a field is hidden in `repr`, or no longer is
enum-member-alias-kept   a value was renamed; the old name stays, deprecated
enum-member-added        a value is known that was not
key-added                a dictionary form takes a further, optional key
key-optional             a key may be left out
key-type-widened         a key takes more
error-added              an error class is new
error-body-narrowed      the body of errors is more precise
capability-added         the facade can do something with a provider that it could not
capability-improved      the facade does something better with a provider
mapping-changed          the facade reads or sends a value of a provider in another way
api-alias-kept           something else was renamed; the old name stays, deprecated
api-added                something else in the package is new
"""

_BREAKING = """
provider-removed         a provider's package is gone
import-path-removed      a name can no longer be imported
client-renamed           the client class has another name
client-argument-added-required  the client needs a further argument
client-argument-removed  the client no longer takes an argument
client-argument-required an argument of the client must be given
client-argument-default-changed    the client does something else where an argument is left out
client-argument-type-narrowed   an argument of the client takes less
client-argument-type-changed    an argument of the client takes something else
resource-removed         a resource is gone
resource-renamed         a resource has another name
operation-removed        a method is gone
operation-renamed        a method has another name
constant-renamed         the constant of an operation has another name
operation-moved          a method stands in another resource
operation-paged          a method gives a pager instead of one answer
operation-unpaged        a method gives one answer instead of a pager
operation-security-narrowed    credentials no longer suffice that did
parameter-added-required a method needs a further argument
parameter-removed        a method no longer takes an argument
parameter-renamed        an argument has another name
parameter-required       an argument must be given
parameter-kind-changed   an argument is passed by position or keyword only, unlike before
parameter-reordered      positional arguments changed places
parameter-default-changed   something else is sent where an argument is left out
parameter-type-narrowed  an argument takes less
parameter-type-changed   an argument takes something else
body-added-required      a method needs a body
body-removed             a method no longer takes a body
body-required            the body must be given
body-type-narrowed       the body takes less
body-type-changed        the body is something else
result-type-widened      a result may be more than before
result-type-changed      a result is something else
model-removed            a model or enumeration is gone
model-renamed            a model or enumeration has another name
model-kind-changed       a model became an enumeration, or the other way round
field-added-required     a request needs a further field
field-removed            a field is gone
field-renamed            a field has another name
field-sent-required      a field of a request must be given
field-received-optional  a field of an answer may be missing
field-received-type-widened    a field of an answer may be more than before
field-sent-type-narrowed a field of a request takes less
field-type-changed       a field is something else
enum-member-removed      a value is no longer known
enum-member-renamed      the name of a value is another
enum-member-value-changed   a name stands for another value
key-added-required       a dictionary form needs a further key
key-removed              a dictionary form no longer has a key
key-required             a key must be given
key-type-narrowed        a key takes less
key-type-changed         a key takes something else
error-removed            an error class is gone
error-bases-changed      an error class is caught by other `except` clauses
error-body-widened       the body of errors may be more than before
error-body-changed       the body of errors is something else
capability-removed       the facade can no longer do something with a provider
capability-reduced       the facade does something worse with a provider, or refuses an argument
alias-removed            a name that was deprecated is gone
api-removed              something else in the package is gone
api-changed              something else in the package changed incompatibly
"""


def _read(table: str, verdict: Verdict) -> dict[str, Kind]:
    rows = (line.split(maxsplit=1) for line in table.strip().splitlines())
    return {name: Kind(name, verdict, meaning) for name, meaning in rows}


KINDS: dict[str, Kind] = {
    **_read(_BREAKING, Verdict.BREAKING),
    **_read(_ADDITIVE, Verdict.ADDITIVE),
    **_read(_COSMETIC, Verdict.COSMETIC),
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in an input a change comes from; line 0 where only the file is known."""

    file: str
    line: int
    column: int
    side: str

    def __str__(self) -> str:
        at = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{at}"


@dataclass(frozen=True, slots=True)
class Until:
    """How long an old name works.

    Attributes:
        seen: Releases that have had it as an alias; empty where releases are not told apart.
        keep: For how many it is kept, if that is known.
    """

    seen: tuple[str, ...]
    keep: int | None

    @property
    def left(self) -> int | None:
        """Further releases that will have it; None if it stays until releases are told apart."""
        return self.keep - len(self.seen) if self.seen and self.keep is not None else None

    def __str__(self) -> str:
        if not self.seen or self.left is None:
            return "kept as deprecated alias; without `release` it never goes"
        first = self.seen[0]
        after = "the release" if self.keep == 1 else f"the {_ordinal(self.keep or 0)} release"
        return f"kept as deprecated alias until {after} after {first}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change.

    Attributes:
        kind: Key of `KINDS`.
        provider: Package of the provider; empty for what all share.
        path: What changed, as Python code names it below the root package.
        subject: What it is in the documents; see `locate`.
        before: What it was, or None.
        after: What it is, or None.
        causes: What it comes from: spec, overlay, config, generator, template, formatter,
            documentation, edit. Of several it is one, and nothing tells which.
        place: Where it stands in the documents.
        until: How long the old name works, where one is kept.
    """

    kind: str
    provider: str
    path: str
    subject: tuple[str, ...]
    before: str | None
    after: str | None
    causes: tuple[str, ...] = ()
    place: Place | None = None
    until: Until | None = None

    @property
    def verdict(self) -> Verdict:
        """What it means for code that uses the clients."""
        return KINDS[self.kind].verdict


def worst(changes: tuple[Change, ...]) -> Verdict:
    """The verdict on all of them together."""
    return max((change.verdict for change in changes), default=Verdict.NONE)
