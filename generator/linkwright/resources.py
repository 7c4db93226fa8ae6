"""Where the templates and the bundled specs are: in the wheel, or beside the source."""

from __future__ import annotations

from pathlib import Path

__all__ = ["BUNDLED", "FACADES", "bundled_facade", "bundled_spec", "specs", "templates"]

#: The providers whose specs come with linkwright, in the order of their names.
BUNDLED = ("basiq", "codat_expenses", "codat_lending", "powens", "saltedge")
#: The facades that come with linkwright.
FACADES = ("connections",)

_PACKAGE = Path(__file__).resolve().parent


def _data(name: str) -> Path:
    inside = _PACKAGE / name
    # A source checkout keeps both folders at its top level; the wheel carries them in the package.
    return inside if inside.is_dir() else _PACKAGE.parent.parent / name


def templates() -> Path:
    """The folder with `package/` and `models/`."""
    return _data("templates")


def specs() -> Path:
    """The folder with `providers/`."""
    return _data("specs")


def bundled_spec(provider: str) -> Path:
    """The spec of a bundled provider."""
    return specs() / "providers" / f"{provider}.yaml"


def bundled_facade(name: str) -> Path:
    """The folder of a bundled facade."""
    return specs() / "facades" / name
