"""Links between operations: how an answer leads to the arguments of another call."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, Generic, TypeVar, cast

from .operation import Operation, Response, StatusKey
from .values import UNSET
from .wire import json_bytes, scalar

__all__ = ["Link"]

T = TypeVar("T")

_EMBEDDED: Final = re.compile(r"\{(\$[^{}]*)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Link(Generic[T]):
    """What can be called after an answer, as the specification has it.

    Attributes:
        source: The operation that was answered.
        target: The operation that goes on from there.
        parameters: Arguments of its method by name: constants, or runtime expressions of OpenAPI,
            such as `$response.body#/id`.
        statuses: Of the answers that have this link.
        body: Likewise, the request body.
    """

    source: Operation[Any]
    target: Operation[T]
    parameters: Mapping[str, object]
    _: KW_ONLY
    statuses: tuple[StatusKey, ...]
    body: object = UNSET

    def arguments(
        self, answer: Response[Any], sent: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        """Give the arguments for the method of `target`, as far as the link says them.

        Args:
            answer: What `raw` gave for `source`.
            sent: Arguments that it was called with, by name, where expressions ask for them.

        Raises:
            LookupError: What an expression asks for is not there. The text names the expression.
        """
        given: Mapping[str, object] = {} if sent is None else sent
        values = {n: self._value(v, answer, given) for n, v in self.parameters.items()}
        if self.body is not UNSET:
            values["body"] = self._value(self.body, answer, given)
        return values

    def _value(self, value: object, answer: Response[Any], sent: Mapping[str, object]) -> object:
        if not isinstance(value, str):
            return value
        if value.startswith("$"):
            return self._look_up(value, answer, sent)
        return _EMBEDDED.sub(lambda found: self._text(found[1], answer, sent), value)

    def _text(self, expression: str, answer: Response[Any], sent: Mapping[str, object]) -> str:
        value = self._look_up(expression, answer, sent)
        if value is None or isinstance(value, (dict, list)):
            raise LookupError(f"{expression} is no text")
        return scalar(value)

    def _look_up(
        self, expression: str, answer: Response[Any], sent: Mapping[str, object]
    ) -> object:
        if expression == "$method":
            return self.source.method
        if expression == "$statusCode":
            return answer.status
        head, _, pointer = expression.partition("#")
        whole, part, *name = head.split(".", 2)
        if part == "body":
            value = answer.value if whole == "$response" else sent.get("body", UNSET)
            return _at(value, pointer, expression)
        if whole == "$response":
            found: object = answer.headers.get(name[0], UNSET)
        else:
            # A name may hold what begins a pointer.
            found = sent.get(self._argument(part, expression.split(".", 2)[2]), UNSET)
        if found is UNSET:
            raise LookupError(f"{expression} is not there")
        return found

    def _argument(self, place: str, wire: str) -> str:
        for param in self.source.params:
            if param.place == place and (
                param.wire == wire or (place == "header" and param.wire.lower() == wire.lower())
            ):
                return param.name
        return ""


def _at(value: object, pointer: str, expression: str) -> object:
    """What a JSON pointer leads to in a body, as it goes over the wire."""
    if value is UNSET:
        raise LookupError(f"{expression} is not there")
    if isinstance(value, (str, bytes)) and not pointer:
        return value
    node: object = json.loads(json_bytes(value)) if not isinstance(value, bytes) else None
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and key in node:
            node = cast("dict[str, object]", node)[key]
        elif isinstance(node, list) and key.isdecimal() and int(key) < len(cast("Any", node)):
            node = cast("list[object]", node)[int(key)]
        else:
            raise LookupError(f"{expression} is not there")
    return node
