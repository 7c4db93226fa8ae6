"""What a process that was forked must not share with its parent.

Two processes that write to one connection get each other's answers, and a lock that another thread
held at the fork stays locked in the child, where that thread does not exist.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet

__all__ = ["Forkable", "register"]


class Forkable(Protocol):
    """Can be made usable in a child process."""

    def after_fork(self) -> None:
        """Drop, without closing it, what belongs to the parent."""


_living: Final[WeakSet[Forkable]] = WeakSet()


def register(one: Forkable) -> None:
    """Have something told about forks for as long as it lives."""
    _living.add(one)


def _forked() -> None:
    for one in tuple(_living):
        one.after_fork()


if hasattr(os, "register_at_fork"):  # Not where processes are not forked.
    os.register_at_fork(after_in_child=_forked)
