"""Formatting as one step of the pipeline: in parallel, and only what was never formatted before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .cache import Cache, key
from .inputs import tool_versions
from .render.tidy import tidy
from .workers import Workers, uncollected

__all__ = ["formatted"]

#: Characters of source that a task takes: even loads, few round trips.
_CHUNK = 60_000


def formatted(
    sheets: Mapping[str, str], workers: Workers, progress: Callable[[str], None], cache: Cache
) -> dict[str, str]:
    """The files formatted: by the cache, where it has seen the very text, or by black."""
    tools = repr(sorted(tool_versions().items()))
    keys = {
        path: key("tidy", path.rpartition(".")[2], tools, text) for path, text in sheets.items()
    }
    done = {path: kept.decode() for path in sheets if (kept := cache.get(keys[path])) is not None}
    rest = {path: text for path, text in sheets.items() if path not in done}
    if rest:
        progress(f"formatting {len(rest)} file{'' if len(rest) == 1 else 's'}")
    new: dict[str, str] = {}
    for chunk in workers.map(_tidy, list(_chunks(rest))):
        new.update(chunk)
    cache.keep({keys[path]: text.encode() for path, text in new.items()})
    return done | new


def _chunks(sheets: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Files in parcels of about equal size, largest files first."""
    parcel: dict[str, str] = {}
    size = 0
    for path, text in sorted(sheets.items(), key=lambda item: (-len(item[1]), item[0])):
        parcel[path] = text
        size += len(text)
        if size >= _CHUNK:
            yield parcel
            parcel, size = {}, 0
    if parcel:
        yield parcel


@uncollected()
def _tidy(sheets: dict[str, str]) -> dict[str, str]:
    return {path: tidy(path, text) for path, text in sheets.items()}
