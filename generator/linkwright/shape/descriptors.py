"""Operations as constants: what goes over the wire, in the words of the runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..ir.api import Body, Content, Encoding, Media, Operation, Outcome, Paging, Param, Step
from ..ir.types import ListOf, Nullable, Scalar, ScalarKind, Type
from ..source.text import SpecText
from .annotations import Annotations
from .layout import exploded_tuple, listed, one_tuple
from .literals import Code, string, string_of, value
from .results import result_type
from .views import OperationView

__all__ = ["Descriptors"]

_LOCAL = Scalar(ScalarKind.LOCAL_TIMESTAMP)
_JSON = SpecText("application/json")
#: How the runtime calls what gives a body that is no JSON.
_PLAIN: dict[Content, str] = {"text": "TEXT", "binary": "BYTES", "any": "UNTYPED"}
#: What the runtime takes for granted, by place: style, and whether members are written one by one.
_USUAL = {
    "path": ("simple", False),
    "query": ("form", True),
    "header": ("simple", False),
    "cookie": ("form", True),
}


class Descriptors:
    """Writes the constants of the operations module."""

    def __init__(self, annotations: Annotations, field_of: Callable[[Step], Code]) -> None:
        self._annotations = annotations
        self._field = field_of

    def operation(
        self, operation: Operation, symbol: Code, name: Code, arguments: dict[int, Code]
    ) -> OperationView:
        """One constant.

        Args:
            operation: What it describes.
            symbol: Its name.
            name: What Python code calls, such as `connections.get`.
            arguments: Argument name by position in `operation.params`.
        """
        lines = [
            f"id={string(operation.id)}",
            f"name={string_of(name)}",
            f"method={string_of(operation.method)}",
            f"path={string(operation.path)}",
        ]
        if operation.server is not None:
            lines.append(f"server={string(operation.server)}")
        if operation.servers:
            pairs = [f"({string(one.name)}, {string(one.url)})" for one in operation.servers]
            lines.append(f"servers={exploded_tuple(pairs, 4)}")
        params = [self._param(p, arguments[i]) for i, p in enumerate(operation.params)]
        if params:
            lines.append(f"params={exploded_tuple(params, 4)}")
        if operation.body:
            lines += _body(operation.body)
        lines += self._answers(operation)
        if operation.security:
            alternatives = [
                one_tuple([string_of(key) for key in alternative])
                for alternative in operation.security
            ]
            lines.append(f"security={one_tuple(alternatives)}")
        if operation.timeout is not None:
            lines.append(f"timeout={operation.timeout!r}")
        if operation.idempotency_header is not None:
            lines.append(f"idempotency_header={string(operation.idempotency_header)}")
        lines.append(f"retry={string_of(operation.repeat)}")
        result = self._annotations.received(result_type(operation))
        if operation.paging is not None:
            lines.append(f"paging={self._paging(operation.paging, arguments)}")
            result = Code(f"{self._annotations.received(operation.paging.item)}, {result}")
        decoded = tuple(self._annotations.decoded(type_) for type_ in _documents(operation))
        kind = Code("PagedOperation" if operation.paging else "Operation")
        return OperationView(
            symbol,
            kind,
            result,
            tuple(Code(line) for line in lines),
            decoded,
            frozenset(_runtime_names(operation)),
            operation.request,
            name,
            {p.identity: arguments[i] for i, p in enumerate(operation.params)},
        )

    def _param(self, param: Param, name: Code) -> str:
        items: list[str] = [string_of(name), string(param.wire), string_of(param.place)]
        if param.content is not None:
            items.append(f"content={string_of(param.content)}")
        else:
            style, explode = _USUAL[param.place]
            plain = param.place != "path" or self._annotations.is_single(param.type)
            if param.style != style or not plain:
                items.append(f"style={string_of(param.style)}")
                explode = False
            # Each member of a `deepObject` is written by itself, whatever is said.
            if param.explode != explode and param.style != "deepObject":
                items.append(f"explode={param.explode}")
        if param.reserved:
            items.append("reserved=True")
        if param.constant is not None:
            items.append(f"const={value(param.constant)}")
        if param.secret:
            items.append("secret=True")
        if param.type in (_LOCAL, Nullable(_LOCAL)):
            items.append("local=True")
        return listed("Param(", items, ")", 8, after=1)

    def _answers(self, operation: Operation) -> list[str]:
        results = [
            f"{_key(o.status)}: {self._source(o.media[0]) if o.media else None}"
            for o in operation.successes
        ]
        lines = [f"results={listed('{', results, '}', 4, after=9)}"]
        if operation.accept != _JSON:
            lines.append(f"accept={string(operation.accept)}")
        choices = [
            listed("(", [_key(o.status), string(m.media_type), self._source(m)], ")", 8, after=1)
            for o in operation.successes
            if len(o.media) > 1
            for m in o.media
        ]
        if choices:
            lines.append(f"media={exploded_tuple(choices, 4)}")
        errors = self._error_types(operation.failures)
        if errors:
            lines.append(f"errors={exploded_tuple(errors, 4)}")
        return lines

    def _source(self, media: Media) -> str:
        plain = _PLAIN.get(media.content)
        if media.framing is not None and isinstance(media.type, ListOf):
            item = self._annotations.decoded(media.type.item)
            return f"Items(lambda: {item}, {string_of(media.framing)})"
        return plain or f"lambda: {self._annotations.decoded(media.type)}"

    def _error_types(self, failures: tuple[Outcome, ...]) -> list[str]:
        by_source: dict[str, list[str]] = {}
        for outcome in failures:
            if outcome.media:
                source = self._source(outcome.media[0])
                by_source.setdefault(source, []).append(_key(outcome.status))
        return [f"({source}, {one_tuple(keys)})" for source, keys in by_source.items()]

    def _paging(self, paging: Paging, arguments: dict[int, Code]) -> str:
        items = [f"style={string_of(paging.style)}"]
        for name, steps in (("items", paging.items), ("next", paging.next)):
            if steps:
                path = [string_of(self._field(step)) for step in steps]
                items.append(f"{name}={one_tuple(path)}")
        for name, index in (("argument", paging.argument), ("size", paging.size)):
            if index is not None:
                items.append(f"{name}={string_of(arguments[index])}")
        return listed("Paging(", items, ")", 4, after=8)


def _key(status: str) -> str:
    return status if status.isdecimal() else string_of(status)


def _body(body: Body) -> list[str]:
    first, *others = body.media
    lines = [f"body={string(first.media_type)}"]
    if others:
        lines.append(f"bodies={one_tuple([string(media.media_type) for media in others])}")
    if body.required:
        lines.append("body_required=True")
    parts = list(dict.fromkeys(_part(e) for media in body.media for e in media.encoding))
    if parts:
        lines.append(f"parts={exploded_tuple(parts, 4)}")
    return lines


def _part(encoding: Encoding) -> str:
    items: list[str] = [string(encoding.wire)]
    if encoding.file:
        items.append("file=True")
    if encoding.media_type is not None:
        items.append(f"media_type={string(encoding.media_type)}")
    if encoding.style is not None:
        items.append(f"style={string_of(encoding.style)}")
    if encoding.explode is not None:
        items.append(f"explode={encoding.explode}")
    if encoding.reserved:
        items.append("reserved=True")
    return listed("Part(", items, ")", 8, after=1)


def _documents(operation: Operation) -> Iterator[Type]:
    """The types of all answers that are decoded."""
    for outcome in operation.successes:
        yield from (media.type for media in outcome.media if media.content not in _PLAIN)
    for outcome in operation.failures:
        yield from (media.type for media in outcome.media[:1] if media.content not in _PLAIN)


def _runtime_names(operation: Operation) -> Iterator[str]:
    if operation.params:
        yield "Param"
    if operation.body and any(media.encoding for media in operation.body.media):
        yield "Part"
    if any(media.framing for outcome in operation.successes for media in outcome.media):
        yield "Items"
    for outcome in operation.successes:
        yield from (_PLAIN[media.content] for media in outcome.media if media.content in _PLAIN)
    for outcome in operation.failures:
        yield from (_PLAIN[media.content] for media in outcome.media[:1] if media.content in _PLAIN)
