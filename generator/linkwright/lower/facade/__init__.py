"""Mappings and the providers' APIs become a checked facade."""

from .facade import lower_facade

__all__ = ["lower_facade"]
