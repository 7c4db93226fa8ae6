"""What the tests of the generator share: running it, looking at folders, comparing them."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import linkwright

__all__ = [
    "GENERATED",
    "REPO",
    "SMALL_SPEC",
    "Ran",
    "differences",
    "execute",
    "files_of",
    "python",
    "run",
    "said",
]

REPO = Path(__file__).resolve().parents[1]
GENERATED = REPO / "generated" / "clients"
#: Where `linkwright` is imported from here, so that subprocesses run the very same code.
_IMPORTED_FROM = Path(linkwright.__file__).parents[1]

#: The least that is worth generating, for tests that are about something else.
SMALL_SPEC = """\
openapi: 3.1.0
info: {title: Small shop, version: '1'}
servers: [{url: 'https://shop.example'}]
security: [{token: []}]
paths:
  /items:
    get:
      tags: [items]
      operationId: listItems
      responses:
        '200':
          description: Items.
          content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}
components:
  schemas:
    Item: {type: object, properties: {name: {type: string}}}
  securitySchemes:
    token: {type: http, scheme: bearer}
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has ended.

    Attributes:
        status: Its exit status.
        out: Standard output.
        err: Standard error without the lines about progress.
    """

    status: int
    out: str
    err: str


def said(err: str) -> str:
    """Standard error without progress, which depends on how fast the machine is."""
    lines = err.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("linkwright: "))


def execute(
    *command: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Ran:
    """Run a command in whose interpreters `linkwright` can be imported, and wait for it."""
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        # What another run left in the user's cache would prove nothing.
        env={
            **os.environ,
            "PYTHONPATH": str(_IMPORTED_FROM),
            "LINKWRIGHT_CACHE": "off",
            **(env or {}),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout.decode(), said(ran.stderr.decode()))


def python(
    *arguments: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Ran:
    """Run this interpreter in a process of its own."""
    return execute(sys.executable, *arguments, cwd=cwd, env=env, timeout=timeout)


def run(
    *arguments: str | Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> Ran:
    """Run the `linkwright` command in a process of its own."""
    return python("-m", "linkwright", *arguments, cwd=cwd, env=env, timeout=timeout)


def files_of(folder: Path, *, below: Sequence[str] = ("",)) -> dict[str, bytes]:
    """Content by relative path of everything in a folder, caches left out.

    Args:
        folder: May be missing, which is an empty result.
        below: Only paths that begin with one of these.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.relative_to(folder).as_posix().startswith(tuple(below))
    }


def differences(expected: Mapping[str, bytes], actual: Mapping[str, bytes]) -> str:
    """What is missing, extra or changed, with unified diffs; empty if nothing is."""
    parts: list[str] = []
    for path in sorted(expected.keys() | actual.keys()):
        if path not in actual:
            parts.append(f"missing: {path}\n")
        elif path not in expected:
            parts.append(f"extra: {path}\n{actual[path].decode(errors='replace')}")
        elif expected[path] != actual[path]:
            before, after = (
                content[path].decode(errors="replace").splitlines(keepends=True)
                for content in (expected, actual)
            )
            parts += difflib.unified_diff(before, after, f"expected/{path}", f"actual/{path}")
    return "".join(parts)
