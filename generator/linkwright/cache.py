"""A store of what was computed before, keyed by the content it was computed from.

It may be deleted at any time and shared by any number of checkouts and runs: an entry is written
beside its place and moved there, carries the digest of its content, and one that is damaged counts
as absent. Nothing is lost where it cannot be used.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

__all__ = ["Cache", "NO_CACHE", "default_cache", "key"]

_KEPT_SECONDS = 30 * 24 * 3600
_PRUNED_EVERY = 24 * 3600
_STAMP = "pruned"


def key(*parts: str) -> str:
    """One key for all that a result depends on."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Cache:
    """A folder of results; without a folder it is always empty."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder if folder is not None and _trusted(folder) else None

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, or None."""
        if self._folder is None:
            return None
        path = self._place(self._folder, key)
        try:
            found, _, content = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if found != hashlib.sha256(content).hexdigest().encode():
            return None
        with suppress(OSError):  # used again: not to be pruned; a shared one may be read-only
            if time.time() - path.stat().st_mtime > _PRUNED_EVERY:
                os.utime(path)
        return content

    def keep(self, results: Mapping[str, bytes]) -> None:
        """Keep results under their keys. That it cannot be done is no error."""
        folder = self._folder
        if folder is None or not results:
            return
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name, content in results.items():
                path = self._place(folder, name)
                path.parent.mkdir(mode=0o700, exist_ok=True)
                draft = path.with_suffix(f".{secrets.token_hex(6)}")
                draft.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
                draft.replace(path)
            self._prune(folder)

    @staticmethod
    def _place(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]

    def _prune(self, folder: Path) -> None:
        stamp = folder / _STAMP
        now = time.time()
        with suppress(FileNotFoundError):
            if now - stamp.stat().st_mtime < _PRUNED_EVERY:
                return
        stamp.touch()
        for path in _entries(folder):
            # A draft that was never moved to its place is of a run that was killed.
            kept = _PRUNED_EVERY if path.suffix else _KEPT_SECONDS
            with suppress(OSError):
                if now - path.stat().st_mtime > kept:
                    path.unlink()


#: For runs that must compute everything.
NO_CACHE = Cache(None)


def default_cache() -> Cache:
    """The user's cache: `LINKWRIGHT_CACHE` (a folder, or `off`), else the system's usual place.

    Without a home directory there is none.
    """
    chosen = os.environ.get("LINKWRIGHT_CACHE", "")
    if chosen:
        return NO_CACHE if chosen == "off" else Cache(Path(chosen))
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if base and Path(base).is_absolute():
        return Cache(Path(base, "linkwright"))
    try:
        home = Path.home()
    except RuntimeError:
        return NO_CACHE
    return Cache(home / ".cache" / "linkwright") if home.is_dir() else NO_CACHE


def _entries(folder: Path) -> Iterable[Path]:
    return (path for path in folder.glob("??/*") if path.is_file())


def _trusted(folder: Path) -> bool:
    """Whether nobody else can put something in: what comes out is written into source code."""
    try:
        status = folder.stat()
    except OSError:
        return True  # not there yet: it will be made for this user alone
    if sys.platform == "win32":
        return True
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o002
