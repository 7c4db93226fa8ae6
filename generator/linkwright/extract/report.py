"""What an extraction found, concluded, missed and ignored: as data, and as a table."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from .facts import Grade
from .pages import Parsed
from .provenance import Fact

__all__ = ["PageReport", "Report"]


@dataclass(frozen=True, slots=True)
class PageReport:
    """What became of the lines of one page.

    Attributes:
        page: Its name.
        dialect: Which read it; empty if none did.
        role: Operations, model or readme.
        lines: How many lines there are.
        used: How many lines each rule used.
        ignored: Rule to ranges of lines (first, last) that gave nothing.
    """

    page: str
    dialect: str
    role: str
    lines: int
    used: dict[str, int]
    ignored: dict[str, list[tuple[int, int]]]

    @staticmethod
    def of(page: Parsed, dialect: str, role: str) -> PageReport:
        """The report of a page whose ledger is closed."""
        ranges: dict[str, list[tuple[int, int]]] = {}
        for line in sorted(page.ignored):
            known = ranges.setdefault(page.ignored[line], [])
            if known and known[-1][1] == line - 1:
                known[-1] = (known[-1][0], line)
            else:
                known.append((line, line))
        used = Counter(page.used[n] for n in sorted(page.used))
        return PageReport(page.page.name, dialect, role, len(page.lines), dict(used), ranges)

    def count(self, rule: str) -> int:
        """How many lines a rule ignored."""
        return sum(last - first + 1 for first, last in self.ignored.get(rule, ()))


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one extraction but the document.

    Attributes:
        pages: In order.
        facts: Every fact, with its page and line.
        language: The target language of the pages.
        remarks: About endpoints that could not be used.
    """

    pages: tuple[PageReport, ...]
    facts: tuple[Fact, ...]
    language: str
    remarks: tuple[str, ...]

    @property
    def missing(self) -> tuple[Fact, ...]:
        """Facts that OpenAPI wants and no page tells."""
        return tuple(f for f in self.facts if f.grade == Grade.MISSING)

    def pages_of(self, role: str) -> tuple[PageReport, ...]:
        """Pages of one role."""
        return tuple(p for p in self.pages if p.role == role)

    def table(self) -> str:
        """Counts by fact and grade, and ignored lines by rule, as aligned text."""
        grades = (Grade.DOCUMENTED, Grade.INFERRED, Grade.MISSING)
        counts = Counter((f.fact, f.grade) for f in self.facts)
        rows = [["fact", "documented", "inferred", "missing"]]
        rows += [
            [fact, *(str(counts[fact, g] or "") for g in grades)]
            for fact in dict.fromkeys(f.fact for f in self.facts)
        ]
        rows.append(["total", *(str(sum(counts[k] for k in counts if k[1] == g)) for g in grades)])
        ignored: Counter[str] = Counter()
        for page in self.pages:
            for rule in page.ignored:
                ignored[rule] += page.count(rule)
        lines = [["ignored lines", "count"]]
        lines += [[rule, str(count)] for rule, count in sorted(ignored.items())]
        return f"{_aligned(rows)}\n\n{_aligned(lines)}"

    def to_json(self) -> str:
        """The whole report as JSON."""
        return json.dumps(
            {
                "language": self.language,
                "pages": [
                    {
                        "page": p.page,
                        "dialect": p.dialect,
                        "role": p.role,
                        "lines": p.lines,
                        "used": p.used,
                        "ignored": p.ignored,
                    }
                    for p in self.pages
                ],
                "facts": [
                    {
                        "subject": f.subject,
                        "fact": f.fact,
                        "grade": f.grade,
                        "rule": f.rule,
                        "page": f.page,
                        "line": f.line,
                    }
                    for f in self.facts
                ],
                "endpoints": list(self.remarks),
            },
            indent=1,
        )


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
