"""The two renderings of one template: synchronous and asynchronous."""

from __future__ import annotations

from dataclasses import dataclass

from .literals import Code

__all__ = ["ASYNC", "Flavor", "SYNC"]


@dataclass(frozen=True, slots=True)
class Flavor:
    """The words in which the asynchronous rendering of a template differs."""

    prefix: Code
    def_: Code
    await_: Code
    dots: Code
    http: Code
    adjective: Code
    module: Code
    folder: Code


SYNC = Flavor(
    prefix=Code(""),
    def_=Code("def"),
    await_=Code(""),
    dots=Code("."),
    http=Code("httpx2.Client"),
    adjective=Code("synchronous"),
    module=Code("client"),
    folder=Code("resources."),
)
ASYNC = Flavor(
    prefix=Code("Async"),
    def_=Code("async def"),
    await_=Code("await "),
    dots=Code(".."),
    http=Code("httpx2.AsyncClient"),
    adjective=Code("asynchronous"),
    module=Code("aio"),
    folder=Code(""),
)
