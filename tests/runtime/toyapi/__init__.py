"""A provider as the generator would write it, by hand and absolute in its imports."""

from typing import TYPE_CHECKING

from package._runtime.lazy import lazy_exports

if TYPE_CHECKING:
    from .client import AsyncToy, Toy

__all__ = ["AsyncToy", "Toy"]

__getattr__, __dir__ = lazy_exports(__name__, {"AsyncToy": "client", "Toy": "client"})
