"""SDK reference pages in Markdown to an OpenAPI 3.1 document, with the provenance of every fact.

`extract` is a pure function of pages; `disk.py` reads pages, `command.py` is the command.
"""

from __future__ import annotations

from .endpoints import Endpoint
from .extraction import Extraction, extract
from .pages import Page

__all__ = ["Endpoint", "Extraction", "Page", "extract"]
