"""Running independent tasks on all cores."""

from __future__ import annotations

import gc
import importlib
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import TypeVar

__all__ = ["Workers", "uncollected"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Workers:
    """A pool that is made when it is first worth it. A context manager.

    Where processes cannot be had (one core, or a sandbox without semaphores), tasks run here one
    after the other; the results are the same.
    """

    def __init__(self, cores: int | None = None) -> None:
        self._cores = cores or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def map(self, task: Callable[[_In], _Out], items: Sequence[_In]) -> Iterator[_Out]:
        """Results in the order of the items. `task` is a module-level function."""
        if self._cores < 2 or len(items) < 2:
            return map(task, items)
        if self._pool is None:
            try:
                self._pool = _pool(self._cores)
            except OSError:
                self._cores = 1
                return map(task, items)
        return self._pool.map(task, items)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


@contextmanager
def uncollected() -> Generator[None]:
    """Keep the cycle collector from walking a million live nodes again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _pool(cores: int) -> ProcessPoolExecutor:
    import multiprocessing

    # Forked workers have every module imported already. Nothing of ours runs threads before.
    methods = multiprocessing.get_all_start_methods()
    if "fork" not in methods:
        return ProcessPoolExecutor(cores)
    # Imported once here instead of once in every worker.
    for heavy in ("black", "datamodel_code_generator"):
        importlib.import_module(heavy)
    return ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("fork"))
