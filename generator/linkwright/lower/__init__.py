"""Stage *lower*: what an OpenAPI document means."""

from .api import lower

__all__ = ["lower"]
