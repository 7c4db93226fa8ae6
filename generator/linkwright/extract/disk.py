"""Pages from files and folders: text of bounded size, in a fixed order, and why others are not read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..diagnostics import Collector
from ..source.files import read_bytes
from ..source.span import Span
from .pages import Page

__all__ = ["Loaded", "load_pages"]

#: A reference page of a large API has some hundred kilobytes.
MAX_PAGE = 2 * 1024 * 1024
MAX_TOTAL = 256 * 1024 * 1024
MAX_FILES = 50_000
#: What is taken from folders; a file that is named is read whatever its extension.
_SUFFIXES = frozenset({".md", ".markdown", ".mdx", ".mkd", ".mdown", ".txt", ".text", ""})


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read.

    Attributes:
        pages: In order: as given, and by path inside of folders.
        skipped: Name of a file, and why it is not a page.
    """

    pages: tuple[Page, ...]
    skipped: tuple[tuple[str, str], ...]


def load_pages(paths: Sequence[Path], out: Collector) -> Loaded:
    """Read pages. Names are relative to what all paths have in common, so links can be followed.

    Raises:
        InputError: A path does not exist or cannot be read (E101), or there is too much (E104).
    """
    files: list[Path] = []
    skipped: list[tuple[str, str]] = []
    other = 0
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        for file in _walk(path):
            if file.suffix.lower() in _SUFFIXES:
                files.append(file)
            else:
                other += 1
            if len(files) + other > MAX_FILES:
                out.fail("E104", f"more than {MAX_FILES} files", Span(str(path)))
    base = _base(paths)
    pages: dict[str, Page] = {}
    total = 0
    for file in files:
        name = Path(os.path.relpath(file.absolute(), base)).as_posix()
        text, reason = _read(file, out)
        total += len(text)
        if total > MAX_TOTAL:
            out.fail(
                "E104", f"the pages are larger than {MAX_TOTAL >> 20} MiB together", Span(name)
            )
        if reason:
            skipped.append((str(file), reason))
        if text:
            pages.setdefault(name, Page(name, text))
    if other:
        skipped.append((f"{other} files", "other extensions than Markdown or text"))
    return Loaded(tuple(pages.values()), tuple(skipped))


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(root, name)


def _base(paths: Sequence[Path]) -> str:
    """The folder that page names are relative to."""
    folders = [p if p.is_dir() else p.parent for p in map(Path.absolute, paths)]
    return os.path.commonpath([os.path.normpath(f) for f in folders])


def _read(file: Path, out: Collector) -> tuple[str, str]:
    """The text of a file; empty with the reason why it is none."""
    try:
        mode = file.stat()
        if stat.S_ISREG(mode.st_mode) and mode.st_size > MAX_PAGE:
            return "", f"larger than {MAX_PAGE >> 20} MiB, which no reference page is"
    except OSError:
        pass  # `read_bytes` says what is wrong
    data = read_bytes(file, out)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), ""
        except UnicodeDecodeError:
            return "", "not text"
    if b"\0" in data[:65536]:
        return "", "not text"
    if not data.strip():
        return "", "empty"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "not UTF-8; read as Windows-1252"
