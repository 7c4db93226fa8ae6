"""Which parts of an output the cache has already, and which it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .cache import Cache, key
from .config import Project, Provider
from .inputs import Sources, current_sources, provider_digest
from .names import Names
from .parts import Part

__all__ = ["kept_parts", "part_key", "parts_to_keep"]


def kept_parts(project: Project, cache: Cache, keys: Mapping[str, str]) -> dict[str, Part]:
    """The providers whose files are as they were when the cache saw them, in order."""
    kept: dict[str, Part] = {}
    for provider in project.providers:
        found = cache.get(keys[provider.name])
        if found is not None:
            part = Part.from_bytes(found)
            # A document may have parts in files of their own; which, only reading it tells.
            now = current_sources(project, part.sources)
            if now is not None and part.sources.items() <= now.digests.items():
                kept[provider.name] = part
    return kept


def parts_to_keep(
    project: Project,
    changed: Sequence[Provider],
    parts: Iterable[Part],
    base: Mapping[str, str],
    given: Sources,
    keys: Mapping[str, str],
) -> dict[str, bytes]:
    """What the cache is to find the next time, when the names of now are those of before."""
    by_name = {part.provider: part for part in parts}
    found: dict[str, bytes] = {}
    for provider in changed:
        part = by_name[provider.name]
        # What was read is what was there before, or it would be found by the wrong key.
        if all(given.digests.get(n, d) == d for n, d in part.sources.items()):
            content = part.to_bytes()
            found[keys[provider.name]] = content
            found[part_key(project, provider, base, given, part.names)] = content
    return found


def part_key(
    project: Project,
    provider: Provider,
    base: Mapping[str, str],
    given: Sources,
    names: Names | None,
) -> str:
    """What is known about a provider before its document is read."""
    record = repr(names and names.to_json())
    # Releases count only where a name is kept for some of them.
    release = f"{project.keep_names} {project.release}" if names and names.kept else ""
    return key("part", provider_digest(provider, base, given), record, release)
