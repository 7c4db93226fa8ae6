"""Reading input files: regular ones only, of bounded size. Cheap to import."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ..diagnostics import Collector
from .limits import MAX_BYTES, NO_WAIT
from .span import Span
from .text import shown

__all__ = ["read_bytes"]


def read_bytes(path: Path, out: Collector) -> bytes:
    """Read a regular file of bounded size, or fail with E101/E104.

    Folders, FIFOs and devices are refused before they are opened: a FIFO would block for ever.
    """
    span = Span(str(path))
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            out.fail("E101", f"{shown(str(path))} is {kind}", span, help="name a YAML or JSON file")
        # Some files of the kernel look regular, and block whoever reads them.
        handle = os.open(path, os.O_RDONLY | NO_WAIT)
        with os.fdopen(handle, "rb") as stream:
            data = stream.read(MAX_BYTES + 1) or b""
    except FileNotFoundError:
        out.fail("E101", f"{shown(str(path))} does not exist", span)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        out.fail("E101", f"{shown(str(path))} cannot be read: {reason}", span)
    if len(data) > MAX_BYTES:
        out.fail("E104", f"{shown(str(path))} is larger than {MAX_BYTES >> 20} MiB", span)
    return data
