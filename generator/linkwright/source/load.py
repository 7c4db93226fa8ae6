"""Bytes to positioned values: decoding, and the choice between JSON and YAML."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..diagnostics import Collector
from .document import Document
from .files import read_bytes
from .from_json import compose_json
from .from_yaml import compose_yaml
from .span import Span

__all__ = ["load", "parse"]


def load(path: Path, out: Collector) -> Document:
    """Read and compose one file.

    Raises:
        InputError: With E101 to E104, through `out`.
    """
    return parse(read_bytes(path, out), str(path), out)


def parse(data: bytes, file: str, out: Collector, *, name: str = "") -> Document:
    """Compose a document from its bytes (UTF-8, or UTF-16 with a byte order mark).

    Args:
        data: Its content.
        file: Its path, for messages.
        out: Takes E102 to E104.
        name: See `Document`.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        out.fail(
            "E102",
            f"byte {error.start} is not {encoding[:6].upper().rstrip('-')}",
            Span(file, line, column),
        )
    # What is no JSON is left to the YAML parser, which also says what is wrong with it.
    root = compose_json(text, file, out) or compose_yaml(text, file, out)
    if root is None:
        out.fail("E102", "the file is empty", Span(file, 1, 1))
    return Document(
        file, root, text, hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest(), name
    )
