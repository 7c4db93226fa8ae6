"""Provenance: where facts of the document are from, in the document and in the report."""

from __future__ import annotations

from dataclasses import dataclass, field

from .facts import Grade, Place, Traced

__all__ = ["Fact", "Flow", "Trace"]


class Flow(dict[str, object]):
    """A mapping that is written on one line."""


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One fact, for the report.

    Attributes:
        page: Where it stands.
        line: 1-based.
        subject: What it is about: `createUser`, `createUser.limit`, `User.name`.
        fact: path, type, required, ...
        grade: documented, inferred or missing.
        rule: What found or concluded it, or what is missing.
    """

    page: str
    line: int
    subject: str
    fact: str
    grade: str
    rule: str


@dataclass(slots=True)
class Trace:
    """Collects the facts of one document.

    Attributes:
        facts: In the order in which they are written.
    """

    facts: list[Fact] = field(default_factory=list[Fact])

    def missing(self, place: Place, subject: str, fact: str, what: str) -> None:
        """Add a fact that nothing tells."""
        self.facts.append(Fact(place.page, place.line, subject, fact, Grade.MISSING, what))

    def note(self, subject: str, traced: Traced) -> None:
        """Add the facts of something."""
        for name, origin in traced.facts.items():
            place = origin.place
            self.facts.append(
                Fact(place.page, place.line, subject, name, origin.grade, origin.rule)
            )

    def source(self, subject: str, traced: Traced, base: Place | None = None) -> Flow:
        """Add the facts of something, and sum them up as its `x-linkwright-source`.

        Args:
            subject: What it is called in the report.
            traced: The facts.
            base: Where the operation or model begins that this is a part of.
        """
        self.note(subject, traced)
        place = traced.place
        out = Flow()
        if base is None or base.page != place.page:
            out["page"], out["line"] = place.page, place.line
        else:
            out["offset"] = place.line - base.line
        rules = [o.rule for o in traced.facts.values() if o.grade is Grade.DOCUMENTED]
        if rules:
            out["rule"] = rules[0]
        inferred = {n: o.rule for n, o in traced.facts.items() if o.grade is Grade.INFERRED}
        if inferred:
            out["inferred"] = Flow(inferred)
        missing = [n for n, o in traced.facts.items() if o.grade is Grade.MISSING]
        if missing:
            out["missing"] = missing
        return out
