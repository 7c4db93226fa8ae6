"""The dialects the extractor knows; `docs/adding-a-dialect.md` says how to add one."""

from __future__ import annotations

from .base import Dialect
from .codegen import Codegen
from .speakeasy import Speakeasy

__all__ = ["DIALECTS"]

#: In the order in which they are asked about a page; the first that claims it reads it.
DIALECTS: tuple[Dialect, ...] = (Codegen(), Speakeasy())
