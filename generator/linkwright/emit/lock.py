"""The lock file: what was generated, by what, from what. Read on every run, so cheap to import."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, cast

from .errors import LockError, NewerLock
from .paths import LOCK_NAME, MAX_FILE, check_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .tree import OutputTree

__all__ = ["FORMAT", "LOCK_NAME", "Lock", "LockError", "digest", "digests", "read_lock"]

FORMAT: Final = 1
_DIGEST: Final = re.compile("[0-9a-f]{64}")
# A number of thousands of digits is nothing that Python reads, and no version.
_MAX_VERSION: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Lock:
    """What is recorded about one output folder.

    Attributes:
        format: Version of the lock's own layout.
        generator: Version of linkwright.
        tools: Version by tool that shapes the output (formatter, model generator).
        inputs: SHA-256 in hex by input name.
        files: SHA-256 in hex by relative path, for every file but the lock.
    """

    format: int = FORMAT
    generator: str
    tools: Mapping[str, str]
    inputs: Mapping[str, str]
    files: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """The file's content: the same lock gives the same bytes."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode("ascii")

    def made_by_newer(self, version: str) -> bool:
        """Whether a newer linkwright than `version` wrote the output."""
        return _release(self.generator) > _release(version)


class _NewerFormatError(ValueError):
    pass


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a release; `templates/package/_verify.py` compares in the same way."""
    return tuple(int(part[:18]) for part in re.findall(r"[0-9]+", version.partition("+")[0]))


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    import hashlib  # loads OpenSSL: not for those who only read a lock

    return hashlib.sha256(content).hexdigest()


def digests(tree: OutputTree) -> dict[str, str]:
    """The `files` of a lock for this tree."""
    return {path: digest(content) for path, content in tree.files.items()}


def read_lock(folder: Path) -> Lock | None:
    """Reads the lock of an output folder.

    Returns:
        The lock, or None if the folder has none or is not there.

    ``templates/package/_verify.py`` believes the same locks, and refuses the others in the same
    words.

    Raises:
        LockError: It is not a plain file, not JSON, not a lock, or of a newer format. The paths in
            it decide what may be deleted, so a lock that is odd in any way is not believed.
    """
    path = folder / LOCK_NAME
    try:
        # Neither a link nor a pipe is followed or waited for.
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            raise LockError(f"cannot use {path}: it is not a regular file")
        if status.st_size > MAX_FILE:
            raise LockError(f"cannot use {path}: it is too large for a lock")
        document: object = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LockError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        hint = "it is not valid JSON; was a merge conflict left in it?"
        raise LockError(f"cannot use {path}: {hint}") from error
    try:
        return _parse(document)
    except _NewerFormatError as error:
        raise NewerLock(f"cannot use {path}: {error}") from error
    except ValueError as error:
        raise LockError(f"cannot use {path}: {error}") from error


def _parse(document: object) -> Lock:
    if not isinstance(document, dict):
        raise ValueError("it is no lock of linkwright")
    entries = cast("dict[str, object]", document)
    version, generator = entries.get("format"), entries.get("generator")
    if type(version) is not int or version < 1:
        raise ValueError("it is no lock of linkwright")
    if version > FORMAT:
        raise _NewerFormatError(f"its format {version} is of a newer linkwright")
    if not isinstance(generator, str) or len(generator) > _MAX_VERSION:
        raise ValueError("it does not say which linkwright wrote it")
    lock = Lock(
        format=version,
        generator=generator,
        tools=_strings(entries, "tools"),
        inputs=_strings(entries, "inputs"),
        files=_strings(entries, "files"),
    )
    for path, value in lock.files.items():
        check_path(path)
        if not _DIGEST.fullmatch(value):
            raise ValueError(f"there is no digest of '{path}'")
    for name in lock.inputs:
        # A further file of a document lies in the document's folder.
        inner = name.split(":", 2)[2] if name.startswith("spec:") and name.count(":") > 1 else ""
        if inner.startswith("/") or ".." in inner.split("/"):
            raise ValueError(f"the input leads out of the folder of its document: '{name}'")
    return lock


def _strings(entries: dict[str, object], key: str) -> dict[str, str]:
    table = entries.get(key)
    if not isinstance(table, dict):
        raise ValueError(f"it has no table '{key}'")
    values = cast("dict[str, object]", table)
    if not all(isinstance(value, str) for value in values.values()):
        raise ValueError(f"its table '{key}' holds something other than text")
    return cast("dict[str, str]", values)
