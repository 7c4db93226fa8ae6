"""Speakeasy, any target language, from the pages of 2023 on."""

from __future__ import annotations

from ..facts import Api
from ..pages import Parsed
from .speakeasy_models import is_model, read_model
from .speakeasy_operations import list_of, read_operations
from .speakeasy_readme import is_readme, read_readme

__all__ = ["Speakeasy"]


class Speakeasy:
    """Pages with a list of available operations, and pages of fields, values and types."""

    name = "speakeasy"

    def claims(self, page: Parsed) -> str:
        """Operations, a model, or the README with schemes and servers."""
        if is_readme(page):
            return "readme"
        if list_of(page) is not None:
            return "operations"
        return "model" if is_model(page) else ""

    def read(self, page: Parsed, role: str, api: Api) -> None:
        """Add what a claimed page says."""
        if role == "operations":
            read_operations(page, api)
        elif role == "model":
            read_model(page, api)
        else:
            read_readme(page, api)
