"""openapi-generator and swagger-codegen, any target language: one grew out of the other."""

from __future__ import annotations

from ..facts import Api
from ..pages import Parsed
from .codegen_models import is_model, read_model
from .codegen_operations import index_of, read_operations
from .codegen_readme import is_readme, read_readme
from .codegen_typed import is_typed_model, read_typed_model

__all__ = ["Codegen"]


class Codegen:
    """Pages with an index `Method | HTTP request | Description`, and pages of models."""

    name = "openapi-generator"

    def claims(self, page: Parsed) -> str:
        """Operations, a model, or the README with the schemes."""
        if is_readme(page):
            return "readme"
        if index_of(page) is not None:
            return "operations"
        if is_typed_model(page):
            return "typed model"
        return "model" if is_model(page) else ""

    def read(self, page: Parsed, role: str, api: Api) -> None:
        """Add what a claimed page says."""
        if role == "operations":
            read_operations(page, api)
        elif role == "model":
            read_model(page, api)
        elif role == "typed model":
            read_typed_model(page, api)
        else:
            read_readme(page, api)
