"""What is going on, told to whoever waits: a spinner on a terminal, plain lines elsewhere.

Shown only once a run takes longer than a second, on standard error.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status

__all__ = ["Progress"]

_PATIENCE = 1.0


class Progress:
    """A context manager; `say` what is being done. `seconds` is how long it has taken."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._status: Status | None = None

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._begun

    def say(self, what: str) -> None:
        """Tell what comes next."""
        if self.seconds < _PATIENCE:
            return
        from .source.text import shown

        what = shown(what)
        if not sys.stderr.isatty():
            sys.stderr.write(f"linkwright: {what}\n")
            return
        if self._status is None:
            from rich.console import Console
            from rich.status import Status

            # What is told names files, which is no markup.
            console = Console(stderr=True, markup=False)
            self._status = Status(what, console=console, spinner="line")
            self._status.start()
        self._status.update(what)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None
