"""The base of all models."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict

__all__ = ["BUILDING", "Model"]

BUILDING: Final = threading.RLock()
"""Held while pydantic builds validators, which it does not do safely in several threads."""


class Model(BaseModel, frozen=True):
    """A JSON object.

    Fields the specification does not know are kept, in `model_extra`, and sent back as they came.
    The `repr` shows what was set, but neither the values of unknown fields nor secrets.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        defer_build=True,
        extra="allow",
        hide_input_in_errors=True,
        populate_by_name=True,
        protected_namespaces=(),
    )

    def is_set(self, name: str) -> bool:
        """Tell whether a field was given, be it as null.

        Args:
            name: The Python name of a field, or the name of an unknown one.

        Raises:
            AttributeError: There is no such field.
        """
        if name in self.model_fields_set:
            return True
        if name in type(self).model_fields:
            return False
        raise AttributeError(f"{type(self).__name__} has no field {name!r}", name=name, obj=self)

    def __str__(self) -> str:
        return repr(self)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        for name, field in type(self).model_fields.items():
            if field.repr and name in self.model_fields_set:
                yield name, self.__dict__.get(name)
        if self.model_extra:
            yield "model_extra", list(self.model_extra)

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        """Build the validator, one thread at a time. Pydantic calls this on first use."""
        with BUILDING:
            return super().model_rebuild(
                force=force,
                raise_errors=raise_errors,
                _parent_namespace_depth=_parent_namespace_depth + 1,
                _types_namespace=_types_namespace,
            )
