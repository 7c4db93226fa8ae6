"""Operations become constants, methods and resource classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..diagnostics import Collector
from ..ir.api import Operation, Outcome, Paging, Param, Resource, Step
from ..ir.types import Anything, Nullable, Scalar, ScalarKind, Type, nullable, union
from .annotations import Annotations
from .imports import names_in_signature, standard_imports, typing_import
from .layout import WIDTH, exploded_tuple, listed, one_tuple
from .literals import Code, docstring, entry, markdown, prose, string, string_of, value
from .methods import method_names
from .names import Scope, attribute, class_name, constant, module
from .views import ASYNC, MethodView, OperationView, ResourceView

__all__ = ["Shaped", "shape_resources"]

_ARGUMENT_RESERVED = frozenset({"self", "options", "body"})
_WRAP = 88
_RUNTIME_NAMES = frozenset({"Client", "Credential", "Decoding", "List", "RequestOptions"})
_LOCAL = Scalar(ScalarKind.LOCAL_TIMESTAMP)


@dataclass(frozen=True, slots=True)
class Shaped:
    """Resources with the constants their methods use."""

    resources: tuple[ResourceView, ...]
    operations: tuple[OperationView, ...]
    symbols: Mapping[str, Code]
    """The name of each constant by the key of its operation."""


def shape_resources(
    resources: tuple[Resource, ...],
    annotations: Annotations,
    field_of: Callable[[Step], Code],
    client: Code,
    error_names: dict[str, Code],
    out: Collector,
) -> Shaped:
    """Shape all resources of one provider.

    Args:
        resources: From the IR.
        annotations: Writer of annotations.
        field_of: Gives the Python name of a property.
        client: Class name of the client, which a resource must not take.
        error_names: Error class by status key, with "" for the provider's base error.
        out: Takes name clashes (E301).
    """
    shaper = _Shaper(annotations, field_of, error_names, out)
    modules = Scope("resources", out)
    constants = Scope("operations", out)
    views: list[ResourceView] = []
    operations: list[OperationView] = []
    shaped = [
        (r, modules.take(module(r.given or r.wire), r.span), method_names(r, out))
        for r in resources
    ]
    wishes = {o.key: constant(o.id) for r in resources for o in r.operations}
    count = Counter(wishes.values())
    symbols: dict[str, Code] = {}
    for resource, name, names in shaped:
        for operation in resource.operations:
            symbol = wishes[operation.key]
            if count[symbol] > 1:
                # Ids that differ in case or punctuation only; the method says which is which.
                symbol = Code(f"{name}_{names[operation.key]}".upper())
                if symbol in symbols.values():
                    continue  # the methods clash as well, which is reported already
            symbols[operation.key] = constants.take(symbol, operation.span)
    for resource, name, names in shaped:
        methods: list[MethodView] = []
        for operation in resource.operations:
            symbol = symbols.get(operation.key, Code("_"))
            arguments = shaper.arguments(operation)
            call_name = Code(f"{name}.{names[operation.key]}")
            operations.append(shaper.operation(operation, symbol, call_name, arguments))
            methods.append(shaper.method(operation, symbol, names[operation.key], arguments))
        methods.sort(key=lambda m: m.name)
        views.append(_resource(resource, name, client, tuple(methods)))
    return Shaped(
        tuple(sorted(views, key=lambda r: r.module)),
        tuple(sorted(operations, key=lambda o: o.name)),
        symbols,
    )


def _resource(
    resource: Resource, name: Code, client: Code, methods: tuple[MethodView, ...]
) -> ResourceView:
    class_ = class_name((resource.given or resource.wire,), "Resource")
    # Both are imported into the client's module.
    if class_ == client or str(class_) in _RUNTIME_NAMES:
        class_ = Code(f"{class_}Resource")
    names = frozenset[str]().union(*(names_in_signature(m.head) for m in methods))
    values = sorted(names & {"UNSET", "Unset"})
    local = sorted(names & {"bodies", "models"})
    return ResourceView(
        module=name,
        name=class_,
        doc=docstring(prose(resource.description, _WRAP) or [f"Operations on {name}."], 4),
        attribute_doc=docstring(
            prose(resource.description, _WRAP - 6) or [f"Operations on {name}."], 8
        ),
        summary=markdown(resource.description),
        methods=methods,
        imports=standard_imports(names),
        options="RequestOptions" in names,
        pager="Pager" in names,
        local_import=Code(f"from .. import {', '.join(local)}") if local else None,
        typing=typing_import(names, "TYPE_CHECKING"),
        values=Code(", ".join(values)),
    )


class _Shaper:
    def __init__(
        self,
        annotations: Annotations,
        field_of: Callable[[Step], Code],
        error_names: dict[str, Code],
        out: Collector,
    ) -> None:
        self._annotations = annotations
        self._field = field_of
        self._errors = error_names
        self._out = out

    def arguments(self, operation: Operation) -> dict[int, Code]:
        """Argument name by position in `operation.params`; two places may share a wire name."""
        scope = Scope("parameters of one operation", self._out)
        names: dict[int, Code] = {}
        ranked = sorted(
            enumerate(operation.params),
            key=lambda p: ("path", "query", "header", "cookie").index(p[1].place),
        )
        for index, param in ranked:
            name = attribute(param.given or param.wire, _ARGUMENT_RESERVED)
            if param.given is None and not scope.free(name):
                name = Code(f"{name}_{param.place}")
            names[index] = scope.take(name, param.span)
        return names

    def operation(
        self, operation: Operation, symbol: Code, name: Code, arguments: dict[int, Code]
    ) -> OperationView:
        results = [self._result(o) for o in operation.successes]
        lines = [
            f"id={string(operation.id)}",
            f"name={string_of(name)}",
            f"method={string_of(operation.method)}",
            f"path={string(operation.path)}",
        ]
        params = [self._param(p, arguments[i]) for i, p in enumerate(operation.params)]
        if params:
            lines.append(f"params={exploded_tuple(params, 4)}")
        if operation.body:
            lines.append(f"body={string(operation.body.media_type)}")
            if operation.body.required:
                lines.append("body_required=True")
        lines.append(f"results={listed('{', results, '}', 4, after=9)}")
        errors = self._error_types(operation.failures)
        if errors:
            lines.append(f"errors={exploded_tuple(errors, 4)}")
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
        result = self._annotations.received(_result_type(operation))
        if operation.paging is not None:
            lines.append(f"paging={self._paging(operation.paging, arguments)}")
            result = Code(f"{self._annotations.received(operation.paging.item)}, {result}")
        decoded = tuple(
            self._annotations.decoded(o.type)
            for o in (*operation.successes, *operation.failures)
            if o.type is not None
        )
        kind = Code("PagedOperation" if operation.paging else "Operation")
        return OperationView(
            symbol, kind, result, tuple(Code(line) for line in lines), decoded, bool(params)
        )

    def _result(self, outcome: Outcome) -> str:
        key = outcome.status if outcome.status.isdecimal() else string_of(outcome.status)
        if outcome.type is None:
            return f"{key}: None"
        return f"{key}: lambda: {self._annotations.decoded(outcome.type)}"

    def _error_types(self, failures: tuple[Outcome, ...]) -> list[str]:
        by_type: dict[str, list[str]] = {}
        for outcome in failures:
            if outcome.type is not None:
                key = outcome.status if outcome.status.isdecimal() else string_of(outcome.status)
                by_type.setdefault(self._annotations.decoded(outcome.type), []).append(key)
        return [f"(lambda: {type_}, {one_tuple(keys)})" for type_, keys in by_type.items()]

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

    def _param(self, param: Param, name: Code) -> str:
        items: list[str] = [string_of(name), string(param.wire), string_of(param.place)]
        if param.deep:
            items.append('style="deepObject"')
        elif param.delimiter in (" ", "|"):
            style = "spaceDelimited" if param.delimiter == " " else "pipeDelimited"
            items.append(f"style={string_of(style)}")
        elif param.place in ("query", "cookie") and param.delimiter == ",":
            items.append("explode=False")
        if param.constant is not None:
            items.append(f"const={value(param.constant)}")
        if param.secret:
            items.append("secret=True")
        if param.type in (_LOCAL, Nullable(_LOCAL)):
            items.append("local=True")
        return listed("Param(", items, ")", 8, after=1)

    def method(
        self, operation: Operation, symbol: Code, name: Code, arguments: dict[int, Code]
    ) -> MethodView:
        order = _signature_order(operation)
        declared = ["self"]
        for index in order:
            param = operation.params[index]
            if param.place == "path":
                declared.append(self._declare(param, arguments[index]))
        keyword = [
            self._declare(operation.params[i], arguments[i])
            for i in order
            if operation.params[i].place != "path"
        ]
        if operation.body:
            body = self._annotations.body(operation.body.type)
            keyword.insert(0, _declared("body", body, None if operation.body.required else "UNSET"))
            keyword.sort(key=lambda d: " = " in d)
        if not operation.browser:
            keyword.append("options: RequestOptions | None = None")
        result = _result_type(operation)
        returns = Code("str") if operation.browser else self._annotations.received(result)
        lazy = operation.browser or operation.paging is not None
        if operation.paging is not None:
            returns = Code(f"Pager[{self._annotations.received(operation.paging.item)}, {returns}]")
        items = [*declared, *(["*", *keyword] if keyword else [])]
        # Laid out for the longer of the two flavors, so that they differ in words only.
        prefix = len(f"{ASYNC.def_} {name}") - len(name) if not lazy else 4
        longest = prefix + (len("Async") if operation.paging else 0)
        head = listed(f"{name}(", items, f") -> {returns}:", 4, after=longest)
        async_returns = f"Async{returns}" if operation.paging else returns
        async_head = Code(head.removesuffix(f"{returns}:") + f"{async_returns}:")
        return MethodView(
            name=name,
            head=head,
            async_head=async_head,
            doc=self._doc(operation, arguments),
            call=self._call(operation, symbol, arguments),
            local=lazy,
            summary=markdown(operation.summary or operation.description, cell=True),
            method=Code(operation.method),
            request=markdown(operation.path, cell=True),
        )

    def _declare(self, param: Param, name: Code) -> str:
        type_ = param.type.inner if isinstance(param.type, Nullable) else param.type
        annotation = self._annotations.argument(type_)
        if param.default is not None:
            return _declared(name, annotation, value(param.default))
        return _declared(name, annotation, None if param.required else "UNSET")

    def _call(self, operation: Operation, symbol: Code, arguments: dict[int, Code]) -> Code:
        verb = "url" if operation.browser else "paged" if operation.paging else "send"
        order = _signature_order(operation)
        pairs = [f"{string_of(arguments[i])}: {arguments[i]}" for i in order]
        items = [f"operations.{symbol}", "{" + ", ".join(pairs) + "}"]
        if operation.body:
            items.append("body=body")
        if not operation.browser:
            items.append("options=options")
        head = f"self._client.{verb}("
        lazy = operation.browser or operation.paging is not None
        prefix = len("return ") + (0 if lazy else len(ASYNC.await_))
        flat = head + ", ".join(items) + ")"
        if 8 + prefix + len(flat) <= WIDTH:
            return Code(flat)
        items[1] = listed("{", pairs, "}", 12, after=1)
        return listed(head, items, ")", 8, after=1_000)

    def _doc(self, operation: Operation, arguments: dict[int, Code]) -> Code:
        lines = prose(operation.summary or operation.description, _WRAP)
        if not lines:
            lines = [f"Call `{' '.join(prose(operation.id))}`."]
        if lines and not lines[-1].endswith((".", "!", "?")):
            lines[-1] += "."
        description = prose(operation.description, _WRAP) if operation.summary else []
        lines += ([""] if lines and description else []) + description
        if operation.deprecated:
            lines += ["", "Deprecated."]
        if operation.paging is not None:
            lines += ["", "Nothing is sent before the first item or page is asked for."]
        lines += self._doc_arguments(operation, arguments)
        lines += self._doc_errors(operation)
        lines += ["", *prose(operation.path, 1_000)[:1]]
        lines[-1] = f"{operation.method} {lines[-1]} ({' '.join(prose(operation.id))})"
        return docstring(lines, 8)

    def _doc_arguments(self, operation: Operation, arguments: dict[int, Code]) -> list[str]:
        """The arguments in the order of the signature."""
        path: list[str] = []
        named: list[str] = []
        for index in _signature_order(operation):
            param = operation.params[index]
            text = " ".join(prose(param.description)) or "See the provider's documentation."
            kept = path if param.place == "path" else named
            kept += entry(f"{arguments[index]}: {text}")
        body: list[str] = []
        if operation.body:
            text = " ".join(prose(operation.body.description)) or "The request body."
            body = entry(f"body: {text}")
        if not operation.browser:
            named += entry("options: Timeout, retries and further headers of this one call.")
        entries = path + body + named
        return ["", "Args:", *entries] if entries else []

    def _doc_errors(self, operation: Operation) -> list[str]:
        entries: list[str] = []
        for outcome in operation.failures:
            name = (
                self._errors.get(outcome.status)
                or self._errors[
                    f"{outcome.status[0]}XX" if f"{outcome.status[0]}XX" in self._errors else ""
                ]
            )
            text = " ".join(prose(outcome.description)) or "As documented."
            entries += entry(f"{name}: {text.rstrip('.')} ({outcome.status}).")
        return ["", "Raises:", *entries] if entries and not operation.browser else []


def _declared(name: str, annotation: str, default: str | None) -> str:
    """An argument of a signature; a long union goes over several lines, as black has it."""
    if default == "UNSET":
        annotation = f"{annotation} | Unset"
    tail = f" = {default}" if default is not None else ""
    line = f"{name}: {annotation}{tail}"
    if 8 + len(line) + 1 <= WIDTH or " | " not in annotation:
        return line
    first, *rest = annotation.split(" | ")
    parts = "".join(f"            | {part}\n" for part in rest)
    return f"{name}: (\n            {first}\n{parts}        ){tail}"


def _signature_order(operation: Operation) -> list[int]:
    """Path parameters as the path names them, then required ones, then the rest."""
    path = operation.path.raw
    indexed = list(enumerate(operation.params))
    places = [(i, path.find("{" + p.wire.raw + "}")) for i, p in indexed if p.place == "path"]
    first = [i for i, _ in sorted(places, key=lambda pair: pair[1])]
    others = [(i, p) for i, p in indexed if p.place != "path"]
    needed = [i for i, p in others if p.required and p.default is None]
    return first + needed + [i for i, _ in others if i not in needed]


def _result_type(operation: Operation) -> Type | None:
    """What a successful call gives: the union over the documented successes."""
    types = [o.type for o in operation.successes]
    given = [t for t in types if t is not None]
    if not given:
        return None
    joined = union(given)
    if None in types and not isinstance(joined, Anything):
        return nullable(joined)
    return joined
