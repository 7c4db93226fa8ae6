"""One description and all the files it is spread over.

Further files are found relative to the file that names them, and must lie, links resolved, in the
folder of the root document. Nothing is ever fetched: a document must not choose what is read from
the network, from `/dev`, or from the home of whoever generates.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from ..diagnostics import Collector
from .document import Document
from .files import read_bytes
from .limits import MAX_BYTES, MAX_FILES
from .load import parse
from .span import Span
from .text import shown

__all__ = ["Library"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\")


class Library:
    """The root document, and the files that references have led to so far.

    Attributes:
        root: The document that was asked for, overlays applied.
    """

    def __init__(self, root: Document, out: Collector) -> None:
        self.root = root
        self._out = out
        # Links are resolved once, so that a file has one name however it is spelled.
        self._folders = (
            os.path.realpath(Path(root.file).parent),
            # Sandboxes of builds put a link in the place of each input.
            os.path.dirname(os.path.realpath(root.file)),  # noqa: PTH120
        )
        self._documents = {os.path.realpath(root.file): root}
        self._by_file = {root.file: root}
        self._size = len(root.text)

    def __iter__(self) -> Iterator[Document]:
        """The root document, then the others in the order of their names."""
        return iter(sorted(self._documents.values(), key=lambda document: document.name))

    def replace(self, document: Document, *, source: str) -> None:
        """Take a changed document for the one of the same file.

        Args:
            document: Its new version.
            source: The file that the changes came from: references in it count from `document`.
        """
        path = next(p for p, d in self._documents.items() if d.file == document.file)
        self._documents[path] = document
        self._by_file[source] = document
        for file, known in self._by_file.items():
            if known.file == document.file:
                self._by_file[file] = document
        if self.root.file == document.file:
            self.root = document

    def holding(self, span: Span) -> Document:
        """The document that what stands at a place belongs to."""
        return self._by_file[span.file]

    def exists(self, base: Document, name: str) -> bool:
        """Whether a reference of this name could be to a file."""
        if _SCHEME.match(name) or "\0" in unquote(name):
            return True
        return _exists(Path(base.file).parent / unquote(name))

    def open(self, base: Document, name: str, span: Span) -> Document:
        """The document that a reference names.

        Args:
            base: The document that the reference stands in.
            name: The reference up to its `#`, percent-encoded.
            span: Where the reference stands.

        Raises:
            InputError: E204 where it leads out of the folder, E101 to E104 where what is there
                cannot be read.
        """
        if _SCHEME.match(name) or name.startswith("/") or "\0" in unquote(name):
            self._out.fail(
                "E204",
                f"the reference {shown(name)} leaves the folder of the document",
                span,
                help="only files below that folder are read, named by relative paths; "
                "nothing is fetched",
            )
        path = os.path.realpath(Path(base.file).parent / unquote(name))
        known = self._documents.get(path)
        if known is not None:
            return known
        relative = self._relative(path)
        if relative is None:
            self._out.fail(
                "E204",
                f"the reference {shown(name)} leaves the folder of the document",
                span,
                help="put what it refers to below the folder of the root document",
            )
        return self._read(path, relative, name, span)

    def _relative(self, path: str) -> Path | None:
        """Where a file is below the folder of the root document, if that is where it is."""
        for folder in self._folders:
            if Path(path).is_relative_to(folder):
                found = Path(os.path.relpath(path, folder))
                # A tree of links has to be like the tree that it leads to.
                if folder == self._folders[0] or self._at(found) == path:
                    return found
        return None

    def _at(self, relative: Path) -> str:
        return os.path.realpath(Path(self.root.file).parent / relative)

    def _read(self, path: str, relative: Path, name: str, span: Span) -> Document:
        if not _exists(Path(path)):
            self._out.fail("E204", f"there is no file {shown(name)}", span)
        if len(self._documents) >= MAX_FILES:
            self._out.fail("E104", f"the description has more than {MAX_FILES:,} files", span)
        # Spelled as the user spelled the root document, so that messages can be clicked on.
        file = Path(self.root.file).parent / relative
        data = read_bytes(file, self._out)
        self._size += len(data)
        if self._size > MAX_BYTES:
            self._out.fail("E104", f"the files together exceed {MAX_BYTES >> 20} MiB", span)
        document = parse(data, str(file), self._out, name=relative.as_posix())
        self._documents[path] = self._by_file[document.file] = document
        return document


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name longer than any file has
        return False
