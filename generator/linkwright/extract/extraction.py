"""Pages in, document and report out. No disk is touched here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .dialects import DIALECTS
from .endpoints import Endpoint, place
from .facts import Api, Operation
from .models import ModelIndex
from .pages import Page, Parsed, parse_page
from .report import PageReport, Report
from .resolve import name_operations, resolve
from .write import Writer

__all__ = ["Extraction", "extract"]

_LANGUAGES = {"js": "javascript", "ts": "typescript", "c#": "csharp", "rb": "ruby", "golang": "go"}


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extraction gives.

    Attributes:
        document: The OpenAPI 3.1 document as plain data.
        report: What was found, where, by which rule; what is missing; what was ignored.
    """

    document: dict[str, object]
    report: Report


def extract(
    pages: Iterable[Page],
    *,
    endpoints: Sequence[Endpoint] = (),
    prose: bool = True,
    title: str = "Extracted API",
    say: Callable[[str], None] = lambda _: None,
) -> Extraction:
    """Extract an OpenAPI document from SDK reference pages.

    The order of the pages is the order of the operations; the same pages give the same document.

    Args:
        pages: The pages of one SDK: operations, models, and its README.
        endpoints: Methods and paths of operations whose pages do not show them.
        prose: Whether summaries and descriptions are taken over.
        title: Of the document, where no page has one.
        say: Told what is being done.
    """
    api = Api()
    languages: Counter[str] = Counter()
    parsed: list[Parsed] = []
    for text in pages:
        if len(parsed) % 200 == 199:
            say(f"read {len(parsed)} pages")
        parsed.append(parse_page(text))
        languages.update(
            block.info.split()[0].lower() for block in parsed[-1].blocks if block.info.split()
        )
    if languages:
        most = max(sorted(languages), key=lambda name: languages[name])
        api.language = _LANGUAGES.get(most, most)
    read = [(page, *_read(page, api)) for page in parsed]
    name_operations(api)
    say("placing operations")
    remarks = place(api, endpoints)
    _merge(api)
    index = ModelIndex(api)
    resolve(api, index)
    index.assign_names()
    say("writing the document")
    writer = Writer(api, index, prose)
    document = writer.document(title)
    reports: list[PageReport] = []
    for page, dialect, role in read:
        page.close()
        reports.append(PageReport.of(page, dialect, role))
    return Extraction(
        document, Report(tuple(reports), tuple(writer.trace.facts), api.language, tuple(remarks))
    )


def _read(page: Parsed, api: Api) -> tuple[str, str]:
    """Let the dialect that claims a page read it; returns the dialect and the role."""
    for dialect in DIALECTS:
        role = dialect.claims(page)
        if role:
            dialect.read(page, role, api)
            return dialect.name, role
    page.ignore("not-a-reference-page", 1, len(page.lines) + 1)
    return "", ""


def _weight(operation: Operation) -> int:
    """How much is known of an operation."""
    return len(operation.facts) + len(operation.parameters) + len(operation.statuses)


def _merge(api: Api) -> None:
    """An operation with two tags stands on two pages; what else has one place is kept unplaced."""
    seen: dict[tuple[str, str], Operation] = {}
    kept: list[Operation] = []
    for operation in api.operations:
        key = (operation.method, operation.path)
        first = (
            seen.setdefault(key, operation) if operation.method and operation.path else operation
        )
        if first is operation:
            kept.append(operation)
        elif first.name == operation.name:
            tags = first.tags + [t for t in operation.tags if t not in first.tags]
            if _weight(operation) > _weight(first):
                kept[kept.index(first)] = seen[key] = first = operation
            first.tags = tags
        else:
            operation.method = operation.path = ""
            operation.missing("path", f"another operation has it: {first.name}")
            kept.append(operation)
    api.operations = kept
