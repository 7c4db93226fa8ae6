"""The Jinja environment. Templates come from our own folder only; none is ever made of spec text."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2

from ..shape.literals import Code

__all__ = ["environment"]


@functools.cache
def environment(templates: Path) -> jinja2.Environment:
    """An environment that renders `Code` and nothing else; templates are compiled once.

    Args:
        templates: The folder with `package/`.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        finalize=_only_code,
        # The output is Python, which HTML escaping would only corrupt; the gate is `Code`.
        autoescape=False,  # noqa: S701  # see above
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _only_code(value: object) -> object:
    """Refuse whatever has not passed the literal gate; a template bug, never a spec error."""
    if isinstance(value, (Code, jinja2.runtime.Macro)):
        return value
    raise TypeError(f"a template tried to print {type(value).__name__}, only Code may be printed")
