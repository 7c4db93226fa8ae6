"""What each module of a facade exports."""

from __future__ import annotations

from pathlib import PurePosixPath

from ..literals import Code
from .views import AdapterView, FacadeView

__all__ = ["facade_names"]


def facade_names(
    source: PurePosixPath, facade: FacadeView, adapter: AdapterView | None
) -> tuple[Code, ...]:
    """The sorted `__all__` of the module a template makes."""
    names: set[str] = set()
    if adapter is not None:
        names |= {adapter.adapter, adapter.facade}
        names |= {f"Async{adapter.adapter}", f"Async{adapter.facade}"}
    elif source.name.startswith("models."):
        names |= {"Native", *(e.name for e in facade.enums), *(r.name for r in facade.records)}
    elif source.name.startswith("errors."):
        names |= {name for name, module in facade.exports if module == "errors"}
    elif source.name.startswith("protocols."):
        names |= {f"{prefix}{p.name}" for p in facade.protocols for prefix in ("", "Async")}
    elif source.name.startswith("__init__."):
        names |= {"errors", "models", *(name for name, _ in facade.exports)}
    return tuple(Code(name) for name in sorted(names))
